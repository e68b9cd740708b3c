//! The watchdog: tells the user shortly before the token expires, if no receive of the job could.

use std::time::Duration;

use aws::{Claim, Claims};
use domain::{Queued, attempt::Disposition, measurement::Outcome};

use crate::{
    harness::{JOBS, TIMERS, TestApp},
    member::Interaction,
    wire::Fault,
};

/// Until the watchdog runs.
const WATCHED_AFTER: u64 = 12 * 60 + 30;

/// An interaction whose job was received twice, and failed.
async fn watched<'a>(app: &'a TestApp, member: &str, line: &str) -> Interaction<'a> {
    let asked = app.said_by(member, line).await;
    app.work().await;
    assert_eq!(app.queued(TIMERS), 0, "the first receive needs none");
    app.pass(2);
    app.work().await;
    asked
}

#[tokio::test(start_paused = true)]
async fn the_second_and_third_receive_set_a_watchdog_for_the_end_of_the_token() {
    let app = TestApp::open().await;
    let asked = watched(&app, "Bartholomew Finch", "/act work:fail").await;
    assert_eq!(app.queued(TIMERS), 1);
    let Queued::Watchdog(watch) = Queued::parse(&app.message(TIMERS)).unwrap() else { panic!("no watch") };
    assert_eq!(
        (watch.interaction, watch.command.as_str(), watch.beside),
        (asked.interaction(), "act", false)
    );
    app.pass(WATCHED_AFTER - 10);
    assert!(app.queues.receive(TIMERS, 1, Duration::ZERO).await.unwrap().is_empty());
    app.pass(10);
    assert_eq!(app.queues.receive(TIMERS, 1, Duration::ZERO).await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_user_without_a_reply_is_told_by_the_watchdog() {
    let app = TestApp::open().await;
    let asked = watched(&app, "Zdenka Vlasak", "/act work:fail private:true").await;
    app.pass(WATCHED_AFTER);
    let ended = app.receive(TIMERS, &app.worker).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Notified, Disposition::Delete));
    assert!(asked.text().contains("Bei mir ist etwas schiefgegangen"), "{}", asked.text());
    assert!(asked.text().contains(&asked.id.to_string()));
    let claim = app.aws().store::<Claims>().status("watch", asked.interaction(), app.clock.now()).await;
    assert_eq!(claim, Ok(Some(Claim::Done)));
    assert_eq!(app.steps(asked.id).iter().filter(|step| *step == "watched").count(), 1);
    assert_ne!(app.steps(asked.id).last().map(String::as_str), Some("completed"), "the job is not");
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_of_a_job_that_is_done_does_nothing() {
    let app = TestApp::open().await;
    let asked = watched(&app, "Bartholomew Finch", "/act work:fail").await;
    app.aws().store::<Claims>().complete("jobs", asked.interaction(), app.clock.now()).await.unwrap();
    app.pass(WATCHED_AFTER);
    app.wire.forget();
    let ended = app.receive(TIMERS, &app.worker).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::NotNeeded, Disposition::Delete));
    assert_eq!(app.wire.calls("discord"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_waits_for_a_receive_that_is_still_working() {
    let app = TestApp::open().await;
    let asked = watched(&app, "Bartholomew Finch", "/act work:fail").await;
    app.pass(WATCHED_AFTER);
    let now = app.clock.now();
    app.aws()
        .store::<Claims>()
        .claim("jobs", asked.interaction(), 7, now, now + Duration::from_secs(20))
        .await
        .unwrap();
    let ended = app.receive(TIMERS, &app.worker).await;
    assert_eq!(
        (ended.outcome, ended.message),
        (Outcome::Waiting, Disposition::RetryAfter(Duration::from_secs(20)))
    );
    app.pass(20);
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::Notified);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_does_not_say_how_the_job_stands_is_asked_again_and_in_doubt_the_user_is_told() {
    let app = TestApp::open().await;
    let asked = watched(&app, "Bartholomew Finch", "/act work:fail").await;
    app.pass(WATCHED_AFTER);
    app.wire.fail("dynamodb GetItem IDEM#jobs", Fault::Status(400));
    let before = app.faults(asked.id).len();
    for outcome in [Outcome::ReceiveFailed, Outcome::ReceiveFailed, Outcome::ReceiveFailed, Outcome::Notified]
    {
        assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, outcome);
        app.pass(20);
    }
    assert_eq!(app.faults(asked.id).len(), before + 4);
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_of_a_button_tells_the_user_beside_its_message() {
    let app = TestApp::open().await;
    let panel = app.said_by("Zdenka Vlasak", "/panel").await;
    let pressed = panel.pressed_by("Zdenka Vlasak", "Later").await;
    app.wire.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
    app.work().await;
    app.pass(2);
    app.work().await;
    app.wire.heal();
    let Queued::Watchdog(watch) = Queued::parse(&app.message(TIMERS)).unwrap() else { panic!("no watch") };
    assert!(watch.beside);
    app.pass(WATCHED_AFTER);
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::Notified);
    assert_eq!(pressed.story(), ["follow-up (only you see this)"]);
    assert!(pressed.text().contains("Bei mir ist etwas schiefgegangen"), "{}", pressed.text());
    assert!(panel.message().to_string().contains("pressed 0"));
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_that_cannot_be_sent_is_logged_and_the_work_goes_on() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    for (fault, code) in [(Fault::Status(400), "watch: unknown"), (Fault::Hang, "watch: timeout")] {
        app.wire.fail("sqs SendMessage timers", fault);
        let ended = app.worker.perform(&job, 2, app.clock.now() + Duration::from_secs(30)).await;
        assert!([Outcome::Edited, Outcome::AlreadyDone].contains(&ended.outcome), "{ended:?}");
        assert_eq!(app.faults(asked.id).last().map(String::as_str), Some(code));
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_has_told_the_user_silences_its_watchdog() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    for _ in 0..4 {
        app.work().await;
        app.pass(20);
    }
    assert_eq!(app.queued(TIMERS), 2, "of the second and the third receive");
    app.pass(WATCHED_AFTER);
    let edits = app.discord.edits(asked.id).unwrap();
    for _ in 0..2 {
        assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::NotNeeded);
    }
    assert_eq!((app.discord.edits(asked.id).unwrap(), app.queued(TIMERS)), (edits, 0));
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_that_cannot_be_silenced_is_a_fault() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    app.wire.fail("dynamodb PutItem IDEM#watch", Fault::Status(400));
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    let ended = app.worker.perform(&job, 4, app.clock.now() + Duration::from_secs(30)).await;
    assert_eq!((ended.outcome, app.faults(asked.id).len()), (Outcome::Notified, 2));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_fails_after_its_watchdog_has_told_the_user_says_nothing_more() {
    let app = TestApp::open().await;
    let asked = watched(&app, "Bartholomew Finch", "/act work:fail").await;
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    app.pass(WATCHED_AFTER);
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::Notified);
    let edits = app.discord.edits(asked.id).unwrap();
    let ended = app.worker.perform(&job, 4, app.clock.now() + Duration::from_secs(30)).await;
    assert_eq!((ended.outcome, app.discord.edits(asked.id).unwrap()), (Outcome::Notified, edits));
    // If that cannot be read, the user is told once more rather than not at all.
    app.wire.fail("dynamodb GetItem IDEM#watch", Fault::Status(400));
    app.wire.forget();
    app.worker.perform(&job, 4, app.clock.now() + Duration::from_secs(30)).await;
    assert_eq!(app.wire.calls("discord GET"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_fails_when_its_watchdog_was_lost_tells_the_user() {
    let app = TestApp::open().await;
    let asked = watched(&app, "Bartholomew Finch", "/act work:fail").await;
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    app.pass(WATCHED_AFTER);
    let ended = app.worker.perform(&job, 4, app.clock.now() + Duration::from_secs(30)).await;
    assert_eq!((ended.outcome, app.discord.edits(asked.id).unwrap()), (Outcome::Notified, 1));
}

#[tokio::test(start_paused = true)]
async fn a_watchdog_whose_reason_cannot_be_stored_is_told_all_the_same() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    app.wire.fail("dynamodb PutItem FAILED#", Fault::Status(400));
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    let ended = app.worker.perform(&job, 4, app.clock.now() + Duration::from_secs(30)).await;
    assert_eq!((ended.outcome, app.faults(asked.id).len()), (Outcome::Notified, 2));
}
