//! Deferred work in the jobs function: claims, faults, retries, and the dead-letter queue.

use std::{sync::Arc, time::Duration};

use aws::{Claim, Claims};
use domain::{Job, Queued, attempt::Disposition, dead_letter::Failure, measurement::Outcome};

use crate::{
    harness::{DEAD, JOBS, TIMERS, TestApp},
    member::Interaction,
    wire::Fault,
};

/// How the claim of a job stands.
async fn claim(app: &TestApp, asked: Interaction<'_>) -> Option<Claim> {
    let claims = app.aws().store::<Claims>();
    claims.status("jobs", asked.interaction(), app.clock.now()).await.unwrap()
}

async fn failure(app: &TestApp, asked: Interaction<'_>) -> Option<Failure> {
    app.aws().store::<Failure>().get(asked.interaction(), app.clock.now()).await.unwrap()
}

fn retried(seconds: u64) -> Disposition {
    Disposition::RetryAfter(Duration::from_secs(seconds))
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_done_edits_the_deferred_message_and_leaves_the_queue() {
    let app = TestApp::open().await;
    let asked = app.said_by("Zdenka Vlasak", "/slow").await;
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Edited, Disposition::Delete));
    assert_eq!(
        (asked.story(), asked.text()),
        (vec!["thinking…".to_owned(), "edited".to_owned()], "0 in the end, English".to_owned())
    );
    assert_eq!((app.queued(JOBS), app.queued(TIMERS), app.queued(DEAD)), (0, 0, 0));
    assert_eq!(app.steps(asked.id), ["routed", "queued", "claimed", "worked", "edited", "completed"]);
    assert_eq!(claim(&app, asked).await, Some(Claim::Done));
    assert!(app.faults(asked.id).is_empty());
    assert_eq!(app.worker.services().version(), "test");
}

#[tokio::test(start_paused = true)]
async fn an_ephemeral_reply_speaks_the_language_of_its_user() {
    let app = TestApp::open().await;
    for line in ["/slow private:true number:4", "/again takes:5000", "/act run:later private:true"] {
        let asked = app.said_by("Zdenka Vlasak", line).await;
        assert_eq!(app.work().await.outcome, Outcome::Edited);
        assert!(asked.text().ends_with("German"), "{line}: {}", asked.text());
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_delivered_twice_is_done_once() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let job = app.message(JOBS);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    app.send(JOBS, &job);
    let again = app.receive(JOBS, &app.another_worker()).await;
    assert_eq!((again.outcome, again.message), (Outcome::AlreadyDone, Disposition::Delete));
    assert_eq!(app.discord.edits(asked.id).unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_claim_another_receive_holds_comes_back_when_that_has_ended() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let until = app.clock.now() + Duration::from_secs(20);
    let claims = app.aws().store::<Claims>();
    claims.claim("jobs", asked.interaction(), 7, app.clock.now(), until).await.unwrap();
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Busy, retried(20)));
    app.pass(20);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert!(app.faults(asked.id).is_empty(), "waiting is no fault");
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_table_at_the_claim_leaves_the_message_in_the_queue() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::ReceiveFailed, retried(2)));
    assert_eq!((asked.story(), app.faults(asked.id).len()), (vec!["thinking…".to_owned()], 1));
    app.wire.heal();
    app.pass(2);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
}

#[tokio::test(start_paused = true)]
async fn a_claim_whose_answer_was_lost_is_recognised_when_it_is_tried_again() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("dynamodb PutItem IDEM#jobs", Fault::FailsAfter);
    assert_eq!(app.work().await.outcome, Outcome::ReceiveFailed);
    assert!(matches!(claim(&app, asked).await, Some(Claim::Busy(_))));
    app.wire.heal();
    app.pass(2);
    let other = app.receive(JOBS, &app.another_worker()).await;
    let Disposition::RetryAfter(after) = other.message else { panic!("{other:?}") };
    assert_eq!((other.outcome, after.as_secs()), (Outcome::Busy, 27), "until the first receive has ended");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_fails_is_tried_four_times_and_then_told_and_becomes_a_dead_letter() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    let mut ends = Vec::new();
    for _ in 0..4 {
        ends.push(app.work().await);
        app.pass(20);
    }
    let outcomes: Vec<_> = ends.iter().map(|ended| ended.outcome).collect();
    assert_eq!(
        outcomes,
        [Outcome::ReceiveFailed, Outcome::ReceiveFailed, Outcome::ReceiveFailed, Outcome::Notified]
    );
    let messages: Vec<_> = ends.iter().map(|ended| ended.message).collect();
    assert_eq!(messages, [retried(2), retried(8), retried(20), retried(0)]);
    assert!(asked.text().contains("Something went wrong") && asked.text().contains(&asked.id.to_string()));
    assert_eq!(app.faults(asked.id), ["act: as asked"; 4]);
    app.buries(JOBS).await;
    assert_eq!((app.queued(JOBS), app.queued(DEAD)), (0, 1));
    let failure = failure(&app, asked).await.unwrap();
    assert_eq!(
        (failure.reason(), failure.command.as_str(), failure.receives),
        ("act: as asked".to_owned(), "act", 4)
    );
    assert!(failure.guild.is_some());
    assert_eq!(app.steps(asked.id).last().map(String::as_str), Some("edited"));
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_a_retry_would_not_fix_is_told_at_once() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail_for_good").await;
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Notified, Disposition::Delete));
    assert!(asked.text().contains(&asked.id.to_string()), "{}", asked.text());
    assert_eq!(app.faults(asked.id), ["act: for good"]);
    assert_eq!(app.steps(asked.id)[2..], ["claimed", "worked", "edited", "completed"]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_and_a_work_that_does_not_end_are_faults_of_the_command() {
    let app = TestApp::open().await;
    for (line, fault) in
        [("/act work:panic", "command: panic"), ("/act work_takes:60000", "command: timeout")]
    {
        let asked = app.says(line).await;
        let begun = app.clock.now();
        assert_eq!(app.work().await.outcome, Outcome::ReceiveFailed, "{line}");
        assert_eq!(app.faults(asked.id), [fault]);
        assert!(app.clock.now().duration_since(begun).as_secs() <= 18, "time is left for the reply");
        app.queues.purge(JOBS).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn work_that_takes_seconds_is_waited_for() {
    let app = TestApp::open().await;
    let asked = app.says("/act work_takes:15000").await;
    assert_eq!((app.work().await.outcome, asked.text()), (Outcome::Edited, "work: English".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_released_claim_can_be_taken_by_the_next_receive_at_once() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    app.work().await;
    assert_eq!(claim(&app, asked).await, None);
    app.wire.fail("dynamodb DeleteItem IDEM#jobs", Fault::Status(400));
    app.pass(2);
    let ended = app.work().await;
    let Disposition::RetryAfter(after) = ended.message else { panic!("{ended:?}") };
    assert!(after > Duration::from_secs(29), "until the claim expires: {after:?}");
    assert_eq!(app.faults(asked.id).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_job_of_a_command_that_this_version_does_not_know_is_retried() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let job = app.message(JOBS).replace(r#""command":"slow""#, r#""command":"gone""#);
    app.queues.purge(JOBS).unwrap();
    app.send(JOBS, &job);
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::ReceiveFailed, retried(2)));
    assert_eq!(app.faults(asked.id), ["dispatch: of another version"]);
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_interaction_cannot_be_read_is_a_fault() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let mut job = Job::parse(&app.message(JOBS)).unwrap();
    for (body, fault) in [
        ("{}", "job: not an interaction"),
        (r#"{"type":1}"#, "job: not an interaction"),
        (
            r#"{"type":2,"id":"5","token":"t","data":{"type":1,"name":"slow","options":[{"type":4,"name":"number","value":"many"}]}}"#,
            "dispatch: of another version",
        ),
    ] {
        job.body = serde_json::value::RawValue::from_string(body.to_owned()).unwrap();
        let ends = app.clock.now() + Duration::from_secs(30);
        let ended = app.worker.perform(&Queued::Job(job.clone()), 1, ends).await;
        assert_eq!((ended.outcome, ended.message), (Outcome::ReceiveFailed, retried(2)), "{body}");
        assert_eq!(app.faults(asked.id).last().map(String::as_str), Some(fault));
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_of_a_component_without_a_custom_id_is_a_fault() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let pressed = panel.pressed("Later").await;
    let job = app.message(JOBS);
    app.queues.purge(JOBS).unwrap();
    app.send(JOBS, &job.replace(&panel.custom_id("Later"), "not one of ours"));
    assert_eq!(app.work().await.outcome, Outcome::ReceiveFailed);
    assert_eq!(app.faults(pressed.id), ["job: no custom id"]);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_ends_after_its_token_has_expired_sends_no_reply() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.pass(14 * 60 + 1);
    app.wire.forget();
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Expired, Disposition::Delete));
    assert_eq!((app.wire.calls("discord"), app.discord.edits(asked.id).unwrap()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_cannot_be_completed_is_tried_again() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord PATCH", Fault::Slow(Duration::from_secs(1)));
    // The claim itself is a PutItem too.
    let table = Arc::clone(&app.wire);
    let outage = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        table.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        table.heal();
    });
    let ended = app.work().await;
    outage.await.unwrap();
    assert_eq!((ended.outcome, claim(&app, asked).await), (Outcome::Edited, Some(Claim::Done)));
    assert_eq!(app.faults(asked.id).len(), 2, "at 1.0 s and at 1.3 s, and not at 2.3 s");
    assert_eq!(app.steps(asked.id).last().map(String::as_str), Some("completed"));
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_cannot_be_completed_in_time_is_given_up() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord PATCH", Fault::Slow(Duration::from_secs(1)));
    let table = Arc::clone(&app.wire);
    let outage = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        table.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
    });
    let begun = app.clock.now();
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    outage.await.unwrap();
    assert_eq!(app.faults(asked.id).len(), 4);
    assert_eq!(app.clock.now().duration_since(begun).as_millis(), 1_000 + 300 + 1_000 + 3_000);
    assert_eq!(app.steps(asked.id).last().map(String::as_str), Some("edited"), "not completed");
}

#[tokio::test(start_paused = true)]
async fn near_the_end_of_the_invocation_a_claim_is_not_tried_again() {
    // Before the second try is a pause of 300 ms, and two seconds are for what follows.
    for (left_ms, tries) in [(2_299, 1), (2_300, 2), (3_299, 2), (3_300, 3)] {
        let app = TestApp::open().await;
        let asked = app.says("/slow").await;
        app.wire.fail("discord PATCH", Fault::Slow(Duration::from_secs(1)));
        let (wire, clock) = (Arc::clone(&app.wire), app.clock.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(500)).await;
            wire.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
            clock.advance(Duration::from_millis(30_000 - 1_000 - left_ms));
        });
        assert_eq!(app.work().await.outcome, Outcome::Edited);
        assert_eq!(app.faults(asked.id).len(), tries, "{left_ms} ms before the end");
    }
}

#[tokio::test(start_paused = true)]
async fn two_environments_do_not_take_each_others_claims() {
    let app = TestApp::open().await;
    let asked = app.says("/act work_takes:10000").await;
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    let ends = app.clock.now() + Duration::from_secs(30);
    let other = app.another_worker();
    let (first, second) = tokio::join!(app.worker.perform(&job, 1, ends), other.perform(&job, 1, ends));
    assert_eq!([first.outcome, second.outcome], [Outcome::Edited, Outcome::Busy]);
    let twice = app.says("/act work_takes:10000").await;
    let job = Queued::parse(&app.queues.peek(JOBS, 9).unwrap().last().unwrap().body).unwrap();
    let ends = app.clock.now() + Duration::from_secs(30);
    let (first, second) = tokio::join!(app.worker.perform(&job, 1, ends), app.worker.perform(&job, 1, ends));
    assert_eq!([first.outcome, second.outcome], [Outcome::Edited, Outcome::Busy]);
    assert_eq!([asked, twice].map(|it| app.discord.edits(it.id).unwrap()), [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn the_last_receive_tells_the_user_even_if_another_one_holds_the_claim() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let until = app.clock.now() + Duration::from_secs(120);
    app.aws().store::<Claims>().claim("jobs", asked.interaction(), 7, app.clock.now(), until).await.unwrap();
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    let ended = app.worker.perform(&job, 4, app.clock.now() + Duration::from_secs(30)).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Notified, retried(0)));
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
    assert_eq!(failure(&app, asked).await.unwrap().reason(), "claim: busy");
}

impl TestApp {
    /// The receive after the last one, which moves the message to the dead-letter queue.
    async fn buries(&self, queue: &str) {
        self.pass(90);
        assert!(self.queues.receive(queue, 1, Duration::ZERO).await.unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_came_too_late_for_discord_ends_its_job_within_a_minute_as_unreachable() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord", Fault::UnknownWebhook);
    app.wire.forget();
    let mut outcome = Outcome::ReceiveFailed;
    for wait in [2, 8, 20, 0] {
        assert_eq!(outcome, Outcome::ReceiveFailed);
        outcome = app.work().await.outcome;
        app.pass(wait);
    }
    assert_eq!((outcome, claim(&app, asked).await), (Outcome::Unreachable, Some(Claim::Done)));
    assert!(app.wire.calls("discord") <= 14, "{} requests", app.wire.calls("discord"));
    assert_eq!((app.queued(JOBS), app.queued(DEAD)), (0, 0));
    // The watchdogs of the second and third receive find the job done.
    app.pass(750);
    app.wire.forget();
    while app.queued(TIMERS) > 0 {
        assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::NotNeeded);
    }
    assert_eq!((app.wire.calls("discord"), app.queued(DEAD)), (0, 0));
}
