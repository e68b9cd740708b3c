//! Open-Meteo when it fails: which requests are retried, how often, and with which result.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    breaker::Dependency,
    weather::{Coordinates, Place},
};
use jiff::{SignedDuration, Timestamp};
use outbound::RequestError;
use steward_integrations::{Fault, Moment, OpenMeteo};
use support::{CLOSE_CONNECTION, Scripted, Server, Table, external_api, server};

const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
const NO_RESULTS: Scripted = ("200 OK", r#"{"generationtime_ms":0.1}"#);
const SERVICE_UNAVAILABLE: Scripted = ("503 Service Unavailable", "secret");

async fn search(script: &[Scripted], within: Duration) -> (Result<Vec<Place>, Fault>, Server) {
    let server = server(script.iter().copied()).await;
    let found = api(&server).search("paris", "fr", within, moment()).await;
    (found, server)
}

fn api(server: &Server) -> OpenMeteo<Table> {
    OpenMeteo::new(&external_api(&Arc::default(), "a"), server.base.clone(), server.base.clone())
}

fn moment() -> Moment {
    Moment::of(Timestamp::UNIX_EPOCH)
}

#[tokio::test]
async fn the_question_is_the_documented_one() {
    let (found, server) = search(&[NO_RESULTS], REQUEST_TIMEOUT).await;
    assert_eq!(found, Ok(vec![]));
    let request = server.requests.lock().unwrap().remove(0);
    let (line, head) = request.split_once("\r\n").unwrap();
    assert_eq!(line, "GET /v1/search?name=paris&count=5&language=fr&format=json HTTP/1.1");
    assert!(head.contains("user-agent: steward/"));

    let server = support::server([NO_RESULTS]).await;
    let at = Coordinates::from_degrees(-33.869, 151.21).unwrap();
    let (name, none) = ("Sydney".to_owned(), None);
    let place = Place { name, region: none.clone(), country: none.clone(), at, time_zone: none };
    assert_eq!(
        api(&server).forecast(&place, REQUEST_TIMEOUT, moment()).await,
        Err(Fault::Malformed("forecast"))
    );
    let request = server.requests.lock().unwrap().remove(0);
    assert!(request.starts_with("GET /v1/forecast?latitude=-33.87&longitude=151.21&current=temperature_2m,"));
    assert!(request.contains("&timezone=auto&forecast_days=4 HTTP/1.1"));
}

#[tokio::test]
async fn a_busy_server_is_asked_twice_more_and_a_question_that_fails_twice_is_not() {
    let (found, server) =
        search(&[SERVICE_UNAVAILABLE, ("429 Too Many Requests", ""), NO_RESULTS], REQUEST_TIMEOUT).await;
    assert_eq!((found, server.asked()), (Ok(vec![]), 3));

    let (found, server) =
        search(&[SERVICE_UNAVAILABLE, SERVICE_UNAVAILABLE, NO_RESULTS], REQUEST_TIMEOUT).await;
    let refused = Fault::Refused { status: 503, retry_after: None };
    assert_eq!((found, server.asked()), (Err(refused), 2));
}

#[tokio::test]
async fn retry_after_is_waited_out_if_short_and_otherwise_nobody_asks_before() {
    let begun = Instant::now();
    let (found, server) = search(&[("429 Slow\r\nretry-after: 1", ""), NO_RESULTS], REQUEST_TIMEOUT).await;
    assert_eq!((found, server.asked()), (Ok(vec![]), 2));
    assert!(begun.elapsed() >= Duration::from_secs(1));

    let (found, server) = search(&[("429 Slow\r\nretry-after: 60", ""), NO_RESULTS], REQUEST_TIMEOUT).await;
    let Err(Fault::Open { dependency: Dependency::Geocoding, until }) = found else { panic!("{found:?}") };
    let left = until.duration_since(Timestamp::UNIX_EPOCH);
    assert!(left >= SignedDuration::from_secs(60) && left < SignedDuration::from_secs(65), "{left}");
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn what_would_fail_the_same_way_is_asked_once() {
    let refused = Fault::Refused { status: 400, retry_after: None };
    for (answer, fault) in [
        (("400 Bad Request", r#"{"error":true,"reason":"secret"}"#), refused),
        (("200 OK", "secret"), Fault::Malformed("search")),
    ] {
        let (found, server) = search(&[answer, NO_RESULTS], REQUEST_TIMEOUT).await;
        assert_eq!((&found, server.asked()), (&Err(fault), 1));
        assert!(!format!("{fault} {fault:?}").contains("secret"));
    }
}

#[tokio::test]
async fn silence_ends_in_time_and_a_broken_connection_is_tried_again() {
    let begun = Instant::now();
    let (found, _) = search(&[("", "")], Duration::from_millis(200)).await;
    assert_eq!(found, Err(Fault::NoAnswer(RequestError::TimedOut)));
    assert!(begun.elapsed() < Duration::from_secs(1));

    let (found, server) = search(&[CLOSE_CONNECTION, NO_RESULTS], REQUEST_TIMEOUT).await;
    assert_eq!((found, server.asked()), (Ok(vec![]), 2));
    let (found, _) = search(&[], REQUEST_TIMEOUT).await;
    assert_eq!(found, Err(Fault::NoAnswer(RequestError::Broken)));
}
