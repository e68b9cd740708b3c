//! The weather service: its cache and its circuit breaker are in the table that all environments share.

use domain::measurement::Outcome;
use serde_json::{Value, json};

use crate::{harness::TestApp, wire::Fault};

fn forecast(place: &str) -> Value {
    let options = json!([{ "type": 3, "name": "place", "value": place }]);
    json!({ "type": 2, "data": { "type": 1, "name": "forecast", "options": options } })
}

fn text(answer: &Value) -> &str {
    answer["data"]["content"].as_str().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_forecast_is_fetched_once_for_all_environments() {
    let app = TestApp::open().await;
    for environment in [&app.services, &app.services, &app.another_environment()] {
        let (answer, outcome) = app.answer(environment, forecast("Paris")).await;
        assert_eq!((text(&answer), outcome), ("Paris: Fresh", Outcome::Answered), "{answer}");
    }
    let calls = app.weather.calls();
    assert_eq!((calls.searches, calls.forecasts), (1, 1));
    assert_eq!(app.wire.calls("PutItem CACHE#"), 2);
    assert_eq!(app.wire.calls("DeleteItem"), 2, "the leases of both fetches are released");
}

#[tokio::test(start_paused = true)]
async fn two_environments_that_need_the_same_forecast_fetch_it_once() {
    let app = TestApp::open().await;
    app.weather.set_latency(std::time::Duration::from_millis(500));
    let (first, second) = (app.another_environment(), app.another_environment());
    let (one, two) =
        tokio::join!(app.answer(&first, forecast("Paris")), app.answer(&second, forecast("Paris")),);
    assert_eq!((one.1, two.1), (Outcome::Answered, Outcome::Answered), "{one:?} {two:?}");
    assert_eq!(app.weather.calls().searches, 1);
}

#[tokio::test(start_paused = true)]
async fn without_the_table_each_environment_fetches_for_itself() {
    let app = TestApp::open().await;
    for words in ["CACHE#", "LEASE#", "BREAKER#"] {
        app.wire.fail(words, Fault::Status(400));
    }
    for environment in [&app.services, &app.another_environment()] {
        let (answer, outcome) = app.answer(environment, forecast("Paris")).await;
        assert_eq!((text(&answer), outcome), ("Paris: Fresh", Outcome::Answered), "{answer}");
    }
    assert_eq!(app.weather.calls().searches, 2);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_one_environment_opens_is_open_for_the_others_until_a_probe_succeeds() {
    let app = TestApp::open().await;
    app.weather.set_down(true);
    for place in ["Paris", "London", "Berlin", "Rome", "Madrid", "Vienna"] {
        let outcome = app.answer(&app.services, forecast(place)).await.1;
        assert!([Outcome::Failed, Outcome::Deferred].contains(&outcome), "{place}: {outcome:?}");
    }
    assert!(app.wire.calls("BREAKER#") > 0);
    app.weather.set_down(false);
    let before = app.weather.calls().searches;
    let other = app.another_environment();
    let (answer, outcome) = app.answer(&other, forecast("Lisbon")).await;
    assert_eq!((outcome, app.weather.calls().searches), (Outcome::Deferred, before), "it waits: {answer}");
    app.pass(60);
    let (answer, outcome) = app.answer(&other, forecast("Lisbon")).await;
    assert_eq!((text(&answer), outcome), ("Lisbon: Fresh", Outcome::Answered), "{answer}");
    app.pass(4);
    assert_eq!(app.answer(&app.services, forecast("Oslo")).await.1, Outcome::Answered);
}

#[tokio::test(start_paused = true)]
async fn a_place_that_always_fails_opens_no_breaker_for_anybody() {
    let app = TestApp::open().await;
    app.weather.break_place("nowhere");
    let environments = [app.another_environment(), app.another_environment()];
    for number in 0..100 {
        let outcome = app.answer(&environments[number % 2], forecast("nowhere")).await.1;
        assert_ne!(outcome, Outcome::Answered);
    }
    assert_eq!(app.weather.calls().searches, 4, "two in each environment");
    assert_eq!(app.wire.calls("PutItem BREAKER#"), 0);
    for environment in &environments {
        assert_eq!(app.answer(environment, forecast("Lisbon")).await.1, Outcome::Answered);
    }
}

#[tokio::test(start_paused = true)]
async fn an_environment_that_is_throttled_keeps_no_other_one_out() {
    let app = TestApp::open().await;
    app.weather.set_throttling(true);
    assert_ne!(app.answer(&app.services, forecast("Paris")).await.1, Outcome::Answered);
    assert_eq!((app.weather.calls().searches, app.wire.calls("PutItem BREAKER#")), (3, 0));
    app.weather.set_throttling(false);
    assert_ne!(app.answer(&app.services, forecast("Oslo")).await.1, Outcome::Answered, "it pauses");
    assert_eq!(app.answer(&app.another_environment(), forecast("Oslo")).await.1, Outcome::Answered);
    app.pass(11);
    assert_eq!(app.answer(&app.services, forecast("Lisbon")).await.1, Outcome::Answered);
}
