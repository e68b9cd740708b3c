//! The log lines of a circuit breaker, however many environments there are: it opened, and it closed.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

#[path = "support/lines.rs"]
mod lines;
mod support;

use std::sync::Arc;

use domain::weather::{Coordinates, Place};
use jiff::{SignedDuration, Timestamp};
use lines::Lines;
use support::{Scripted, server, weather};

const FORECAST_ANSWER: Scripted = ("200 OK", include_str!("fixtures/forecast.json"));
const SERVICE_UNAVAILABLE: Scripted = ("503 Service Unavailable", "");

fn at(second: i64) -> Timestamp {
    "2026-07-01T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)
}

fn somewhere(number: i32) -> Place {
    let at = Coordinates::from_hundredths(4_886, number).unwrap();
    Place { name: "Pomegranate".to_owned(), region: None, country: None, at, time_zone: None }
}

#[tokio::test]
async fn one_line_says_that_it_opened_and_one_that_it_closed() {
    let (lines, _listening) = Lines::listen();
    let (table, server) =
        (Arc::default(), server([SERVICE_UNAVAILABLE; 6].into_iter().chain([FORECAST_ANSWER; 2])).await);
    let environments = ["a", "b"].map(|holder| weather(&table, holder, &server.base));
    // Five failures, the sixth is a failed probe, then a successful one and the question itself.
    let asked = [(0, 0), (0, 0), (1, 0), (5, 1), (60, 1), (60, 0), (64, 0), (120, 0)];
    for (place, (second, environment)) in (0..).zip(asked) {
        let _ = environments[environment].forecast(&somewhere(place), at(second)).await;
    }
    assert_eq!(server.asked(), 8);
    let opened = lines.of("breaker opened");
    let [opened] = &opened[..] else { panic!("{opened:?}") };
    let expected = r#"breaker opened BreakerOpened=1 dependency="open-meteo-forecasts" code=refused with status 503 until=2026-"#;
    assert!(opened.starts_with(expected), "{opened}");
    assert_eq!(lines.of("breaker closed"), [r#"breaker closed dependency="open-meteo-forecasts""#]);
    assert!(lines.of("").iter().all(|line| !line.contains("Pomegranate")));
}
