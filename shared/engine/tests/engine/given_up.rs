//! Jobs that have failed for good: their claim says so, their user is told, and they are dead letters.

use std::{sync::Arc, time::Duration};

use aws::Claim;
use domain::{attempt::Disposition, dead_letter::DeadLetter, measurement::Outcome};

use crate::{
    harness::{DEAD, JOBS, TIMERS, TestApp, is_pause},
    jobs::{claim, claimed_by_another},
    wire::Fault,
};

/// What an operator sees of the only dead letter.
async fn dead_letter(app: &TestApp) -> DeadLetter {
    let url = format!("http://sqs/000000000000/{DEAD}");
    let mut letters = app.aws().dead_letters(&url, 0).list(app.clock.now()).await.unwrap();
    assert_eq!(letters.len(), 1);
    letters.remove(0)
}

#[tokio::test(start_paused = true)]
async fn a_command_that_fails_is_tried_four_times_and_then_told_and_becomes_a_dead_letter() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    for seconds in [2, 8, 20] {
        let ended = app.work().await;
        assert_eq!((ended.outcome, is_pause(ended, seconds)), (Outcome::ReceiveFailed, true), "{ended:?}");
        app.pass(25);
    }
    let last = app.work().await;
    assert_eq!((last.outcome, last.message), (Outcome::Notified, Disposition::Delete));
    assert!(asked.text().contains("Something went wrong") && asked.text().contains(&asked.id.to_string()));
    assert_eq!(app.faults(asked.id), ["act: as asked"; 4]);
    assert_eq!((app.queued(JOBS), app.queued(DEAD)), (0, 1));
    let letter = dead_letter(&app).await;
    assert_eq!(
        (letter.reason.as_str(), letter.command.as_deref(), letter.attempts),
        ("act: as asked", Some("act"), Some(4))
    );
    assert_eq!((letter.id, letter.guild.is_some()), (asked.id.to_string(), true));
    assert_eq!(claim(&app, asked).await, Some(Claim::Done));
    assert_eq!(app.steps(asked.id).last().map(String::as_str), Some("completed"));
}

#[tokio::test(start_paused = true)]
async fn a_redriven_job_is_done_though_its_claim_says_that_it_has_failed() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    for _ in 0..4 {
        app.work().await;
        app.pass(25);
    }
    let dead_letters = app.aws().dead_letters(&format!("http://sqs/000000000000/{DEAD}"), 0);
    for attempt in 1..=2 {
        assert_eq!(dead_letters.redrive(&aws::Selection::All).await, Ok(1));
        let again = app.work().await;
        assert_eq!(
            (again.message, app.queued(DEAD)),
            (Disposition::Delete, 1),
            "one attempt, the {attempt}."
        );
    }
    assert_eq!(app.faults(asked.id).len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_every_attempt_was_killed_is_told_and_becomes_a_dead_letter() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    for _ in 0..4 {
        claimed_by_another(&app, asked, 1).await;
        app.pass(2);
    }
    assert_eq!(app.work().await.outcome, Outcome::Notified);
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
    let letter = dead_letter(&app).await;
    assert_eq!((letter.reason.as_str(), letter.attempts), ("job: every attempt was killed", Some(4)));
}

#[tokio::test(start_paused = true)]
async fn a_user_is_told_of_a_failure_only_when_it_stands_in_the_claim() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail_for_good").await;
    let wire = Arc::clone(&app.wire);
    let outage = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        wire.fail("dynamodb UpdateItem IDEM#jobs", Fault::Status(500));
    });
    app.wire.fail("dynamodb UpdateItem IDEM#jobs", Fault::Slow(Duration::from_millis(600)));
    let ended = app.work().await;
    outage.await.unwrap();
    assert_eq!((ended.outcome, asked.story()), (Outcome::Waiting, vec!["thinking…".to_owned()]));
    app.wire.heal();
    app.pass(30);
    assert_eq!((app.work().await.outcome, asked.story().len()), (Outcome::Notified, 2));
}

#[tokio::test(start_paused = true)]
async fn a_queue_of_dead_letters_that_does_not_take_a_job_gets_it_later() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    for _ in 0..3 {
        app.work().await;
        app.pass(25);
    }
    app.wire.fail("sqs SendMessage", Fault::Status(503));
    assert_eq!((app.work().await.outcome, app.queued(DEAD)), (Outcome::Waiting, 0));
    app.wire.heal();
    app.pass(60);
    assert_eq!((app.work().await.outcome, app.queued(DEAD)), (Outcome::Notified, 1));
    assert_eq!(app.discord.edits(asked.id).unwrap(), 1, "the user is told once");
    assert_eq!(app.faults(asked.id).iter().filter(|fault| fault.starts_with("act")).count(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_version_never_comes_is_a_dead_letter_and_its_user_is_told_by_the_watchdog() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let job = app.message(JOBS).replace(r#""command":"slow""#, r#""command":"gone""#);
    app.queues.purge(JOBS).unwrap();
    app.send(JOBS, &job);
    app.pass(14 * 60 + 1);
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::LeftToWatchdog, Disposition::Delete));
    assert_eq!(dead_letter(&app).await.reason, "job: unknown command");
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::Notified);
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
}

#[tokio::test(start_paused = true)]
async fn a_job_that_comes_after_its_reply_could_be_given_is_not_done() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.pass(14 * 60 + 1);
    app.wire.forget();
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::LeftToWatchdog, Disposition::Delete));
    assert_eq!((app.wire.calls("discord"), app.discord.edits(asked.id).unwrap()), (0, 0));
    assert_eq!(dead_letter(&app).await.reason, "job: too late for a reply");
    assert!(!app.steps(asked.id).contains(&"worked".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_user_who_was_told_that_it_failed_and_did_it_again_did_it_once() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    // Every receive is killed. The watchdog tells, and then the job comes.
    claimed_by_another(&app, asked, 1).await;
    app.pass(12 * 60 + 30);
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::Notified);
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
    let late = app.work().await;
    assert_eq!((late.outcome, late.message), (Outcome::AlreadyDone, Disposition::Delete));
    assert!(!app.steps(asked.id).contains(&"worked".to_owned()));
    assert_eq!(
        (dead_letter(&app).await.reason.as_str(), app.discord.edits(asked.id).unwrap()),
        ("watchdog: the job has not ended", 1)
    );
}
