//! User-visible outcomes are counted in every environment and summed.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use local_sqs::Attributes;
use serde_json::{Value, json};
use steward::settings::{JOBS, JOBS_DEAD, TIMERS};
use tests::TestApp;

/// The row of a command.
async fn outcomes_of(app: &TestApp, command: &str) -> Value {
    let request = Request::get(format!("{}/local/status", app.stack.url)).body(Bytes::new()).unwrap();
    let answer = outbound::Client::new().send(request, Duration::from_secs(30)).await.unwrap();
    let status: Value = serde_json::from_slice(answer.body()).unwrap();
    assert!(status["environments"]["interactions"].as_u64() >= Some(1), "{}", status["environments"]);
    let lines = status["outcomes"].as_array().unwrap();
    lines.iter().find(|line| line["command"] == command).cloned().unwrap_or_default()
}

fn counts(line: &Value) -> String {
    let names = ["under_1s", "under_3s", "refused", "failed", "deferred", "done", "expired", "abandoned"];
    let counted = names.into_iter().filter(|name| line[name].as_u64() > Some(0));
    counted.map(|name| format!("{name} {}", line[name])).collect::<Vec<_>>().join(", ")
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_counted_by_how_long_they_took_in_all_environments_together() {
    let app = TestApp::with_environments(3).await;
    let slow = |milliseconds: u64| format!("/misbehave run:answer run_takes:{milliseconds}");
    let (one, two, three) = (slow(600), slow(600), slow(1_200));
    let member = app.member();
    let (one, two, three) = tokio::join!(member.says(&one), member.says(&two), member.says(&three));
    for asked in [one, two, three] {
        asked.settled().await;
    }
    assert!(app.stack.interactions.started() >= 3);
    app.member().says("/misbehave run:too_long").await.settled().await;
    app.member().says("/misbehave run:refuse").await.settled().await;
    let line = outcomes_of(&app, "misbehave").await;
    assert_eq!(counts(&line), "under_1s 2, under_3s 1, refused 1, failed 1");
    assert_eq!(line["version"], engine::VERSION);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deferred_is_counted_again_by_how_it_ended() {
    let app = TestApp::open().await;
    app.member().says("/misbehave").await.settled().await;
    let failing = app.member().says("/misbehave work:fail").await;
    app.pass_until("a dead letter", || app.queued(JOBS_DEAD) == 1).await;
    failing.settled().await;
    let slow = Attributes { delay: 14 * 60 + 1, ..app.stack.queues.attributes(JOBS).unwrap() };
    app.stack.queues.set_attributes(JOBS, &slow).unwrap();
    app.member().says("/misbehave").await.first().await;
    app.pass(14 * 60);
    app.pass_until("the job is settled", || app.queued(JOBS) == 0).await;
    app.pass_until("its watchdog has told the user", || app.queued(TIMERS) == 0).await;
    assert_eq!(counts(&outcomes_of(&app, "misbehave").await), "failed 2, deferred 3, done 1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_arrives_too_late_is_not_done_and_its_user_is_told_by_the_watchdog() {
    let app = TestApp::open().await;
    let slow = Attributes { delay: 14 * 60 + 20, ..app.stack.queues.attributes(JOBS).unwrap() };
    app.stack.queues.set_attributes(JOBS, &slow).unwrap();
    for ending in ["answer", "refuse", "too_long", "fail"] {
        app.member().says(&format!("/misbehave work:{ending}")).await.first().await;
    }
    app.pass(13 * 60 + 55);
    app.pass_until("all watchdogs have ended", || app.queued(TIMERS) == 0).await;
    app.pass_until("no job is left", || app.queued(JOBS) == 0).await;
    assert_eq!(counts(&outcomes_of(&app, "misbehave").await), "failed 4, deferred 4");
    assert_eq!(app.queued(JOBS_DEAD), 4);
}

/// The application's response to a member's command that was created this long ago.
async fn deliver_aged(app: &TestApp, command: &str, age: Duration, options: Value) -> Value {
    /// Source: Discord, "Snowflakes".
    const EPOCH_MS: i64 = 1_420_070_400_000;
    let status = app.stack.discord.status().unwrap();
    let (guild, user) = (&status.guilds[0].id, &status.users[0].id);
    let created = app.stack.clock.now() - age;
    let body = json!({
        "type": 2, "id": ((created.as_millisecond() - EPOCH_MS) << 22).to_string(), "token": "t",
        "application_id": status.application_id, "guild_id": guild, "locale": "en-US",
        "member": { "user": { "id": user }, "permissions": "0" },
        "data": { "type": 1, "id": "1", "name": command, "options": options },
    });
    let answer = app.stack.discord.deliver(body.to_string().into_bytes()).await.unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_too_late_for_discord_changes_nothing_and_sends_nothing() {
    let app = TestApp::open().await;
    let (before, calls) = (app.state().await, app.stack.discord.calls());
    for options in [json!([]), json!([{ "type": 3, "name": "run", "value": "answer" }])] {
        let answer = deliver_aged(&app, "misbehave", Duration::from_secs(5), options).await;
        assert_eq!((&answer["type"], &answer["data"]["flags"]), (&json!(4), &json!(64)), "{answer}");
        assert!(answer["data"]["content"].as_str().unwrap().contains("too late"), "{answer}");
    }
    let changed = (app.state().await != before, app.stack.discord.calls() != calls);
    assert_eq!((changed, app.queued(JOBS), app.queued("timers")), ((false, false), 0, 0));
    assert_eq!(counts(&outcomes_of(&app, "misbehave").await), "failed 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_left_after_three_seconds_is_a_failure_however_quick_the_function_was() {
    let app = TestApp::open().await;
    let answer = deliver_aged(&app, "ping", Duration::from_millis(3_001), json!([])).await;
    assert_eq!(answer["type"], 4, "{answer}");
    assert_eq!(counts(&outcomes_of(&app, "ping").await), "failed 1");
}
