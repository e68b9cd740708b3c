//! `/home`, `/weather` without a place, and "Weather at home".

use local_sqs::Attributes;
use steward::settings::JOBS;
use tests::{House, Look};

#[tokio::test(flavor = "multi_thread")]
async fn others_see_the_weather_at_home_only_if_it_is_shared() {
    let house = House::open().await;
    let ask = || async { house.traveller().uses_on("Bartholomew Finch", "Weather at home").await };
    for (shared, found) in [("false", false), ("true", true)] {
        let panel = house.member().says("/home").await.settled().await;
        let button = if found { "Change…" } else { "Set…" };
        let form = house.member().presses(&panel, button).await.first().await;
        let filled: &[(&str, &[&str])] = &[("place", &["Oslo"]), ("shared", &[shared])];
        house.member().submits(&form, filled).await.settled().await;
        let seen = ask().await.settled().await;
        assert_eq!(seen.text().contains("Oslo"), found, "{}", seen.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_is_nowhere_is_not_kept() {
    let house = House::open().await;
    let asked = house.member().says("/weather").await.first().await;
    house.member().submits(&asked, &[("place", &["zzzxyzzy"])]).await.settled().await;
    assert_eq!(house.member().says("/weather").await.first().await.story(), ["modal"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_card_stays_in_the_language_of_its_reader() {
    let house = House::open().await;
    let asked = house.traveller().says("/weather").await.first().await;
    let card = house.traveller().submits(&asked, &[("place", &["Oslo"])]).await.settled().await;
    assert!(card.text().contains("Nächste Tage"), "{}", card.text());
    let turned = house.traveller().presses(&card, "°F").await.settled().await;
    assert!(turned.text().contains("Nächste Tage"), "{}", turned.text());
    house.pass(20 * 60);
    let refreshed = house.traveller().presses(&turned, "Aktualisieren").await.settled().await;
    assert_eq!(refreshed.story(), ["edited"]);
    assert!(refreshed.text().contains("Nächste Tage"), "{}", refreshed.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn ticking_the_box_moves_nobody() {
    let house = House::open().await;
    let panel = house.member().says("/home").await.settled().await;
    let form = house.member().presses(&panel, "Set…").await.first().await;
    let set = house.member().submits(&form, &[("place", &["Oslo"])]).await.settled().await;
    let searches = house.stack.open_meteo.calls().searches;
    let form = house.member().presses(&set, "Change…").await.first().await;
    let ticked = house.member().submits(&form, &[("shared", &["true"])]).await.settled().await;
    assert_eq!(ticked.story(), ["updated"]);
    assert!(ticked.text().contains("Oslo") && ticked.text().contains("Others may"), "{}", ticked.text());
    assert_eq!(house.stack.open_meteo.calls().searches, searches);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_job_arrives_too_late_has_its_effect_all_the_same() {
    let house = House::open().await;
    let panel = house.member().says("/home").await.settled().await;
    let form = house.member().presses(&panel, "Set…").await.first().await;
    let slow = Attributes { delay: 14 * 60 + 1, ..house.stack.queues.attributes(JOBS).unwrap() };
    house.stack.queues.set_attributes(JOBS, &slow).unwrap();
    house.member().submits(&form, &[("place", &["Oslo"]), ("shared", &["true"])]).await;
    house.pass_until("there is a job", || house.queued(JOBS) == 1).await;
    house.pass(14 * 60);
    house.pass_until("the job is settled", || house.queued(JOBS) == 0).await;
    let panel = house.member().says("/home").await.settled().await;
    assert!(panel.text().contains("Oslo, "), "{}", panel.text());
}
