//! The weather service over a table that two environments share.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

mod support;

use std::sync::Arc;

use domain::{
    gcra::Gcra,
    weather::{Forecast, Place},
};
use jiff::{SignedDuration, Timestamp};
use steward_integrations::{Fault, Found, Freshness, Weather};
use support::{Scripted, Table, server, weather};

const PARIS_ANSWER: Scripted = ("200 OK", include_str!("fixtures/search.json"));
const FORECAST_ANSWER: Scripted = ("200 OK", include_str!("fixtures/forecast.json"));
const SERVICE_UNAVAILABLE: Scripted = ("503 Service Unavailable", "");

const NO_RESULTS: Scripted = ("200 OK", r#"{"generationtime_ms":0.1}"#);

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
async fn an_empty_search_is_asked_again_after_an_hour() {
    let (table, server) = (Arc::default(), server([NO_RESULTS, PARIS_ANSWER]).await);
    let environments = ["a", "b"].map(|holder| weather(&table, holder, &server.base));
    let search = async |minute| {
        let mut found = Vec::new();
        for environment in &environments {
            found.push(environment.places("paris", "en", at(minute)).await.unwrap().len());
        }
        found
    };
    for minute in [0, 59] {
        assert_eq!(search(minute).await, [0, 0]);
    }
    assert_eq!(server.asked(), 1);
    // A minute more, because the clock of the first search went on while it waited for the table.
    assert_eq!(search(61).await, [1, 1]);
    assert_eq!(search(61 + 23 * 60).await, [1, 1], "and what was found is kept for a day");
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn a_longer_name_needs_no_search_if_the_shorter_one_found_all_there_is() {
    let (table, server) = (Arc::default(), server([PARIS_ANSWER; 9]).await);
    let environment = weather(&table, "a", &server.base);
    let typed = async |text: &str, minute| {
        environment.places_while_typing(text, "en", at(minute)).await.unwrap().len()
    };
    // One place, which is less than the five that a search returns.
    for text in ["par", "pari", "Paris", "paris t", "paris"] {
        assert_eq!(typed(text, 0).await, 1, "{text}");
    }
    assert_eq!(server.asked(), 1);
    assert_eq!(environment.cached_places("pari", "en", at(0)).await, Ok(None), "but it is no search for it");
    typed("pa", 0).await;
    assert_eq!(server.asked(), 2, "two letters find exact names only");
    typed("pam", 0).await;
    assert_eq!(server.asked(), 3, "so they say nothing about three");
    typed("paris", 25 * 60).await;
    assert_eq!(server.asked(), 4, "after a day it is searched again");
}

#[tokio::test]
async fn a_shorter_name_that_found_as_many_places_as_are_returned_says_nothing_about_a_longer_one() {
    let full = full_answer();
    let (table, server) = (Arc::default(), server([("200 OK", full), PARIS_ANSWER]).await);
    let environment = weather(&table, "a", &server.base);
    assert_eq!(environment.places_while_typing("par", "en", at(0)).await.unwrap().len(), 5);
    assert_eq!(environment.places_while_typing("pari", "en", at(0)).await.unwrap().len(), 1);
    assert_eq!(server.asked(), 2);
}

/// A search result with five places.
fn full_answer() -> &'static str {
    let place = r#"{"name":"Par","latitude":50.35,"longitude":-4.7}"#;
    format!(r#"{{"results":[{}],"generationtime_ms":0.1}}"#, [place; 5].join(",")).leak()
}

#[tokio::test]
async fn autocomplete_stops_at_its_share_of_the_requests_and_commands_go_on() {
    let (table, server) = (Arc::default(), server([PARIS_ANSWER; 9]).await);
    let environment = weather(&table, "a", &server.base).with_typing_limit(Gcra::new(2, 60_000));
    let typed =
        async |text: &str, minute| environment.places_while_typing(text, "en", at(minute)).await.map(drop);
    assert_eq!((typed("rome", 0).await, typed("oslo", 0).await), (Ok(()), Ok(())));
    assert_eq!((typed("bonn", 0).await, server.asked()), (Err(Fault::TypingLimit), 2));
    assert_eq!(typed("oslo", 0).await, Ok(()), "what is known is offered");
    assert!(environment.places("bonn", "en", at(0)).await.is_ok(), "a command is not typing");
    assert_eq!((typed("bonn", 0).await, server.asked()), (Ok(()), 3));
    assert_eq!((typed("lima", 1).await, server.asked()), (Ok(()), 4), "a minute later");
    assert_eq!((typed("cork", 1).await, server.asked()), (Err(Fault::TypingLimit), 4));
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
    assert_eq!(server.asked(), 6);
}
