//! The watchdog: if every attempt at a job is killed, the user still gets an error message.

use std::time::Duration;

use domain::Watchdog;
use jobs::Jobs;
use local_sqs::Outgoing;
use runtime::Function;
use steward::settings::{JOBS, JOBS_DEAD, TIMERS};
use tests::{Look, TestApp};

use crate::environment::{asks_discord, nobody_takes_jobs, stolen};

/// Real time: enough to claim the job, and much less than the job takes.
const ENVIRONMENT_LIFETIME: Duration = Duration::from_millis(1_500);
/// From when a job that has not ended is given up, and its user told, in seconds.
const GIVEN_UP_AFTER: u64 = 14 * 60 + 1;

#[tokio::test(flavor = "multi_thread")]
async fn the_user_of_a_job_whose_every_attempt_is_killed_is_told_while_the_token_lives() {
    let app = TestApp::open().await;
    app.stack.jobs.dies_after(ENVIRONMENT_LIFETIME);
    let asked = app.member().says("/misbehave work_takes:15000").await;
    asked.first().await;
    for attempt in 1..=4 {
        app.pass_until("it is received", || app.stack.jobs.started() >= attempt).await;
        tokio::time::sleep(ENVIRONMENT_LIFETIME + Duration::from_millis(300)).await;
        app.pass(181);
    }
    app.pass_until("a dead letter", || app.queued(JOBS_DEAD) == 1).await;
    let seen = asked.settled().await;
    assert_eq!(seen.story(), ["thinking", "edited"]);
    assert!(seen.text().contains(&format!("include this reference: `{}`", asked.id)), "{}", seen.text());
    assert!(seen.steps[1].ms < 14 * 60_000, "told after {} ms", seen.steps[1].ms);
    app.pass_until("the watchdog has ended", || app.queued(TIMERS) == 0).await;
    let letters = app.stack.dead_letters.list().await.unwrap();
    assert_eq!((letters.len(), letters[0].reason.as_str()), (1, "job: every attempt was killed"));
    assert_eq!((asked.edits(), app.queued(JOBS)), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_done_in_the_end_is_not_spoken_of() {
    let app = TestApp::open().await;
    app.stack.jobs.dies_after(ENVIRONMENT_LIFETIME);
    let asked = app.member().says("/misbehave work_takes:3000").await;
    for attempt in 1..=2 {
        app.pass_until("it is received", || app.stack.jobs.started() >= attempt).await;
        tokio::time::sleep(ENVIRONMENT_LIFETIME + Duration::from_millis(300)).await;
        if attempt == 2 {
            app.stack.jobs.dies_after(<Jobs>::TIMEOUT);
        }
        app.pass(181);
    }
    assert_eq!(asked.settled().await.text(), "The long half is done.");
    assert_eq!(app.queued(TIMERS), 1);
    app.pass(11 * 60);
    app.pass_until("the watchdog has ended", || app.queued(TIMERS) == 0).await;
    assert_eq!((asked.edits(), asked.look().text().as_str()), (1, "The long half is done."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_whom_the_job_has_told_is_not_told_again() {
    let app = TestApp::open().await;
    let asked = app.member().says("/misbehave work:fail").await;
    app.pass_until("a dead letter", || app.queued(JOBS_DEAD) == 1).await;
    assert_eq!((asked.settled().await.story(), app.queued(TIMERS)), (vec!["thinking", "edited"], 1));
    app.pass(13 * 60);
    app.pass_until("the watchdog has ended", || app.queued(TIMERS) == 0).await;
    // Two calls: the job reads the message before it edits it.
    assert_eq!((asked.edits(), app.stack.discord.webhook_calls(asked.id)), (1, 2));
}

fn send_watchdog(app: &TestApp, watchdog: &Watchdog) {
    let body = serde_json::to_string(watchdog).unwrap();
    app.stack.queues.send(TIMERS, &Outgoing::new(body)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_pressed_a_button_is_told_beside_its_message_and_once() {
    let app = TestApp::open().await;
    let card = app.member().says("/weather place:Paris").await.settled().await;
    app.pass_until("its job is done", || app.queued(JOBS) == 0).await;
    // The forecast is stale by then, so that the press is deferred.
    app.pass(20 * 60);
    app.pass_until("its watchdog has ended", || app.queued(TIMERS) == 0).await;
    nobody_takes_jobs(&app);
    let pressed = app.member().presses(&card, "Refresh").await;
    let job = stolen(&app).await;
    let watchdog = Watchdog::for_job(&job, true);
    app.pass(GIVEN_UP_AFTER);
    for _ in 0..2 {
        send_watchdog(&app, &watchdog);
    }
    app.pass_until("all three have ended", || app.queued(TIMERS) == 0).await;
    let seen = pressed.look();
    assert_eq!((seen.story(), app.message(&card).text()), (vec!["follow-up!"], card.text()));
    assert!(seen.text().contains(&pressed.id.to_string()), "{}", seen.text());
    assert_eq!(app.stack.discord.webhook_calls(pressed.id), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watchdog_that_discord_does_not_hear_looks_again() {
    let app = TestApp::open().await;
    nobody_takes_jobs(&app);
    let asked = app.member().says("/misbehave").await;
    stolen(&app).await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = Some(503));
    app.pass(GIVEN_UP_AFTER);
    app.pass_until("it was tried", || app.stack.discord.webhook_calls(asked.id) >= 3).await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass_until("the user is told", || asked.look().settled).await;
    app.pass_until("the watchdog has ended", || app.queued(TIMERS) == 0).await;
    assert_eq!((asked.edits(), app.queued(JOBS_DEAD)), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watchdog_that_comes_too_late_says_nothing() {
    let app = TestApp::open().await;
    nobody_takes_jobs(&app);
    let asked = app.member().says("/misbehave").await;
    stolen(&app).await;
    app.pass(15 * 60);
    app.pass_until("the watchdog has ended", || app.queued(TIMERS) == 0).await;
    assert_eq!((app.stack.discord.webhook_calls(asked.id), app.queued(JOBS_DEAD)), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_not_overwritten_if_its_job_could_not_be_completed() {
    let app = TestApp::open().await;
    nobody_takes_jobs(&app);
    let asked = app.member().says("/misbehave work_takes:10").await;
    let job = stolen(&app).await;
    // As if the environment died after the edit, before it completed the claim.
    asks_discord(&app, http::Method::PATCH, &job, r#"{"content":"The long half is done."}"#).await;
    app.pass(GIVEN_UP_AFTER);
    app.pass_until("the watchdog has ended", || app.queued(TIMERS) == 0).await;
    assert_eq!((asked.edits(), asked.look().text().as_str()), (1, "The long half is done."));
}
