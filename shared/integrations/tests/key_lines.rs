//! The key of an API is sent with each request and reaches no log line, at whatever level.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

#[path = "support/lines.rs"]
mod lines;
mod support;

use std::sync::Arc;

use jiff::Timestamp;
use lines::Lines;
use support::{CLOSE_CONNECTION, server, weather};

const BAD_REQUEST: support::Scripted =
    ("400 Bad Request", r#"{"reason":"The supplied API key is invalid."}"#);

#[tokio::test]
async fn a_key_reaches_the_api_and_no_line_and_no_fault() {
    let (lines, _listening) = Lines::listen();
    let unavailable = ("503 Service Unavailable", "");
    let script = [BAD_REQUEST, unavailable, CLOSE_CONNECTION, unavailable, unavailable, unavailable];
    let (table, server) = (Arc::default(), server(script).await);
    let weather = weather(&table, "a", &server.base.clone().with_key("hush"));
    let mut faults = Vec::new();
    for name in ["paris", "oslo", "rome", "bonn"] {
        faults.push(weather.places(name, "en", Timestamp::UNIX_EPOCH).await.unwrap_err());
    }
    assert_eq!(server.asked(), 6);
    assert!(server.requests.lock().unwrap().iter().all(|request| request.contains("&apikey=hush HTTP/1.1")));
    assert!(!lines.of("breaker opened").is_empty());
    assert!(lines.of("").iter().all(|line| !line.contains("hush")), "{:?}", lines.of(""));
    assert!(!format!("{faults:?} {weather:?}").contains("hush"));
}
