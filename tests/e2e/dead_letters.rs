//! Dead letters: their reason, redriving and dropping, without the text of users.

use std::time::Duration;

use aws::Selection;
use bytes::Bytes;
use domain::dead_letter::Kind;
use http::Request;
use local_sqs::Outgoing;
use serde_json::{Value, json};
use steward::settings::{JOBS, JOBS_DEAD};
use tests::{Interaction, TestApp};

use crate::environment::{everybody_takes_jobs, nobody_takes_jobs};

async fn failed<'a>(app: &'a TestApp, line: &str) -> Interaction<'a> {
    let dead = app.queued(JOBS_DEAD);
    let asked = app.member().says(line).await;
    app.pass_until("a dead letter", || app.queued(JOBS_DEAD) == dead + 1).await;
    asked
}

async fn poisoned(app: &TestApp, message: &Outgoing) -> String {
    let dead = app.queued(JOBS_DEAD);
    app.stack.queues.send(JOBS, message).unwrap();
    // A longer step would end the visibility timeout of a receive that is still at it.
    for _ in 0..20 {
        if app.queued(JOBS_DEAD) == dead + 1 {
            break;
        }
        app.pass(60);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let all = app.stack.queues.peek(JOBS_DEAD, 10).unwrap();
    all.into_iter().find(|it| it.body == message.body).expect("the message").message_id
}

async fn ask(app: &TestApp, path: &str, body: Option<Value>) -> Value {
    let url = format!("{}/local/dead-letters{path}", app.stack.url);
    let request = if body.is_some() { Request::post(url) } else { Request::get(url) };
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let request = request.header("content-type", "application/json").body(Bytes::from(body)).unwrap();
    let answer = outbound::Client::new().send(request, Duration::from_secs(30)).await.unwrap();
    assert_eq!(answer.status(), 200, "{answer:?}");
    serde_json::from_slice(answer.body()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_says_which_interaction_it_was_and_why_and_shows_no_secret() {
    let app = TestApp::open().await;
    tests::forbid("pomegranate");
    let job = failed(&app, "/misbehave work:fail").await;
    let panicked = failed(&app, "/misbehave work:panic").await;
    let poison = poisoned(&app, &Outgoing::new("pomegranate")).await;
    let told = ask(&app, "", None).await;
    let reasons: Vec<_> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["id"].as_str().unwrap(), it["command"].clone(), it["reason"].as_str().unwrap()))
        .collect();
    let (job, panicked) = (job.id.to_string(), panicked.id.to_string());
    let misbehave = json!("misbehave");
    assert_eq!(
        reasons,
        [
            (job.as_str(), misbehave.clone(), "misbehave: as asked"),
            (panicked.as_str(), misbehave, "command: panic"),
            (poison.as_str(), Value::Null, "unreadable"),
        ]
    );
    assert_eq!((&told[0]["attempts"], &told[0]["guild"].is_string()), (&json!(4), &true));
    let token = app.stack.queues.peek(JOBS_DEAD, 1).unwrap().remove(0).body;
    let token = serde_json::from_str::<Value>(&token).unwrap()["token"].as_str().unwrap().to_owned();
    let text = told.to_string();
    assert!(!text.contains(&token) && !text.contains("pomegranate") && !text.contains("token"), "{text}");
    // Listing does not change them.
    assert_eq!(ask(&app, "", None).await.as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_redriven_though_its_user_was_told_that_it_failed() {
    let app = TestApp::open().await;
    let asked = failed(&app, "/misbehave work:fail").await;
    let letter = app.stack.dead_letters.list().await.unwrap().remove(0);
    assert_eq!((letter.reason.as_str(), letter.expired), ("misbehave: as asked", false));
    assert_eq!(ask(&app, "/redrive", Some(json!({"id": asked.id.to_string()}))).await, json!({"done": 1}));
    app.pass_until("it is back", || app.queued(JOBS) == 0 && app.queued(JOBS_DEAD) == 1).await;
    let letter = app.stack.dead_letters.list().await.unwrap().remove(0);
    assert_eq!((letter.attempts, asked.edits()), (Some(5), 1), "one attempt more, and the user is told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redriven_job_whose_token_has_died_is_done_for_its_effect() {
    let app = TestApp::open().await;
    nobody_takes_jobs(&app);
    let asked = app.member().says("/misbehave").await;
    asked.first().await;
    app.pass(15 * 60);
    app.pass_until("a dead letter", || app.queued(JOBS_DEAD) == 1).await;
    everybody_takes_jobs(&app);
    assert!(app.stack.dead_letters.list().await.unwrap()[0].expired);
    let calls = app.stack.discord.webhook_calls(asked.id);
    assert_eq!(app.stack.dead_letters.redrive(&Selection::All).await, Ok(1));
    app.pass_until("the job is settled", || app.queued(JOBS) + app.queued(JOBS_DEAD) == 0).await;
    assert_eq!(app.stack.discord.webhook_calls(asked.id), calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_redriven_or_dropped_and_the_others_stay() {
    let app = TestApp::open().await;
    let marked = Outgoing { group: Some("orchard".to_owned()), ..Outgoing::new("pomegranate") };
    let first = poisoned(&app, &marked).await;
    let second = poisoned(&app, &Outgoing::new(r#"{"v":99}"#)).await;
    let letters = app.stack.dead_letters.list().await.unwrap();
    let told: Vec<_> = letters.iter().map(|it| (it.kind, it.reason.as_str())).collect();
    assert_eq!(told, [(Kind::Poison, "unreadable"), (Kind::Poison, "version 99")]);
    nobody_takes_jobs(&app);

    assert_eq!(ask(&app, "/drop", Some(json!({"id": "no such"}))).await, json!({"done": 0}));
    assert_eq!(ask(&app, "/drop", Some(json!({"id": second}))).await, json!({"done": 1}));
    assert_eq!(ask(&app, "/redrive", Some(json!({"id": first}))).await, json!({"done": 1}));
    app.pass_until("it is back", || app.queued(JOBS) == 1).await;
    let back = app.stack.queues.peek(JOBS, 1).unwrap().remove(0);
    assert_eq!((back.body, back.group), (marked.body, marked.group));
    assert_eq!(back.attributes.keys().collect::<Vec<_>>(), ["redriven"]);
    assert_eq!(app.queued(JOBS_DEAD), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_there_by_hand_has_nowhere_to_go_back_to() {
    let app = TestApp::open().await;
    app.stack.queues.send(JOBS_DEAD, &Outgoing::new("{}")).unwrap();
    assert_eq!(app.stack.dead_letters.redrive(&Selection::All).await, Ok(0));
    assert_eq!(app.stack.dead_letters.drop(&Selection::All).await, Ok(1));
    assert_eq!(app.queued(JOBS_DEAD), 0);
}
