//! "Unknown Webhook" right after a response, and outages.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::testing::TestApp;

fn defer(_: &Value) -> Value {
    json!({ "type": 5 })
}

#[tokio::test]
async fn the_webhook_is_unknown_for_a_while_after_the_inline_answer() {
    let app = TestApp::open(defer).await;
    app.discord.faults().change(|faults| faults.unknown_webhook_for = Duration::from_millis(300));
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let early = app.edit_original(json!({ "content": "done" })).await;
    assert_eq!((early.status, early.body), (404, json!({ "message": "Unknown Webhook", "code": 10015 })));
    tokio::time::sleep(Duration::from_millis(320)).await;
    assert_eq!(app.edit_original(json!({ "content": "done" })).await.status, 200);
    assert_eq!(app.discord.edits(id).unwrap(), 1);
    assert_eq!(app.discord.webhook_calls(id), 2);
}

#[tokio::test]
async fn the_first_webhook_calls_of_an_interaction_can_be_refused_by_count() {
    let app = TestApp::open(defer).await;
    app.discord.faults().change(|faults| faults.unknown_webhook_times = 2);
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(app.edit_original(json!({ "content": "done" })).await.status);
    }
    assert_eq!(statuses, [404, 404, 200]);
}

#[tokio::test]
async fn an_outage_refuses_every_webhook_call_until_it_ends() {
    let app = TestApp::open(defer).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    app.discord.faults().change(|faults| faults.fail_webhooks = Some(429));
    let limited = app.edit_original(json!({ "content": "done" })).await;
    assert_eq!(limited.status, 429);
    assert_eq!(limited.headers["retry-after"], "1");
    assert_eq!(limited.body["retry_after"], 1.0);
    app.discord.faults().change(|faults| faults.fail_webhooks = Some(500));
    assert_eq!(app.edit_original(json!({ "content": "done" })).await.status, 500);
    app.discord.faults().change(|faults| faults.fail_webhooks = None);
    assert_eq!(app.edit_original(json!({ "content": "done" })).await.status, 200);
}

#[tokio::test]
async fn latency_holds_every_call_up() {
    let app = TestApp::open(defer).await;
    app.discord.faults().change(|faults| faults.latency = Duration::from_millis(150));
    let began = Instant::now();
    app.call("GET", "/users/@me", None).await;
    assert!(began.elapsed() >= Duration::from_millis(150));
}
