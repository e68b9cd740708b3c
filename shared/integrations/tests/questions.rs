//! A question that always fails, and an environment that is throttled, keep nobody else out.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

mod support;

use std::sync::Arc;

use domain::breaker::Dependency;
use jiff::{SignedDuration, Timestamp};
use steward_integrations::{Fault, Weather};
use support::{Scripted, Table, server, weather};

const PARIS_ANSWER: Scripted = ("200 OK", include_str!("fixtures/search.json"));
const SERVICE_UNAVAILABLE: Scripted = ("503 Service Unavailable", "");
const TOO_MANY_REQUESTS: Scripted = ("429 Too Many Requests", "");
const BERLIN: &str = "GET /v1/search?name=berlin&count=5&language=en&format=json HTTP/1.1";

fn at(second: i64) -> Timestamp {
    "2026-07-01T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)
}

/// Until when the search is not called.
fn waits_until<T: std::fmt::Debug>(outcome: Result<T, Fault>) -> Timestamp {
    match outcome {
        Err(Fault::Open { dependency: Dependency::Geocoding, until }) => until,
        Err(Fault::Failing { dependency: Dependency::Geocoding, until }) => until,
        other => panic!("{other:?}"),
    }
}

async fn search(environment: &Weather<Table>, name: &str, second: i64) -> Result<usize, Fault> {
    environment.places(name, "en", at(second)).await.map(|places| places.len())
}

#[tokio::test]
async fn a_hundred_tries_of_one_place_that_always_fails_keep_no_other_place_from_anybody() {
    // Two requests in each environment, and then the other places.
    let (table, server) =
        (Arc::default(), server([SERVICE_UNAVAILABLE; 8].into_iter().chain([PARIS_ANSWER; 4])).await);
    let environments = ["a", "b", "c", "d"].map(|holder| weather(&table, holder, &server.base));
    for number in 0..100 {
        let tried = search(&environments[number % 4], "nowhere", number as i64 / 10).await;
        assert!(tried.is_err(), "{tried:?}");
    }
    assert_eq!((server.asked(), table.breaker(Dependency::Geocoding)), (8, None));
    for (environment, name) in environments.iter().zip(["paris", "lisbon", "oslo", "rome"]) {
        assert_eq!(search(environment, name, 10).await, Ok(1));
    }
}

#[tokio::test]
async fn a_question_that_failed_twice_costs_no_request_for_half_a_minute() {
    let script = [SERVICE_UNAVAILABLE, SERVICE_UNAVAILABLE, PARIS_ANSWER];
    let (table, server) = (Arc::default(), server(script).await);
    let environment = weather(&table, "a", &server.base);
    let refused = Err(Fault::Refused { status: 503, retry_after: None });
    assert_eq!(search(&environment, "paris", 0).await, refused, "the cause, for the log");
    // The other tries of a job.
    for second in [2, 10, 29] {
        let until = waits_until(search(&environment, "paris", second).await);
        assert!(until >= at(30) && until < at(31), "{until}");
    }
    assert_eq!(server.asked(), 2);
    let cached = environment.cached_places("paris", "en", at(29)).await;
    assert!(matches!(cached, Err(Fault::Failing { .. })), "{cached:?}");
    assert_eq!(search(&environment, "paris", 31).await, Ok(1));
}

#[tokio::test]
async fn another_environments_429_closes_nothing_here() {
    let script = [TOO_MANY_REQUESTS; 3].into_iter().chain([PARIS_ANSWER; 2]);
    let (table, server) = (Arc::default(), server(script).await);
    let [throttled, other] = ["a", "b"].map(|holder| weather(&table, holder, &server.base));
    let until = waits_until(search(&throttled, "paris", 0).await);
    assert!(until >= at(10) && until < at(12), "{until}");
    waits_until(search(&throttled, "oslo", 5).await);
    assert_eq!((server.asked(), table.breaker(Dependency::Geocoding)), (3, None));
    assert_eq!(search(&other, "paris", 1).await, Ok(1));
    assert_eq!(search(&throttled, "paris", 5).await, Ok(1), "what the other one found");
    assert_eq!(search(&throttled, "oslo", 12).await, Ok(1));
}

#[tokio::test]
async fn a_probe_asks_for_berlin_before_the_question_at_hand() {
    let script = [SERVICE_UNAVAILABLE; 5].into_iter().chain([PARIS_ANSWER]).chain([SERVICE_UNAVAILABLE; 3]);
    let (table, server) = (Arc::default(), server(script).await);
    let [one, other] = ["a", "b"].map(|holder| weather(&table, holder, &server.base));
    for name in ["first", "second", "third"] {
        assert!(search(&one, name, 0).await.is_err());
    }
    assert!(table.breaker(Dependency::Geocoding).is_some());
    // The question at hand fails, and that opens nothing.
    assert!(search(&other, "nowhere", 20).await.is_err());
    assert_eq!((server.asked(), table.breaker(Dependency::Geocoding)), (8, None));
    let requests = server.requests.lock().unwrap().clone();
    assert!(requests[5].starts_with(BERLIN), "{}", requests[5]);
    assert!(requests[6].contains("name=nowhere") && requests[7].contains("name=nowhere"));
}

#[tokio::test]
async fn the_question_at_hand_is_not_asked_if_the_probe_fails() {
    let (table, server) = (Arc::default(), server([SERVICE_UNAVAILABLE; 9]).await);
    let environment = weather(&table, "a", &server.base);
    for name in ["first", "second", "third"] {
        assert!(search(&environment, name, 0).await.is_err());
    }
    let until = waits_until(search(&environment, "paris", 20).await);
    assert!(until >= at(40) && until < at(42), "{until}");
    let requests = server.requests.lock().unwrap().clone();
    assert_eq!(requests.len(), 6);
    assert!(requests[5].starts_with(BERLIN), "{}", requests[5]);
}
