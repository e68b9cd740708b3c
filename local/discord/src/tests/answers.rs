//! Responses, edits, follow-ups, and what the user sees of them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Seen, model::interaction, render, testing::TestApp};

fn hello(_: &Value) -> Value {
    json!({ "type": 4, "data": {
        "content": "hello",
        "embeds": [{ "title": "Sun", "description": "all day", "fields": [{ "name": "Wind", "value": "none" }],
                     "footer": { "text": "as of now" } }],
        "components": [{ "type": 1, "components": [
            { "type": 2, "style": 1, "label": "Again", "custom_id": "again" },
            { "type": 2, "style": 2, "label": "Never", "custom_id": "never", "disabled": true }] }],
    } })
}

fn defer_privately(_: &Value) -> Value {
    json!({ "type": 5, "data": { "flags": 64 } })
}

#[tokio::test]
async fn an_instant_answer_is_a_message_in_the_channel() {
    let app = TestApp::open(hello).await;
    let id = app.say("/ping").await;
    let view = app.settled(id).await;
    assert!(
        matches!(view.steps[..], [ref step] if matches!(step.seen, Seen::Message { private: false, .. }))
    );
    let message = view.message().unwrap();
    let lines = render(message);
    assert_eq!(lines, ["hello", "Sun", "all day", "Wind", "  none", "as of now", "[Again] [Never]"]);
    assert_eq!(message["type"], 20);
    assert_eq!(message["webhook_id"], json!(app.discord.application_id()));
    assert_eq!(message["interaction_metadata"]["id"], json!(id));
    assert_eq!(message["embeds"][0]["type"], "rich");
    assert_eq!(message["components"][0]["components"][1]["id"], 3);
    assert_eq!(message["timestamp"].as_str().unwrap().len(), "2024-01-02T03:04:05.678000+00:00".len());
    assert!(message["timestamp"].as_str().unwrap().ends_with("000+00:00"));
}

#[tokio::test]
async fn a_deferred_answer_thinks_until_it_is_edited() {
    let app = TestApp::open(defer_privately).await;
    let id = app.say("/ping").await;
    let thinking = app.first_step(id).await;
    assert_eq!(thinking.steps[0].seen, Seen::Thinking { private: true });
    assert!(!thinking.settled);
    let loading = app.call("GET", &format!("{}/messages/@original", app.webhook()), None).await;
    assert_eq!((loading.status, &loading.body["flags"]), (200, &json!(64 | 128)));

    let edited = app.edit_original(json!({ "content": "done" })).await;
    assert_eq!((edited.status, &edited.body["flags"]), (200, &json!(64)));
    assert!(edited.body["edited_timestamp"].is_string());
    assert_eq!(edited.headers["content-type"], "application/json");
    let view = app.settled(id).await;
    assert!(view.settled && !view.failed());
    assert_eq!(render(view.message().unwrap()), ["done"]);
    assert_eq!(app.discord.edits(id).unwrap(), 1);
    let counts = app.discord.status().unwrap().interactions;
    assert_eq!((counts.answered, counts.deferred, counts.edited, counts.failed), (0, 1, 1, 0));
}

#[tokio::test]
async fn a_follow_up_fills_the_loading_message_and_the_next_is_a_message_of_its_own() {
    let app = TestApp::open(defer_privately).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let first = app.call("POST", &app.webhook(), Some(json!({ "content": "one" }))).await;
    assert_eq!((first.status, &first.body["flags"]), (200, &json!(64)));
    let second = app.call("POST", &app.webhook(), Some(json!({ "content": "two" }))).await;
    assert_ne!(first.body["id"], second.body["id"]);
    let original = &second.body["interaction_metadata"]["original_response_message_id"];
    assert_eq!(original, &first.body["id"]);

    let path = format!("{}/messages/{}", app.webhook(), second.body["id"].as_str().unwrap());
    assert_eq!(app.call("DELETE", &path, None).await.status, 204);
    let gone = app.call("GET", &path, None).await;
    assert_eq!((gone.status, gone.body), (404, json!({ "message": "Unknown Message", "code": 10008 })));
    assert_eq!(app.discord.edits(id).unwrap(), 0);
}

#[tokio::test]
async fn answers_that_do_not_fit_are_shown_as_no_response_and_kill_the_token() {
    let wrong: [fn(&Value) -> Value; 6] = [
        |_| json!(500),
        |_| json!({ "type": 6 }),
        |_| json!({ "type": 4, "data": { "content": "" } }),
        |_| json!({ "type": 4, "data": { "content": "x".repeat(2001) } }),
        |_| json!({ "type": 5, "data": { "flags": 4 } }),
        |_| json!({ "type": 99 }),
    ];
    for respond in wrong {
        let app = TestApp::open(respond).await;
        let id = app.say("/ping").await;
        let view = app.settled(id).await;
        assert!(view.failed(), "{view:?}");
        let late = app.edit_original(json!({ "content": "late" })).await;
        assert_eq!((late.status, &late.body["code"]), (404, &json!(10015)));
        let token = app.last()["token"].as_str().unwrap().to_owned();
        let path = format!("/interactions/{id}/{token}/callback");
        let late = app.call("POST", &path, Some(json!({ "type": 5 }))).await;
        assert_eq!((late.status, &late.body["code"]), (404, &json!(10062)));
        assert_eq!(app.discord.status().unwrap().interactions.failed, 1);
    }
}

#[tokio::test]
async fn an_application_that_is_silent_for_three_seconds_did_not_respond() {
    let silent = TestApp::open(|_| json!("silence")).await;
    let promising = TestApp::open(|_| Value::Null).await;
    let ids = (silent.say("/ping").await, promising.say("/ping").await);
    let (silence, broken_promise) = tokio::join!(silent.settled(ids.0), promising.settled(ids.1));
    for view in [silence, broken_promise] {
        assert!(view.failed());
        assert!((2900..4000).contains(&view.steps[0].ms), "{view:?}");
    }
}

#[tokio::test]
async fn a_callback_answers_an_interaction_accepted_with_202() {
    let app = TestApp::open(|_| Value::Null).await;
    let id = app.say("/ping").await;
    while app.received.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let token = app.last()["token"].as_str().unwrap().to_owned();
    let path = format!("/interactions/{id}/{token}/callback");
    let long = json!({ "type": 4, "data": { "content": "x".repeat(2001) } });
    let refused = app.call("POST", &path, Some(long)).await;
    assert_eq!(refused.body["errors"]["data"]["content"]["_errors"][0]["code"], "BASE_TYPE_MAX_LENGTH");
    let good = json!({ "type": 4, "data": { "content": "by callback" } });
    let taken = app.call("POST", &format!("{path}?with_response=true"), Some(good.clone())).await;
    assert_eq!((taken.status, &taken.body["resource"]["message"]["content"]), (200, &json!("by callback")));
    let again = app.call("POST", &path, Some(good)).await;
    assert_eq!((again.status, &again.body["code"]), (400, &json!(40060)));
    assert_eq!(render(app.settled(id).await.message().unwrap()), ["by callback"]);
}

#[tokio::test]
async fn after_fifteen_minutes_the_token_is_invalid_and_thinking_ends() {
    let app = TestApp::open(defer_privately).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    app.clock.advance(Duration::from_secs(15 * 60));
    let late = app.edit_original(json!({ "content": "late" })).await;
    assert_eq!((late.status, late.body), (401, json!({ "message": "Invalid Webhook Token", "code": 50027 })));
    assert!(app.settled(id).await.failed());
}

#[tokio::test]
async fn an_application_that_only_the_user_installed_has_five_follow_ups() {
    let app = TestApp::open(hello).await;
    let id = app.say("/ping").await;
    app.settled(id).await;
    let only_user = |db: &rusqlite::Transaction<'_>| {
        let mut interaction = interaction::load(db, id)?.unwrap();
        interaction.owners = json!({ "1": interaction.user });
        interaction::save(db, &interaction)
    };
    app.discord.inner.store.write(only_user).unwrap();
    let follow_up = async || {
        // Not to run into the rate limit of the webhook.
        app.clock.advance(Duration::from_secs(2));
        app.call("POST", &app.webhook(), Some(json!({ "content": "more" }))).await
    };
    for _ in 0..5 {
        assert_eq!(follow_up().await.status, 200);
    }
    let sixth = follow_up().await;
    assert_eq!((sixth.status, &sixth.body["code"]), (400, &json!(40094)));
}

#[tokio::test]
async fn a_promise_that_is_taken_away_is_kept_by_a_follow_up_alone() {
    let app = TestApp::open(|_| json!({ "type": 5 })).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let original = format!("{}/messages/@original", app.webhook());
    assert_eq!(app.call("DELETE", &original, None).await.status, 204);
    assert!(!app.discord.view(id).unwrap().settled, "nobody has said anything");
    let gone = app.call("DELETE", &original, None).await;
    assert_eq!((gone.status, &gone.body["code"]), (404, &json!(10008)));
    let body = json!({ "content": "not here", "flags": 64 });
    let said = app.call("POST", &app.webhook(), Some(body)).await;
    assert_eq!((said.status, &said.body["flags"]), (200, &json!(64)));
    let view = app.settled(id).await;
    assert!(matches!(view.steps.last().unwrap().seen, Seen::FollowUp { private: true, .. }));
    assert_eq!(view.steps.len(), 3, "thinking, deleted and said");
}

#[tokio::test]
async fn a_follow_up_takes_the_place_of_thinking_for_the_eyes_that_saw_it() {
    let app = TestApp::open(|_| json!({ "type": 5 })).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let body = json!({ "content": "not in private", "flags": 64 });
    let said = app.call("POST", &app.webhook(), Some(body)).await;
    assert_eq!((said.status, &said.body["flags"]), (200, &json!(0)));
}

#[tokio::test]
async fn an_answer_that_is_refused_is_traced_with_discords_error_at_its_path() {
    let app = TestApp::open(|_| json!({ "type": 4, "data": { "content": "x".repeat(2_001) } })).await;
    let id = app.say("/ping").await;
    assert!(app.settled(id).await.failed());
    let traced = app.discord.traced().unwrap();
    let [delivery] = &traced[0].wires[..] else { panic!("one delivery") };
    let error: Value = serde_json::from_str(delivery.refused.as_ref().unwrap()).unwrap();
    assert_eq!((delivery.status, &error["code"]), (Some(200), &json!(50035)));
    let fault = &error["errors"]["data"]["content"]["_errors"][0];
    assert_eq!(fault["code"], "BASE_TYPE_MAX_LENGTH", "{error}");
}

#[tokio::test]
async fn every_call_is_remembered_whether_it_is_of_an_interaction_or_not() {
    let app = TestApp::open(defer_privately).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    app.edit_original(json!({ "content": "done" })).await;
    app.call("GET", "/users/@me?x=1", None).await;
    let calls = app.discord.latest_calls();
    let told = |at: usize| (calls[at].call.as_str(), calls[at].status, calls[at].interaction);
    assert_eq!(told(0), ("GET /users/@me?x=1", Some(200), None));
    assert_eq!(told(1), ("PATCH /webhooks/…/messages/@original", Some(200), Some(id)));
}
