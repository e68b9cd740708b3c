//! The inspector with the whole stack.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use jobs::Jobs;
use runtime::Function;
use serde_json::json;
use steward::settings::JOBS;
use tests::TestApp;

use crate::page::{act, read};

/// The rows of an interaction's timeline: where and what.
async fn timeline(app: &TestApp, interaction: &str) -> Vec<String> {
    let drawer = read(app, &format!("/page/drawer/interactions?only={interaction}")).await;
    let table = drawer.split("<tbody>").nth(1).expect("a timeline").split("</tbody>").next().unwrap();
    let rows = table.split("<tr").skip(1).map(|row| {
        let place = text(row, "where");
        let what = text(row, "told");
        format!("{place}: {what}")
    });
    rows.collect()
}

/// The text of a cell.
fn text(row: &str, class: &str) -> String {
    let cell = row.split(&format!("<td class=\"{class}\">")).nth(1).expect("the cell");
    // The text between tags.
    let parts = cell.split("</td>").next().unwrap().split('<');
    let words = parts.map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    words.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// Checks that rows contain these texts in this order.
fn assert_in_order(rows: &[String], wanted: &[&str]) {
    let mut rest = rows.iter();
    for one in wanted {
        assert!(rest.any(|row| row.contains(one)), "{one} is not where it should be in {rows:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deferred_command_shows_when_it_was_verified_queued_claimed_and_edited() {
    let app = TestApp::open().await;
    let asked = app.member().says("/misbehave").await;
    asked.settled().await;
    app.pass_until("the job is settled", || app.queued(JOBS) == 0).await;
    let rows = timeline(&app, &asked.id.to_string()).await;
    let way = [
        "interactions #0 cold: received",
        "interactions #0 cold: verified",
        "interactions #0 cold: routed",
        "interactions #0 cold: queued",
        "interactions #0 cold: answered deferred",
    ];
    assert_in_order(&rows, &way);
    let way = [
        "jobs #0 cold receive 1: received",
        "jobs #0 cold receive 1: claimed",
        "jobs #0 cold receive 1: worked",
        "Steward → Discord: called PATCH /webhooks/…/messages/@original → 200",
        "jobs #0 cold receive 1: edited",
        "jobs #0 cold receive 1: completed",
        "jobs #0 cold receive 1: ended edited",
    ];
    assert_in_order(&rows, &way);
    assert_in_order(
        &rows,
        &["Discord → Steward: delivered POST /interactions → 200, deferred", "user: sees edited"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_killed_shows_both_receives() {
    let app = TestApp::with_environments(1).await;
    let life = Duration::from_millis(1_500);
    app.stack.jobs.dies_after(life);
    let asked = app.member().says("/misbehave work_takes:3000").await;
    asked.first().await;
    app.pass_until("it is received", || app.stack.jobs.started() >= 1).await;
    tokio::time::sleep(life + Duration::from_millis(300)).await;
    app.stack.jobs.dies_after(<Jobs>::TIMEOUT);
    app.pass(181);
    asked.settled().await;
    app.pass_until("the job is settled", || app.queued(JOBS) == 0).await;
    let way = [
        "jobs #0 cold receive 1: received",
        "jobs #0 cold receive 1: claimed",
        "jobs #0 cold receive 1: killed",
        "jobs #1 cold receive 2: received",
        "jobs #1 cold receive 2: claimed",
        "jobs #1 cold receive 2: completed",
    ];
    assert_in_order(&timeline(&app, &asked.id.to_string()).await, &way);
    let environments = read(&app, "/page/drawer/queues").await;
    assert!(environments.contains("the function timed out"), "{environments}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_event_of_an_environment_is_warm() {
    let app = TestApp::with_environments(1).await;
    app.member().says("/ping").await.settled().await;
    let second = app.member().says("/ping").await;
    second.settled().await;
    let rows = timeline(&app, &second.id.to_string()).await;
    assert_in_order(
        &rows,
        &["interactions #0: received", "interactions #0: routed", "interactions #0: answered"],
    );
    let environments = read(&app, "/page/drawer/queues").await;
    assert!(environments.contains("warm, idle"), "{environments}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_of_discords_api_is_listed_with_what_was_refused_and_where() {
    let app = TestApp::open().await;
    app.expects_refusal("Invalid Form Body");
    let body = json!([{ "name": "Not A Name", "description": "x" }]).to_string();
    let request = Request::builder()
        .method("PUT")
        .uri(format!("{}/api/v10/applications/{}/commands", app.stack.url, application(&app)))
        .header("user-agent", "DiscordBot (https://steward.invalid, test)")
        .header("authorization", format!("Bot {}", app.stack.discord.bot_token()))
        .header("content-type", "application/json");
    let request = request.body(Bytes::from(body)).unwrap();
    let answer = outbound::Client::new().send(request, Duration::from_secs(10)).await.unwrap();
    assert_eq!(answer.status(), 400);
    let calls = read(&app, "/page/drawer/calls").await;
    assert!(calls.contains("1 of them were rejected"), "{calls}");
    let refused = read(&app, "/page/drawer/calls?only=refused").await;
    assert!(refused.contains("<code>0.name</code>"), "{refused}");
    assert!(refused.contains("Not A Name"), "the raw request: {refused}");
    assert_eq!(refused.matches("div class=\"call\"").count(), 1, "the refused call alone: {refused}");
    assert!(!refused.contains(">200<") && refused.contains(">400<"), "{refused}");
}

fn application(app: &TestApp) -> String {
    app.stack.discord.application_id().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_users_saw_is_a_table_with_what_was_offered_while_typing_apart() {
    let app = TestApp::open().await;
    app.member().says("/ping").await.settled().await;
    app.member().completes("/weather place:Par").await;
    let saw = read(&app, "/page/drawer/outcomes").await;
    assert!(saw.contains("under 1 s") && saw.contains(">ping<"), "{saw}");
    assert!(saw.contains("weather (autocomplete)") && !saw.contains(">weather<"), "{saw}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_looked_through_by_pages_and_by_the_beginning_of_keys() {
    let app = TestApp::open().await;
    app.member().says("/weather place:Paris").await.settled().await;
    let all = read(&app, "/page/drawer/tables?table=Ephemeral").await;
    assert!(all.contains("CACHE#"), "{all}");
    let some = read(&app, "/page/drawer/tables?table=Ephemeral&only=CACHE%23weather/places").await;
    assert!(some.contains("CACHE#weather/places/en/paris") && !some.contains("JOB#"), "{some}");
    let none = read(&app, "/page/drawer/tables?table=Ephemeral&only=nowhere").await;
    assert!(none.contains("No key has this prefix."), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_says_why_and_leads_to_its_timeline_and_shows_no_token() {
    let app = TestApp::open().await;
    let asked = app.member().says("/misbehave work:fail").await;
    app.pass_until("it is a dead letter", || app.queued("jobs-dead") == 1).await;
    let letters = read(&app, "/page/drawer/queues").await;
    assert!(letters.contains("misbehave: as asked"), "{letters}");
    assert!(
        letters.contains(&format!("data-tab=\"interactions\" data-query=\"only={}\"", asked.id)),
        "{letters}"
    );
    assert!(!letters.contains("aW50ZXJhY3Rpb2"), "a token: {letters}");
    let rows = timeline(&app, &asked.id.to_string()).await;
    assert_in_order(&rows, &["receive 1: ended failed", "receive 2: ended failed", "receive 4: ended told"]);
    act(&app, "/page/drawer/redrive", json!({ "queue": "jobs-dead" })).await;
}
