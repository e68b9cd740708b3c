//! Rate limits and fault injection.

use std::time::Duration;

use axum::http::Request;
use http_body_util::Full;
use serde_json::{Value, json};

use crate::{
    delivery,
    limits::{Rule, rate_limit::Bucket},
    testing::{Answer, TestApp},
};

async fn app() -> TestApp {
    TestApp::open(|_| json!({ "type": 5 })).await
}

async fn write(app: &TestApp) -> Answer {
    let channel = app.discord.status().unwrap().guilds[0].channels[0].id;
    let body = Some(json!({ "content": "hello" }));
    app.call("POST", &format!("/channels/{channel}/messages"), body).await
}

#[tokio::test]
async fn a_bucket_tells_what_is_left_and_is_full_again_after_its_window() {
    let app = app().await;
    for left in (0..5).rev() {
        let answer = write(&app).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["x-ratelimit-limit"], "5");
        assert_eq!(answer.headers["x-ratelimit-remaining"], left.to_string().as_str());
        assert_eq!(answer.headers["x-ratelimit-bucket"].len(), 16);
    }
    let refused = write(&app).await;
    assert_eq!((refused.status, &refused.body["global"]), (429, &json!(false)));
    assert_eq!(refused.headers["x-ratelimit-scope"], "user");
    let wait = refused.body["retry_after"].as_f64().unwrap();
    assert!(wait > 0.0 && wait <= 5.0, "{wait}");
    app.clock.advance(Duration::from_secs_f64(wait));
    assert_eq!(write(&app).await.status, 200);
}

#[tokio::test]
async fn fifty_requests_in_a_second_are_the_most_of_an_application_but_not_of_its_interactions() {
    let app = app().await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    // Counted without HTTP, so that even a busy machine does it within a second.
    let rule = Rule { limit: 1_000, window_ms: 1_000 };
    let bucket = Bucket { name: "any".into(), route: "any".into(), rule, in_global: true };
    for _ in 0..50 {
        // The registration may have counted in the same second, so the last ones may be refused.
        let _ = app.discord.inner.rate_limits.take(&bucket, app.clock.now());
    }
    let refused = app.call("GET", "/users/@me", None).await;
    assert_eq!((refused.status, &refused.body["global"]), (429, &json!(true)));
    assert_eq!(refused.headers["x-ratelimit-scope"], "global");
    assert_eq!(app.edit_original(json!({ "content": "still" })).await.status, 200);
}

#[tokio::test]
async fn the_routes_of_a_webhook_token_share_one_bucket_and_the_callback_has_none() {
    let app = app().await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    for _ in 0..5 {
        assert_eq!(app.edit_original(json!({ "content": "x" })).await.status, 200);
    }
    let follow_up = app.call("POST", &app.webhook(), Some(json!({ "content": "y" }))).await;
    assert_eq!(follow_up.status, 429);
    let token = app.last()["token"].as_str().unwrap().to_owned();
    let path = format!("/interactions/{id}/{token}/callback");
    let again = app.call("POST", &path, Some(json!({ "type": 5 }))).await;
    assert_eq!(again.status, 400);
    assert!(!again.headers.contains_key("x-ratelimit-bucket"));
}

#[tokio::test]
async fn a_resource_that_others_use_up_is_limited_in_scope_shared() {
    let app = app().await;
    app.discord.faults().change(|faults| faults.shared_rate_limit = true);
    let refused = write(&app).await;
    assert_eq!((refused.status, &refused.headers["x-ratelimit-scope"]), (429, &"shared".parse().unwrap()));
}

#[tokio::test]
async fn after_ten_thousand_invalid_requests_cloudflare_answers_without_json_for_ten_minutes() {
    let app = app().await;
    for _ in 0..10_000 {
        app.discord.inner.rate_limits.count_invalid(app.clock.now());
    }
    let banned = app.call("GET", "/users/@me", None).await;
    assert_eq!((banned.status, &banned.body), (429, &Value::Null));
    assert!(banned.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    app.clock.advance(Duration::from_secs(10 * 60));
    assert_eq!(app.call("GET", "/users/@me", None).await.status, 200);
}

#[tokio::test]
async fn a_user_agent_that_is_no_bots_does_not_get_through() {
    let app = app().await;
    for agent in ["curl/8", "DiscordBot", "DiscordBot (https://x.org)"] {
        let refused = app.ask_as(agent, "/users/@me").await;
        assert_eq!((refused.status, &refused.body["code"]), (403, &json!(40333)), "{agent}");
    }
}

#[tokio::test]
async fn a_reset_closes_the_connection_without_an_answer() {
    let app = app().await;
    app.discord.faults().change(|faults| faults.reset_percent = 100);
    let request = Request::get(app.url("/users/@me")).body(Full::default()).unwrap();
    let outcome = delivery::client().request(request).await;
    assert!(outcome.is_err(), "{outcome:?}");
}

#[tokio::test]
async fn a_delivery_can_be_lost_or_come_twice() {
    let app = app().await;
    app.discord.faults().change(|faults| faults.drop_percent = 100);
    let id = app.say("/ping").await;
    assert!(app.settled(id).await.failed());
    assert!(app.received.lock().unwrap().is_empty());
    app.discord.faults().change(|faults| (faults.drop_percent, faults.duplicate_percent) = (0, 100));
    let id = app.say("/ping").await;
    app.first_step(id).await;
    while app.received.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    let received = app.received.lock().unwrap();
    assert_eq!(received[0], received[1]);
}

#[tokio::test]
async fn everybody_is_told_to_wait_while_the_knob_says_so() {
    let app = app().await;
    app.discord.faults().change(|faults| faults.global_rate_limit = Duration::from_secs(7));
    let before = app.discord.calls();
    let refused = write(&app).await;
    assert_eq!((refused.status, &refused.headers["x-ratelimit-scope"]), (429, &"global".parse().unwrap()));
    assert_eq!((&refused.body["global"], &refused.body["retry_after"]), (&json!(true), &json!(7.0)));
    let calls = app.discord.calls();
    assert_eq!((calls.all - before.all, calls.limited - before.limited), (1, 1));
}

#[tokio::test]
async fn the_webhooks_of_a_channel_can_be_limited_together() {
    let app = app().await;
    app.discord.faults().change(|faults| faults.webhooks_per_minute = 1);
    for taken in [true, false] {
        let id = app.say("/ping").await;
        app.first_step(id).await;
        let edited = app.edit_original(json!({ "content": "x" })).await;
        assert_eq!(edited.status == 200, taken, "{}", edited.body);
        assert_eq!(edited.headers.get("x-ratelimit-scope").is_none(), taken);
        if !taken {
            assert_eq!(edited.headers["x-ratelimit-scope"], "shared");
            assert_eq!(edited.headers["x-ratelimit-remaining"], "0");
        }
    }
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(app.edit_original(json!({ "content": "x" })).await.status, 200);
}
