//! `/home`, `/weather` without a place, and "Weather at home".

use local_sqs::Attributes;
use steward::settings::{JOBS, JOBS_DEAD};
use tests::{Look, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn others_see_the_weather_at_home_only_if_it_is_shared() {
    let app = TestApp::open().await;
    let ask = || async { app.traveller().uses_on("Bartholomew Finch", "Weather at home").await };
    for (shared, found) in [("false", false), ("true", true)] {
        let panel = app.member().says("/home").await.settled().await;
        let button = if found { "Change…" } else { "Set…" };
        let form = app.member().presses(&panel, button).await.first().await;
        let filled: &[(&str, &[&str])] = &[("place", &["Oslo"]), ("shared", &[shared])];
        app.member().submits(&form, filled).await.settled().await;
        let seen = ask().await.settled().await;
        assert_eq!(seen.text().contains("Oslo"), found, "{}", seen.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_is_nowhere_is_not_kept() {
    let app = TestApp::open().await;
    let asked = app.member().says("/weather").await.first().await;
    app.member().submits(&asked, &[("place", &["zzzxyzzy"])]).await.settled().await;
    assert_eq!(app.member().says("/weather").await.first().await.story(), ["modal"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_card_stays_in_the_language_of_its_reader() {
    let app = TestApp::open().await;
    let asked = app.traveller().says("/weather").await.first().await;
    let card = app.traveller().submits(&asked, &[("place", &["Oslo"])]).await.settled().await;
    assert!(card.text().contains("Nächste Tage"), "{}", card.text());
    let turned = app.traveller().presses(&card, "°F").await.settled().await;
    assert!(turned.text().contains("Nächste Tage"), "{}", turned.text());
    app.pass(20 * 60);
    let refreshed = app.traveller().presses(&turned, "Aktualisieren").await.settled().await;
    assert_eq!(refreshed.story(), ["edited"]);
    assert!(refreshed.text().contains("Nächste Tage"), "{}", refreshed.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn ticking_the_box_moves_nobody() {
    let app = TestApp::open().await;
    let panel = app.member().says("/home").await.settled().await;
    let form = app.member().presses(&panel, "Set…").await.first().await;
    let set = app.member().submits(&form, &[("place", &["Oslo"])]).await.settled().await;
    let searches = app.stack.open_meteo.calls().searches;
    let form = app.member().presses(&set, "Change…").await.first().await;
    let ticked = app.member().submits(&form, &[("shared", &["true"])]).await.settled().await;
    assert_eq!(ticked.story(), ["updated"]);
    assert!(ticked.text().contains("Oslo") && ticked.text().contains("Others can"), "{}", ticked.text());
    assert_eq!(app.stack.open_meteo.calls().searches, searches);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_job_arrives_too_late_has_no_effect_because_its_user_was_told_that_it_failed() {
    let app = TestApp::open().await;
    let panel = app.member().says("/home").await.settled().await;
    let form = app.member().presses(&panel, "Set…").await.first().await;
    let slow = Attributes { delay: 14 * 60 + 10, ..app.stack.queues.attributes(JOBS).unwrap() };
    app.stack.queues.set_attributes(JOBS, &slow).unwrap();
    let set = app.member().submits(&form, &[("place", &["Oslo"]), ("shared", &["true"])]).await;
    app.pass_until("there is a job", || app.queued(JOBS) == 1).await;
    app.pass(14 * 60 - 5);
    app.pass_until("the user is told", || set.look().settled).await;
    assert!(set.look().text().contains(&set.id.to_string()), "{}", set.look().text());
    app.pass_until("the job is a dead letter", || app.queued(JOBS_DEAD) == 1).await;
    let panel = app.member().says("/home").await.settled().await;
    assert!(panel.text().contains("You have not set a home yet"), "{}", panel.text());
}
