//! Signatures, PING and raw deliveries.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use crate::{
    delivery::endpoint_check::EndpointCheck,
    fault_injection::FaultInjection,
    render,
    testing::{TestApp, is_signed, serve},
};

#[tokio::test]
async fn the_application_can_check_every_signature() {
    let app = TestApp::open(|_| json!({ "type": 1 })).await;
    let body = br#"{"type":1}"#;
    let mut headers = HeaderMap::new();
    headers.insert("x-signature-timestamp", "1700000000".parse().unwrap());
    let signature = app.discord.sign("1700000000", body);
    headers.insert("x-signature-ed25519", signature.parse().unwrap());
    assert!(is_signed(&app.discord.public_key(), &headers, body));
    assert!(!is_signed(&app.discord.public_key(), &headers, br#"{"type":2}"#));
}

#[tokio::test]
async fn a_ping_is_answered_with_a_pong() {
    let app = TestApp::open(|_| json!({ "type": 1 })).await;
    app.discord.ping().await.unwrap();
    assert_eq!(app.last()["user"]["id"], "643945264868098049");
    app.discord.set_interactions_url("http://127.0.0.1:9/nobody");
    assert!(app.discord.ping().await.is_err());
}

#[tokio::test]
async fn any_body_is_signed_and_delivered_as_it_is() {
    let app = TestApp::open(|_| json!({ "type": 5 })).await;
    let sample = br#"{ "type": 2, "token": "sample" }"#.to_vec();
    let answer = app.discord.deliver(sample).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body.as_ref(), br#"{"type":5}"#);
    assert_eq!(app.last()["token"], "sample");
}

#[tokio::test]
async fn an_endpoint_is_taken_only_if_it_answers_ping_and_refuses_forgeries() {
    let app = TestApp::open(|_| json!({ "type": 1 })).await;
    let good = app.discord.interactions_url();
    let taken =
        app.call("PATCH", "/applications/@me", Some(json!({ "interactions_endpoint_url": good }))).await;
    assert_eq!((taken.status, &taken.body["interactions_endpoint_url"]), (200, &json!(good)));
    let bad = json!({ "interactions_endpoint_url": "http://127.0.0.1:9/nobody" });
    let refused = app.call("PATCH", "/applications/@me", Some(bad)).await;
    assert_eq!((refused.status, &refused.body["code"]), (400, &json!(50035)));
    let error = &refused.body["errors"]["interactions_endpoint_url"]["_errors"][0];
    assert_eq!(error["code"], "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID");
    assert_eq!(app.discord.interactions_url(), good);

    let none = json!({ "interactions_endpoint_url": null });
    assert_eq!(app.call("PATCH", "/applications/@me", Some(none)).await.status, 200);
    let id = app.say("/ping").await;
    let seen = json!(app.settled(id).await.steps[0].seen);
    let why = "the application has no interactions endpoint URL: PATCH /applications/@me sets it";
    assert_eq!(seen, json!({ "seen": "did_not_respond", "reason": why }));
}

/// The public key, and whether signatures are checked.
#[derive(Clone)]
struct EndpointState(String, Arc<AtomicBool>);

async fn enter(State(door): State<EndpointState>, headers: HeaderMap, body: Bytes) -> Response {
    if door.1.load(Ordering::Relaxed) && !is_signed(&door.0, &headers, &body) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let interaction: Value = serde_json::from_slice(&body).unwrap();
    let kind = if interaction["type"] == 1 { 1 } else { 4 };
    Json(json!({ "type": kind, "data": { "content": "hello" } })).into_response()
}

#[tokio::test]
async fn an_endpoint_that_begins_to_take_bad_signatures_loses_its_url() {
    let app = TestApp::open(|_| json!({ "type": 5 })).await;
    let checks = Arc::new(AtomicBool::new(true));
    let door = EndpointState(app.discord.public_key(), Arc::clone(&checks));
    let url = format!("{}/door", serve(Router::new().route("/door", post(enter)).with_state(door)).await);
    let save = || app.call("PATCH", "/applications/@me", Some(json!({ "interactions_endpoint_url": url })));
    assert_eq!(save().await.status, 200);
    app.discord.faults().change(|faults| faults.probe_percent = 100);
    let id = app.say("/ping").await;
    assert_eq!(render(app.settled(id).await.message().unwrap()), ["hello"]);
    assert_eq!(app.discord.status().unwrap().endpoint_removed, None);

    checks.store(false, Ordering::Relaxed);
    let removed = || app.discord.status().unwrap().endpoint_removed;
    for _ in 0..200 {
        if removed().is_some() {
            break;
        }
        app.say("/ping").await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(removed().unwrap(), "a bad signature was answered with 200 OK");
    assert_eq!(app.discord.status().unwrap().interactions_endpoint_url, "");
    let id = app.say("/ping").await;
    let seen = json!(app.settled(id).await.steps[0].seen);
    let why = "its endpoint URL was removed, because a bad signature was answered with 200 OK";
    assert_eq!(seen, json!({ "seen": "did_not_respond", "reason": why }));
    assert!(app.discord.refusals().iter().any(|refusal| refusal.contains("was removed")));

    assert_eq!(save().await.status, 400);
    let why = format!(
        "the endpoint {url} was not verified: a request signed for another time: a bad \
         signature was answered with 200 OK"
    );
    assert!(app.discord.refusals().contains(&why), "{:?}", app.discord.refusals());
    checks.store(true, Ordering::Relaxed);
    assert_eq!(save().await.status, 200);
    let id = app.say("/ping").await;
    assert!(!app.settled(id).await.failed());
}

#[test]
fn the_same_seed_checks_the_endpoint_at_the_same_moments_and_sends_every_kind() {
    let draw = |seed| {
        let faults = FaultInjection::with_seed(seed);
        faults.change(|faults| faults.probe_percent = 20);
        (0..500).map(|_| faults.draw_endpoint_check()).collect::<Vec<_>>()
    };
    let drawn = draw(7);
    assert_eq!(drawn, draw(7));
    assert_ne!(drawn, draw(8));
    assert!(EndpointCheck::ALL.iter().all(|check| drawn.contains(&Some(*check))));
    assert!((50..150).contains(&drawn.iter().flatten().count()));
}

#[test]
fn knobs_are_turned_by_name_and_only_those_that_are_there() {
    let faults = FaultInjection::with_seed(7);
    let change = |named: Value| faults.change_named(serde_json::from_value(named).unwrap());
    let turned = change(json!({ "probe_percent": 30, "latency_ms": 5 })).unwrap();
    assert_eq!((turned.probe_percent, turned.latency), (30, Duration::from_millis(5)));
    assert!(change(json!({ "probes": 1 })).unwrap_err().contains("unknown field"));
    assert!(change(json!({ "drop_percent": 300 })).is_err());
    assert_eq!(faults.get(), turned);
}
