//! `/weather`: deferral, caching, one fetch for concurrent users, and stale data if the service fails.

use std::time::Duration;

use futures_util::future::join_all;
use tests::{Look, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_question_about_the_same_place_costs_no_call() {
    let app = TestApp::open().await;
    for _ in 0..2 {
        app.member().says("/weather place:Paris").await.settled().await;
    }
    let calls = app.stack.open_meteo.calls();
    assert_eq!((calls.searches, calls.forecasts), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_askers_in_four_environments_cost_one_call() {
    let app = TestApp::without_limits(4).await;
    app.stack.open_meteo.set_latency(Duration::from_millis(200));
    let asked = join_all((0..50).map(|_| app.member().says("/weather place:Tokyo"))).await;
    for seen in join_all(asked.into_iter().map(|interaction| interaction.settled())).await {
        assert!(seen.text().contains("Tokyo"), "{:?}", seen.steps);
    }
    assert_eq!(app.stack.jobs.started(), 4);
    let calls = app.stack.open_meteo.calls();
    assert_eq!((calls.searches, calls.forecasts), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_typed_as_if_chosen_is_shown_by_its_name_alone() {
    let app = TestApp::open().await;
    let line = "/weather place:4886:235 Paris @everyone <@1> discord.gg/abc";
    let seen = app.member().says(line).await.settled().await;
    assert!(seen.text().starts_with('⛅') || seen.text().contains(" Paris\n"), "{}", seen.text());
    for left_out in ["@", "discord.gg"] {
        assert!(!seen.text().contains(left_out), "{}", seen.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stale_weather_is_shown_with_its_age_when_the_service_is_down() {
    let app = TestApp::open().await;
    app.member().says("/weather place:Paris").await.settled().await;
    app.stack.open_meteo.set_down(true);
    app.pass(2 * 3_600);
    let seen = app.member().says("/weather place:Paris").await.settled().await;
    assert_eq!(seen.story(), ["thinking", "edited"]);
    assert!(seen.text().contains("This forecast is 2 h 0 min old"), "{}", seen.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn fresh_weather_is_fetched_again_after_fifteen_minutes() {
    let app = TestApp::open().await;
    app.member().says("/weather place:Paris").await.settled().await;
    app.pass(16 * 60);
    let seen = app.member().says("/weather place:Paris").await.settled().await;
    assert_eq!(seen.story(), ["thinking", "edited"]);
    assert_eq!(app.stack.open_meteo.calls().forecasts, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_turns_the_card_to_fahrenheit_and_another_back() {
    let app = TestApp::open().await;
    let card = app.member().says("/weather place:Paris").await.settled().await;
    let turned = app.member().presses(&card, "°F").await.settled().await;
    let back = app.member().presses(&turned, "°C").await.settled().await;
    assert_eq!(back.text(), card.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn refreshing_an_old_card_edits_it_when_the_forecast_has_come() {
    let app = TestApp::open().await;
    let card = app.member().says("/weather place:Paris").await.settled().await;
    app.pass(20 * 60);
    let refreshed = app.member().presses(&card, "Refresh").await.settled().await;
    assert_eq!(refreshed.story(), ["edited"]);
    assert_eq!(app.stack.open_meteo.calls().forecasts, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_does_not_exist_is_remembered() {
    let app = TestApp::open().await;
    app.member().says("/weather place:zzzxyzzy").await.settled().await;
    // The result is cached now, so the response comes at once.
    let again = app.member().says("/weather place:zzzxyzzy").await.settled().await;
    assert_eq!(again.story(), ["message!"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_offered_from_three_letters_and_asked_for_once() {
    let app = TestApp::open().await;
    assert!(app.member().completes("/weather place:Pa").await.is_empty());
    assert_eq!(app.stack.open_meteo.calls().searches, 0);
    for _ in 0..2 {
        assert!(!app.member().completes("/weather place:Par").await.is_empty());
    }
    assert_eq!(app.stack.open_meteo.calls().searches, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_search_offers_nothing_and_keeps_nobody_waiting() {
    let app = TestApp::open().await;
    app.stack.open_meteo.set_latency(Duration::from_secs(20));
    let begun = app.stack.clock.now();
    assert!(app.member().completes("/weather place:Berlin").await.is_empty());
    let took = app.stack.clock.now().duration_since(begun).as_millis();
    // Cut off by the search's own timeout of 1.2 s, not by the two seconds of the interactions function.
    assert!((1_100..1_900).contains(&took), "{took} ms");
    app.stack.open_meteo.set_latency(Duration::ZERO);
    let seen = app.member().says("/weather place:Berlin").await.settled().await;
    let waited = seen.steps.last().unwrap().ms;
    // A normal lease would last ten seconds.
    assert!(waited < 7_000, "the lease of the search was in the way for {waited} ms");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_cannot_be_served_leaves_the_card_to_the_others_and_tells_who_pressed() {
    let app = TestApp::open().await;
    let card = app.member().says("/weather place:Paris").await.settled().await;
    app.stack.open_meteo.set_down(true);
    app.pass(25 * 3_600);
    let pressed = app.member().presses(&card, "Refresh").await;
    app.pass_until("the user is told", || pressed.look().settled).await;
    let seen = pressed.look();
    assert_eq!(seen.story(), ["follow-up!"]);
    assert!(seen.text().starts_with("The weather service is not responding"), "{}", seen.text());
    assert_eq!(app.message(&card).text(), card.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_hangs_costs_a_crowd_three_seconds_not_their_answer() {
    let app = TestApp::with_environments(4).await;
    app.member().says("/weather place:Paris").await.settled().await;
    app.pass(3_600);
    app.stack.open_meteo.set_latency(Duration::from_secs(20));
    let asked = join_all((0..8).map(|_| app.member().says("/weather place:Paris"))).await;
    for seen in join_all(asked.into_iter().map(|interaction| interaction.settled())).await {
        assert!(seen.text().contains("1 h 0 min old"), "{}", seen.text());
    }
}
