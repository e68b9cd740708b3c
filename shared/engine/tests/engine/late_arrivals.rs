//! Interactions that arrive when most of Discord's three seconds, or all of them, have passed.

use std::time::Duration;

use domain::measurement::Outcome;
use local_discord::Seen;
use serde_json::{Value, json};

use crate::{
    harness::{JOBS, TIMERS, TestApp, id_at},
    wire::Fault,
};

/// The response to an interaction that was created this long ago, and its outcome.
async fn arrives(app: &TestApp, age_ms: u64, mut fields: Value) -> (Value, Outcome) {
    fields["id"] = id_at(app.clock.now() - Duration::from_millis(age_ms)).to_string().into();
    app.answer(&app.services, fields).await
}

fn command(name: &str, options: &Value) -> Value {
    json!({ "type": 2, "data": { "type": 1, "id": "1", "name": name, "options": options }, "user": { "id": "7" } })
}

fn option(name: &str, value: &Value) -> Value {
    json!({ "name": name, "type": if value.is_string() { 3 } else { 4 }, "value": value })
}

#[tokio::test(start_paused = true)]
async fn what_arrives_too_late_for_discord_changes_nothing_and_sends_nothing() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let user = panel.message()["interaction_metadata"]["user"]["id"].clone();
    let asked = panel.pressed("Ask").await.view();
    let form = asked.steps.iter().find_map(|step| match &step.seen {
        Seen::Modal { modal } => Some(modal["custom_id"].clone()),
        _ => None,
    });
    let component = |kind, data| json!({ "type": kind, "data": data, "user": { "id": user } });
    let later = panel.custom_id("Later");
    let typed = json!({ "name": "place", "type": 3, "value": "Par", "focused": true });
    let late = [
        (command("act", &json!([option("run", &json!("answer"))])), 4),
        (command("slow", &json!([])), 4),
        (command("ping", &json!([])), 4),
        (component(3, json!({ "component_type": 2, "custom_id": later })), 4),
        (component(5, json!({ "custom_id": form.unwrap(), "components": [] })), 4),
        (
            json!({ "type": 4, "data": { "type": 1, "name": "forecast", "options": [typed] }, "user": { "id": "7" } }),
            8,
        ),
    ];
    app.wire.forget();
    for age_ms in [3_201, 5_000, 15 * 60_000] {
        for (fields, kind) in &late {
            let (answer, outcome) = arrives(&app, age_ms, fields.clone()).await;
            assert_eq!((outcome, &answer["type"]), (Outcome::Late, &json!(kind)), "{age_ms} ms, {fields}");
            let text = answer["data"]["content"].as_str();
            assert!(text.is_none_or(|text| text.contains("too late")), "{answer}");
        }
    }
    assert_eq!((app.wire.calls(""), app.queued(JOBS), app.queued(TIMERS)), (0, 0, 0));
    // What is a little younger is done, and so is a sample event, which is older than any token.
    for age_ms in [2_200, 15 * 60_000 + 1] {
        let (_, outcome) = arrives(&app, age_ms, late[1].0.clone()).await;
        assert_eq!(outcome, Outcome::Deferred, "{age_ms} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn an_interaction_that_arrives_late_is_answered_before_discord_gives_up_however_slow_the_tables_are() {
    let app = TestApp::open().await;
    app.wire.fail("dynamodb", Fault::Hang);
    app.wire.fail("sqs SendMessage", Fault::Slow(Duration::from_millis(350)));
    // From 3 s on Discord has given up, and no job is sent.
    for (age_ms, limit_ms, outcome) in [
        (2_200, 2_700, Outcome::Deferred),
        (2_450, 2_850, Outcome::Deferred),
        (3_100, 3_110, Outcome::Failed),
    ] {
        let begun = app.clock.now();
        let (_, ended) = arrives(&app, age_ms, command("slow", &json!([]))).await;
        let took = Duration::try_from(app.clock.now().duration_since(begun)).unwrap();
        let age = took + Duration::from_millis(age_ms);
        assert_eq!(ended, outcome, "{age_ms} ms");
        assert!(age <= Duration::from_millis(limit_ms), "{age_ms} ms: answered at {age:?}");
    }
    assert_eq!(app.queued(JOBS), 2);
}

#[tokio::test(start_paused = true)]
async fn state_that_cannot_be_stored_leaves_the_queue_its_time() {
    let app = TestApp::open().await;
    app.wire.fail("dynamodb PutItem STATE#", Fault::Hang);
    app.wire.fail("sqs SendMessage", Fault::Slow(Duration::from_millis(350)));
    let asked = app.says("/act run:keep run_takes:1500 work:keep").await;
    assert_eq!(asked.outcome(), Outcome::Deferred);
    assert!(asked.view().steps[0].ms <= 2_400, "{} ms", asked.view().steps[0].ms);
}

#[tokio::test(start_paused = true)]
async fn what_arrives_too_late_counts_towards_no_rate_limit() {
    let app = TestApp::open().await;
    for _ in 0..200 {
        arrives(&app, 4_000, command("act", &json!([option("run", &json!("answer"))]))).await;
    }
    let (_, outcome) =
        app.answer(&app.services, command("act", &json!([option("run", &json!("answer"))]))).await;
    assert_eq!(outcome, Outcome::Answered);
}
