//! An API that does not answer is left alone by all environments together, and one of them probes it.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

mod support;

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use domain::{
    breaker::Dependency,
    weather::{Coordinates, Place},
};
use jiff::{SignedDuration, Timestamp};
use steward_integrations::{Fault, Found, Freshness, Weather};
use support::{Scripted, Table, server, weather};

const FORECAST_ANSWER: Scripted = ("200 OK", include_str!("fixtures/forecast.json"));
const PARIS_ANSWER: Scripted = ("200 OK", include_str!("fixtures/search.json"));
const SERVICE_UNAVAILABLE: Scripted = ("503 Service Unavailable", "");
const BAD_REQUEST: Scripted = ("400 Bad Request", "");
const TWO_MINUTES: i64 = 121;

fn at(second: i64) -> Timestamp {
    "2026-07-01T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)
}

/// One of many places.
fn place(number: i32) -> Place {
    let at = Coordinates::from_hundredths(number, 0).unwrap();
    Place { name: "Somewhere".to_owned(), region: None, country: None, at, time_zone: None }
}

/// Until when the breaker is open.
fn open_until<T: std::fmt::Debug>(outcome: &Result<T, Fault>) -> Timestamp {
    match outcome {
        Err(Fault::Open { dependency: Dependency::Forecasts, until }) => *until,
        other => panic!("{other:?}"),
    }
}

/// Asks three questions in one environment, so that the breaker opens; the script must contain five failures.
async fn break_it(environment: &Weather<Table>, second: i64) -> Timestamp {
    for number in [-1, -2] {
        let failed = environment.forecast(&place(number), at(second)).await;
        assert_eq!(failed, Err(Fault::Refused { status: 503, retry_after: None }));
    }
    open_until(&environment.forecast(&place(-3), at(second)).await)
}

#[tokio::test]
async fn the_fifth_failure_is_the_last_question_of_all_environments() {
    let (table, server) = (Arc::default(), server([SERVICE_UNAVAILABLE; 50]).await);
    let environments = ["a", "b", "c"].map(|holder| weather(&table, holder, &server.base));
    let until = break_it(&environments[0], 0).await;
    assert!(until >= at(10) && until < at(20), "{until}");
    assert_eq!(server.asked(), 5);
    for (number, environment) in (0..).zip(&environments) {
        assert_eq!(open_until(&environment.cached_forecast(&place(number), at(5)).await), until);
        assert_eq!(open_until(&environment.forecast(&place(number), at(5)).await), until);
    }
    assert_eq!((server.asked(), table.leases()), (5, 0));
}

#[tokio::test]
async fn the_search_for_places_goes_on_while_forecasts_are_left_alone() {
    let (table, server) =
        (Arc::default(), server([SERVICE_UNAVAILABLE; 5].into_iter().chain([PARIS_ANSWER])).await);
    let environment = weather(&table, "a", &server.base);
    break_it(&environment, 0).await;
    assert_eq!(environment.places("paris", "en", at(0)).await.unwrap()[0].name, "Paris");
}

#[tokio::test]
async fn a_no_is_an_answer() {
    let (table, server) =
        (Arc::default(), server([BAD_REQUEST; 20].into_iter().chain([FORECAST_ANSWER])).await);
    let environment = weather(&table, "a", &server.base);
    for number in 0..20 {
        let refused = environment.forecast(&place(number), at(0)).await;
        assert_eq!(refused, Err(Fault::Refused { status: 400, retry_after: None }));
    }
    assert!(environment.forecast(&place(30), at(0)).await.is_ok());
}

#[tokio::test]
async fn one_of_many_environments_probes_and_its_success_lets_all_of_them_in() {
    let (table, server) =
        (Arc::default(), server([SERVICE_UNAVAILABLE; 5].into_iter().chain([FORECAST_ANSWER; 9])).await);
    let environments = ["a", "b", "c", "d"].map(|holder| weather(&table, holder, &server.base));
    break_it(&environments[0], 0).await;
    // All of them at the same instant, each for another place.
    let places = [0, 1, 2, 3].map(place);
    let asked =
        environments.iter().zip(&places).map(|(environment, place)| environment.forecast(place, at(60)));
    let [a, b, c, d] = asked.collect::<Vec<_>>().try_into().unwrap_or_else(|_| unreachable!());
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    let answers = [a, b, c, d];
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    for waits in answers.iter().filter(|answer| answer.is_err()) {
        let until = open_until(waits);
        assert!(until > at(60) && until < at(70), "{until}");
    }
    // Five failures, the probe, and the winner's own question.
    assert_eq!((server.asked(), table.breaker(Dependency::Forecasts)), (7, None));
    for (number, environment) in (10..).zip(&environments) {
        assert!(environment.forecast(&place(number), at(64)).await.is_ok());
    }
}

#[tokio::test]
async fn a_probe_that_fails_is_one_question_and_twice_the_time() {
    let (table, server) = (Arc::default(), server([SERVICE_UNAVAILABLE; 50]).await);
    let environments = ["a", "b"].map(|holder| weather(&table, holder, &server.base));
    break_it(&environments[0], 0).await;
    let until = open_until(&environments[1].forecast(&place(0), at(60)).await);
    assert!(until >= at(80) && until < at(85), "{until}");
    assert_eq!(open_until(&environments[0].forecast(&place(0), at(64)).await), until);
    assert_eq!(server.asked(), 6);
}

#[tokio::test]
async fn an_old_answer_is_given_at_once_while_it_is_open() {
    let (table, server) =
        (Arc::default(), server([FORECAST_ANSWER].into_iter().chain([SERVICE_UNAVAILABLE; 50])).await);
    let environments = ["a", "b"].map(|holder| weather(&table, holder, &server.base));
    let sunny = environments[0].forecast(&place(0), at(0)).await.unwrap();
    break_it(&environments[0], 3_600).await;
    for environment in &environments {
        let known = environment.cached_forecast(&place(0), at(3_605)).await.unwrap();
        let given = environment.forecast(&place(0), at(3_605)).await.unwrap();
        for Found { value, freshness } in [known.unwrap(), given] {
            assert_eq!(value, sunny.value);
            assert!(matches!(freshness, Freshness::Stale { age } if age.as_secs() / 60 == 60));
        }
    }
    assert_eq!(server.asked(), 6);
}

#[tokio::test]
async fn who_types_is_no_probe_and_is_not_kept_waiting() {
    let (table, server) =
        (Arc::default(), server([SERVICE_UNAVAILABLE; 5].into_iter().chain([PARIS_ANSWER; 2])).await);
    let environment = weather(&table, "a", &server.base);
    for name in ["one", "two", "three"] {
        assert!(environment.places(name, "en", at(0)).await.is_err());
    }
    for second in [1, TWO_MINUTES] {
        let typed = environment.places_while_typing("par", "en", at(second)).await;
        assert!(matches!(typed, Err(Fault::Open { dependency: Dependency::Geocoding, .. })), "{typed:?}");
    }
    assert_eq!(server.asked(), 5);
    assert!(environment.places("paris", "en", at(TWO_MINUTES)).await.is_ok());
    assert!(environment.places_while_typing("paris", "en", at(TWO_MINUTES)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_search_that_is_too_slow_for_who_types_speaks_against_nobody() {
    let table = Arc::default();
    let server = server([("", ""); 12]).await;
    let environment = weather(&table, "a", &server.base);
    for number in 0..12 {
        let typed = environment.places_while_typing(&format!("par{number}"), "en", at(0)).await;
        assert_eq!(typed, Err(Fault::NoAnswer(outbound::RequestError::TimedOut)));
    }
    assert_eq!(table.breaker(Dependency::Geocoding), None);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_is_left_alone_after_five_tries_and_one_slow_answer_is_none() {
    let (table, server) =
        (Arc::default(), server([("", "")].into_iter().chain([FORECAST_ANSWER]).chain([("", ""); 20])).await);
    let environment = weather(&table, "a", &server.base);
    assert!(environment.forecast(&place(0), at(0)).await.is_ok());
    let timed_out = Err(Fault::NoAnswer(outbound::RequestError::TimedOut));
    assert_eq!(environment.forecast(&place(1), at(10)).await, timed_out);
    // With the slow one at first it is the fifth.
    open_until(&environment.forecast(&place(2), at(20)).await);
    assert_eq!(server.asked(), 6);
    open_until(&environment.cached_forecast(&place(3), at(20)).await);
}

#[tokio::test]
async fn what_is_known_and_fresh_costs_no_look_at_the_breaker_and_a_fetch_one_in_three_seconds() {
    let (table, server) = (Arc::<Table>::default(), server([FORECAST_ANSWER; 9]).await);
    let environment = weather(&table, "a", &server.base);
    let calls = || table.calls.swap(0, Ordering::SeqCst);
    environment.forecast(&place(0), at(0)).await.unwrap();
    // Load, breaker, lease, load again, store, release.
    assert_eq!(calls(), 6);
    environment.forecast(&place(1), at(1)).await.unwrap();
    assert_eq!(calls(), 5);
    environment.cached_forecast(&place(0), at(60)).await.unwrap().unwrap();
    assert_eq!(calls(), 0);
}

#[tokio::test]
async fn without_a_table_each_environment_has_a_breaker_of_its_own() {
    let (table, server) = (
        Arc::<Table>::default(),
        server([SERVICE_UNAVAILABLE; 10].into_iter().chain([FORECAST_ANSWER; 9])).await,
    );
    table.set_down(true);
    let environments = ["a", "b"].map(|holder| weather(&table, holder, &server.base));
    for environment in &environments {
        break_it(environment, 0).await;
        open_until(&environment.forecast(&place(0), at(5)).await);
    }
    assert_eq!(server.asked(), 10);
    for environment in &environments {
        assert!(environment.forecast(&place(0), at(60)).await.is_ok());
        assert!(environment.forecast(&place(1), at(60)).await.is_ok());
    }
    // Each probes, and asks two questions.
    assert_eq!(server.asked(), 16);
}

#[tokio::test]
async fn a_breaker_opened_without_a_table_holds_when_the_table_is_back() {
    let (table, server) = (
        Arc::<Table>::default(),
        server([SERVICE_UNAVAILABLE; 5].into_iter().chain([FORECAST_ANSWER; 2])).await,
    );
    let environment = weather(&table, "a", &server.base);
    table.set_down(true);
    break_it(&environment, 0).await;
    table.set_down(false);
    open_until(&environment.forecast(&place(0), at(9)).await);
    assert!(environment.forecast(&place(0), at(60)).await.is_ok());
}

#[tokio::test]
async fn a_prober_that_is_cancelled_keeps_the_others_out_for_a_few_seconds_only() {
    let (table, server) = (
        Arc::default(),
        server([SERVICE_UNAVAILABLE; 5].into_iter().chain([("", ""), FORECAST_ANSWER, FORECAST_ANSWER]))
            .await,
    );
    let environments = ["a", "b"].map(|holder| weather(&table, holder, &server.base));
    break_it(&environments[0], 0).await;
    let place_of = [place(0), place(1)];
    let probe = environments[0].forecast(&place_of[0], at(60));
    assert!(tokio::time::timeout(Duration::from_secs(1), probe).await.is_err());
    open_until(&environments[1].forecast(&place_of[1], at(61)).await);
    assert!(environments[1].forecast(&place_of[1], at(66)).await.is_ok());
    assert_eq!(server.asked(), 8);
}
