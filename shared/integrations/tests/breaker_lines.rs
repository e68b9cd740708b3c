//! The log lines of a circuit breaker, however many environments there are: it opened, and it closed.
//!
//! A process of its own, because a callsite that another thread has used without a subscriber stays
//! disabled.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

mod support;

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};

use domain::weather::{Coordinates, Place};
use jiff::{SignedDuration, Timestamp};
use support::{Scripted, server, weather};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};

/// Collects log lines as `message field=value ...` until the guard is dropped.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn listen() -> (Self, DefaultGuard) {
        let lines = Self::default();
        (lines.clone(), tracing::subscriber::set_default(lines))
    }

    /// The lines with this message.
    fn of(&self, message: &str) -> Vec<String> {
        let all = self.0.lock().unwrap();
        all.iter().filter(|line| line.starts_with(message)).cloned().collect()
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let written = match field.name() {
            "message" => {
                self.0.insert_str(0, &format!("{value:?}"));
                Ok(())
            }
            name => write!(self.0, " {name}={value:?}"),
        };
        written.unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with("steward_integrations")
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

const FORECAST_ANSWER: Scripted = ("200 OK", include_str!("fixtures/forecast.json"));
const SERVICE_UNAVAILABLE: Scripted = ("503 Service Unavailable", "");

fn at(second: i64) -> Timestamp {
    "2026-07-01T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)
}

fn somewhere() -> Place {
    let at = Coordinates::from_hundredths(4_886, 235).unwrap();
    Place { name: "Pomegranate".to_owned(), region: None, country: None, at, time_zone: None }
}

#[tokio::test]
async fn one_line_says_that_it_opened_and_one_that_it_closed() {
    let (lines, _listening) = Lines::listen();
    let (table, server) =
        (Arc::default(), server([SERVICE_UNAVAILABLE; 6].into_iter().chain([FORECAST_ANSWER])).await);
    let environments = ["a", "b"].map(|holder| weather(&table, holder, &server.base));
    // Five failures, the sixth is a failed probe, then a successful one.
    for (second, environment) in [(0, 0), (1, 0), (5, 1), (60, 1), (60, 0), (64, 0), (120, 0), (120, 1)] {
        let _ = environments[environment].forecast(&somewhere(), at(second)).await;
    }
    assert_eq!(server.asked(), 7);
    let opened = lines.of("breaker opened");
    let [opened] = &opened[..] else { panic!("{opened:?}") };
    let expected =
        r#"breaker opened dependency="open-meteo-forecasts" code=refused with status 503 until=2026-"#;
    assert!(opened.starts_with(expected), "{opened}");
    assert_eq!(lines.of("breaker closed"), [r#"breaker closed dependency="open-meteo-forecasts""#]);
    assert!(lines.of("").iter().all(|line| !line.contains("Pomegranate")));
}
