//! The weather service over a table that two environments share.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

mod support;

use std::sync::Arc;

use domain::weather::{Forecast, Place};
use jiff::{SignedDuration, Timestamp};
use steward_integrations::{Fault, Found, Freshness, Weather};
use support::{Scripted, Table, server, weather};

const PARIS_ANSWER: Scripted = ("200 OK", include_str!("fixtures/search.json"));
const FORECAST_ANSWER: Scripted = ("200 OK", include_str!("fixtures/forecast.json"));
const SERVICE_UNAVAILABLE: Scripted = ("503 Service Unavailable", "");

fn at(minute: i64) -> Timestamp {
    "2026-07-01T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
}

async fn paris(weather: &Weather<Table>) -> Place {
    weather.places("paris", "en", at(0)).await.unwrap().remove(0)
}

#[tokio::test]
async fn the_same_place_typed_twice_in_two_environments_is_asked_for_once() {
    let (table, server) = (Arc::default(), server([PARIS_ANSWER]).await);
    let (one, other) = (weather(&table, "a", &server.base), weather(&table, "b", &server.base));
    assert_eq!(one.cached_places("Paris", "en-US", at(0)).await, Ok(None));
    assert_eq!(server.asked(), 0);
    // Spawning proves that the future is `Send`.
    let found = tokio::spawn(async move { one.places(" PARIS", "en-US", at(0)).await });
    let found = found.await.unwrap().unwrap();
    assert_eq!(found[0].region.as_deref(), Some("Île-de-France"));
    assert_eq!(other.cached_places("paris ", "en-GB", at(60)).await, Ok(Some(found.clone())));
    assert_eq!(other.places("paris", "en", at(23 * 60)).await, Ok(found));
    assert_eq!(other.cached_places("paris", "de", at(0)).await, Ok(None));
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn what_can_be_no_place_is_no_place_without_asking() {
    let (table, server) = (Arc::default(), server([]).await);
    let weather = weather(&table, "a", &server.base);
    assert_eq!(weather.places(" p ", "en", at(0)).await, Ok(vec![]));
    assert_eq!(weather.cached_places("", "en", at(0)).await, Ok(Some(vec![])));
    assert_eq!(server.asked(), 0);
}

#[tokio::test]
async fn a_forecast_is_fresh_for_a_quarter_of_an_hour_and_shown_for_a_day_if_open_meteo_is_down() {
    let table = Arc::default();
    let server = server([
        PARIS_ANSWER,
        FORECAST_ANSWER,
        SERVICE_UNAVAILABLE,
        SERVICE_UNAVAILABLE,
        SERVICE_UNAVAILABLE,
        SERVICE_UNAVAILABLE,
        SERVICE_UNAVAILABLE,
        SERVICE_UNAVAILABLE,
    ])
    .await;
    let weather = weather(&table, "a", &server.base);
    let paris = paris(&weather).await;
    assert_eq!(weather.cached_forecast(&paris, at(0)).await, Ok(None));
    let sunny = weather.forecast(&paris, at(0)).await.unwrap();
    assert_eq!(sunny.freshness, Freshness::Fresh);
    assert_eq!(weather.cached_forecast(&paris, at(14)).await, Ok(Some(sunny.clone())));
    assert_eq!(server.asked(), 2);

    assert_eq!(weather.cached_forecast(&paris, at(60)).await, Ok(None), "it is worth asking");
    let Found::<Forecast> { value, freshness } = weather.forecast(&paris, at(60)).await.unwrap();
    assert_eq!(value, sunny.value);
    assert!(matches!(freshness, Freshness::Stale { age } if age.as_secs().div_ceil(60) == 60));
    let late = weather.forecast(&paris, at(25 * 60)).await;
    assert_eq!(late, Err(Fault::Refused { status: 503, retry_after: None }));
    assert_eq!(server.asked(), 8);
}
