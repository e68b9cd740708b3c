//! The watchdog: tells the user shortly before the token expires, if no receive of the job could.

use std::time::Duration;

use domain::{Queued, attempt::Disposition, measurement::Outcome};

use crate::{
    harness::{DEAD, JOBS, TIMERS, TestApp, is_pause},
    jobs::claimed_by_another,
    member::Interaction,
    wire::Fault,
};

/// Until the watchdog runs.
const WATCHED_AFTER: u64 = 12 * 60 + 30;

/// An interaction whose job was received once, and killed.
async fn killed<'a>(app: &'a TestApp, member: &str, line: &str) -> Interaction<'a> {
    let asked = app.said_by(member, line).await;
    claimed_by_another(app, asked, 1).await;
    asked
}

#[tokio::test(start_paused = true)]
async fn a_job_is_sent_with_a_watchdog_for_the_end_of_its_token() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    assert_eq!((app.queued(JOBS), app.queued(TIMERS)), (1, 1));
    let Queued::Watchdog(watch) = Queued::parse(&app.message(TIMERS)).unwrap() else { panic!("no watch") };
    assert_eq!(
        (watch.interaction, watch.command.as_str(), watch.beside),
        (asked.interaction(), "slow", false)
    );
    app.pass(WATCHED_AFTER - 1);
    assert!(app.queues.receive(TIMERS, 1, Duration::ZERO).await.unwrap().is_empty());
    app.pass(1);
    assert_eq!(app.queues.receive(TIMERS, 1, Duration::ZERO).await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn however_often_a_job_comes_back_one_watchdog_looks() {
    let app = TestApp::open().await;
    app.says("/slow").await;
    app.wire.fail("discord", Fault::Status(503));
    for _ in 0..6 {
        app.work().await;
        app.pass(75);
    }
    assert_eq!(app.queued(TIMERS), 1);
}

#[tokio::test(start_paused = true)]
async fn a_user_whose_job_was_killed_is_told_by_the_watchdog() {
    let app = TestApp::open().await;
    let asked = killed(&app, "Zdenka Vlasak", "/slow private:true").await;
    app.pass(WATCHED_AFTER);
    let ended = app.receive(TIMERS, &app.worker).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Notified, Disposition::Delete));
    assert!(asked.text().contains("Bei mir ist etwas schiefgegangen"), "{}", asked.text());
    assert!(asked.text().contains(&asked.id.to_string()));
    assert_eq!(app.steps(asked.id).iter().filter(|step| *step == "watched").count(), 1);
    assert_ne!(app.steps(asked.id).last().map(String::as_str), Some("completed"), "the job is not");
}

#[tokio::test(start_paused = true)]
async fn a_job_that_waits_has_until_its_reply_can_no_longer_be_given() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord", Fault::Status(503));
    app.work().await;
    app.wire.heal();
    app.pass(WATCHED_AFTER);
    let ended = app.receive(TIMERS, &app.worker).await;
    let Disposition::RetryAfter(after) = ended.message else { panic!("{ended:?}") };
    assert_eq!((ended.outcome, after.as_secs().abs_diff(90) <= 3), (Outcome::Waiting, true), "{after:?}");
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    app.pass(90);
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::NotNeeded);
    assert_eq!(asked.story().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_of_a_job_that_is_done_does_nothing() {
    let app = TestApp::open().await;
    app.says("/slow").await;
    app.work().await;
    app.pass(WATCHED_AFTER);
    app.wire.forget();
    let ended = app.receive(TIMERS, &app.worker).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::NotNeeded, Disposition::Delete));
    assert_eq!(app.wire.calls("discord"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_waits_for_a_receive_that_is_still_working() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.pass(WATCHED_AFTER);
    claimed_by_another(&app, asked, 20).await;
    let ended = app.receive(TIMERS, &app.worker).await;
    assert_eq!(
        (ended.outcome, ended.message),
        (Outcome::Waiting, Disposition::RetryAfter(Duration::from_secs(20)))
    );
    app.pass(20);
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::Notified);
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_whose_table_is_down_tells_and_the_job_is_then_not_done() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.pass(WATCHED_AFTER);
    app.wire.fail("dynamodb", Fault::Status(500));
    loop {
        let ended = app.receive(TIMERS, &app.worker).await;
        let Disposition::RetryAfter(after) = ended.message else {
            assert_eq!(ended.outcome, Outcome::Notified);
            break;
        };
        assert_eq!((ended.outcome, asked.story().len()), (Outcome::Waiting, 1));
        app.pass(after.as_secs() + 1);
    }
    let age = app.clock.now().duration_since(asked.interaction().created_at());
    assert!((870..885).contains(&age.as_secs()), "when no receive can be at work any more: {age:#}");
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
    app.wire.heal();
    assert_eq!((app.work().await.outcome, app.queued(DEAD)), (Outcome::LeftToWatchdog, 1));
    assert!(!app.steps(asked.id).contains(&"worked".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_that_discord_holds_back_for_90_seconds_tells_then() {
    let app = TestApp::open().await;
    let asked = killed(&app, "Bartholomew Finch", "/slow").await;
    app.pass(WATCHED_AFTER);
    app.discord.faults().change(|faults| {
        faults.fail_webhooks = Some(429);
        faults.retry_after = Duration::from_secs(90);
    });
    let held = app.receive(TIMERS, &app.worker).await;
    let Disposition::RetryAfter(after) = held.message else { panic!("{held:?}") };
    assert!((90..=105).contains(&after.as_secs()), "{after:?}");
    app.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass(after.as_secs() + 1);
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::Notified);
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
}

#[tokio::test(start_paused = true)]
async fn two_deliveries_of_a_watchdog_do_not_wait_for_each_other() {
    let app = TestApp::open().await;
    let asked = killed(&app, "Bartholomew Finch", "/slow").await;
    let watchdog = app.message(TIMERS);
    app.pass(WATCHED_AFTER);
    assert_eq!(app.perform(&app.worker, &watchdog, 1).await.outcome, Outcome::Notified);
    let again = app.perform(&app.another_worker(), &watchdog, 2).await;
    assert_eq!((again.outcome, again.message), (Outcome::NotNeeded, Disposition::Delete));
    assert_eq!((app.discord.edits(asked.id).unwrap(), app.queued(DEAD)), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_of_a_button_tells_the_user_beside_its_message() {
    let app = TestApp::open().await;
    let panel = app.said_by("Zdenka Vlasak", "/panel").await;
    let pressed = panel.pressed_by("Zdenka Vlasak", "Later").await;
    claimed_by_another(&app, pressed, 1).await;
    let Queued::Watchdog(watch) = Queued::parse(&app.message(TIMERS)).unwrap() else { panic!("no watch") };
    assert!(watch.beside);
    app.pass(WATCHED_AFTER);
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::Notified);
    assert_eq!(pressed.story(), ["follow-up (only you see this)"]);
    assert!(pressed.text().contains("Bei mir ist etwas schiefgegangen"), "{}", pressed.text());
    assert!(panel.message().to_string().contains("pressed 0"));
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_that_cannot_be_sent_is_logged_and_the_answer_still_succeeds() {
    for (fault, code) in [(Fault::Status(400), "watch: unknown"), (Fault::Hang, "watch: timeout")] {
        let app = TestApp::open().await;
        app.wire.fail("sqs SendMessage timers", fault);
        let asked = app.says("/slow").await;
        assert_eq!((asked.outcome(), app.queued(TIMERS)), (Outcome::Deferred, 0));
        assert_eq!(app.faults(asked.id), [code]);
        assert_eq!(app.work().await.outcome, Outcome::Edited);
    }
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_whose_job_the_queue_refused_says_nothing_more() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    app.wire.fail("sqs SendMessage jobs", Fault::Status(400));
    let pressed = panel.pressed("Later").await;
    assert_eq!((pressed.outcome(), app.queued(JOBS), app.queued(TIMERS)), (Outcome::Failed, 0, 1));
    let seen = pressed.story();
    app.wire.heal();
    app.pass(14 * 60 + 5);
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::NotNeeded);
    assert_eq!(pressed.story(), seen);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_has_told_the_user_silences_its_watchdog() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    for _ in 0..4 {
        app.work().await;
        app.pass(25);
    }
    app.pass(WATCHED_AFTER);
    let edits = app.discord.edits(asked.id).unwrap();
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::NotNeeded);
    assert_eq!((app.discord.edits(asked.id).unwrap(), app.queued(TIMERS)), (edits, 0));
}

#[tokio::test(start_paused = true)]
async fn what_discord_does_not_take_from_the_job_in_time_the_watchdog_still_tells() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.pass(13 * 60 + 58);
    app.wire.fail("discord", Fault::Status(503));
    let last = app.work().await;
    assert_eq!(
        (last.outcome, last.message, app.queued(DEAD)),
        (Outcome::LeftToWatchdog, Disposition::Delete, 1)
    );
    app.pass(2);
    let ended = app.receive(TIMERS, &app.worker).await;
    assert_eq!((ended.outcome, is_pause(ended, 2)), (Outcome::Waiting, true));
    app.wire.heal();
    app.pass(3);
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::Notified);
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
}
