//! GET /healthz, /readyz and /status of the local stack, which the health function answers.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use steward::{Fault, FaultProxy};
use tests::TestApp;

/// The response to a request in this language.
pub async fn get(app: &TestApp, path: &str, language: &str) -> (u16, String) {
    let request = http::Request::get(format!("{}{path}", app.stack.url)).header("accept-language", language);
    let request = request.body(Bytes::new()).unwrap();
    let response = outbound::Client::new().send(request, Duration::from_secs(30)).await.unwrap();
    (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
}

async fn ready(app: &TestApp) -> (u16, Value) {
    let (status, body) = get(app, "/readyz", "").await;
    (status, serde_json::from_str(&body).unwrap())
}

/// The state of a check.
fn state<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap();
    &checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("{name}: {report}"))["state"]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_works_is_live_and_ready_and_its_page_says_so() {
    let app = TestApp::open().await;
    let (status, body) = get(&app, "/healthz", "").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, body["uptime_s"].is_u64()), (200, true), "{body}");
    let (status, report) = ready(&app).await;
    assert_eq!(status, 200, "{report}");
    for name in ["state table", "ephemeral table", "jobs queue", "discord", "open-meteo-forecasts"] {
        assert_eq!(state(&report, name), "works", "{report}");
    }
    let (status, page) = get(&app, "/status", "en").await;
    assert_eq!((status, page.contains("No known problems")), (200, true), "{page}");
    let (_, page) = get(&app, "/status", "de-AT,de;q=0.9,en;q=0.8").await;
    assert!(page.contains("Keine bekannten Störungen") && page.contains(r#"lang="de""#), "{page}");
    for (path, method, expected) in [("/healthz", "POST", 405), ("/status", "DELETE", 405)] {
        let request = http::Request::builder().method(method).uri(format!("{}{path}", app.stack.url));
        let request = request.body(Bytes::new()).unwrap();
        let response = outbound::Client::new().send(request, Duration::from_secs(30)).await.unwrap();
        assert_eq!(response.status(), expected, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_discords_api_the_bot_is_ready_and_the_page_says_what_does_not_work() {
    let app = TestApp::open().await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = Some(503));
    let (status, report) = ready(&app).await;
    assert_eq!((status, state(&report, "discord")), (200, &json!("broken")), "{report}");
    let (_, page) = get(&app, "/status", "en").await;
    assert!(page.contains("Some things do not work") && page.contains("does not work"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tables_and_queue_the_bot_is_not_ready() {
    let proxy = FaultProxy::default();
    let app = TestApp::with_fault_proxy(&proxy).await;
    proxy.fault(Some(Fault::SlowFrom(0, Duration::from_secs(2))));
    let (status, report) = ready(&app).await;
    assert_eq!(status, 503, "{report}");
    for (name, expected) in [
        ("state table", "broken"),
        ("ephemeral table", "broken"),
        ("jobs queue", "broken"),
        ("discord", "works"),
    ] {
        assert_eq!(state(&report, name), expected, "{report}");
    }
    let (status, page) = get(&app, "/status", "en").await;
    assert_eq!((status, page.contains("Some things do not work")), (200, true), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn however_often_it_is_asked_the_dependencies_are_asked_once_in_ten_seconds() {
    let proxy = FaultProxy::default();
    let app = TestApp::with_fault_proxy(&proxy).await;
    proxy.fault(None);
    for _ in 0..20 {
        ready(&app).await;
        get(&app, "/status", "en").await;
    }
    let calls = proxy.calls().len();
    assert!(calls <= 5, "{:?}", proxy.calls());
    app.pass(11);
    ready(&app).await;
    assert!(proxy.calls().len() > calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_for_how_much_of_the_last_30_days_the_bot_worked() {
    let app = TestApp::open().await;
    let (_, page) = get(&app, "/status", "en").await;
    assert!(!page.contains("30 days"), "nothing is known: {page}");
    app.stack.heartbeat().await;
    // Two hours later: of the first hour one minute is known, of the second none.
    app.pass(2 * 3_600);
    let (_, page) = get(&app, "/status", "en").await;
    let percent = page.split("In the last 30 days it worked ").nth(1).and_then(|rest| rest.split(' ').next());
    let percent: f64 = percent.unwrap_or_else(|| panic!("{page}")).parse().unwrap();
    assert!((0.8..=1.7).contains(&percent), "1 of 61 to 120 minutes, not {percent} %");
    let (_, page) = get(&app, "/status", "de").await;
    assert!(page.contains("In den letzten 30 Tagen funktionierte es "), "{page}");
}
