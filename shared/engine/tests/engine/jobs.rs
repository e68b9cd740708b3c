//! Deferred work in the jobs function: claims, faults, retries, and the dead-letter queue.

use std::{sync::Arc, time::Duration};

use aws::{Claim, Claims, Lease, Purpose};
use domain::{Job, Queued, attempt::Disposition, measurement::Outcome};

use crate::{
    harness::{DEAD, JOBS, TIMERS, TestApp, delivery},
    member::Interaction,
    wire::Fault,
};

/// How the claim of a job stands.
pub async fn claim(app: &TestApp, asked: Interaction<'_>) -> Option<Claim> {
    let claims = app.aws().store::<Claims>();
    claims.status("jobs", asked.interaction(), app.clock.now()).await.unwrap()
}

/// Another receive claims the job for this many seconds.
pub async fn claimed_by_another(app: &TestApp, asked: Interaction<'_>, seconds: u64) {
    let now = app.clock.now();
    let lease = Lease { holder: 7, until: now + Duration::from_secs(seconds) };
    let claims = app.aws().store::<Claims>();
    claims.claim("jobs", asked.interaction(), lease, Purpose::Attempt, now).await.unwrap();
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
    assert_eq!(
        (app.queued(JOBS), app.queued(TIMERS), app.queued(DEAD)),
        (0, 1, 0),
        "its watchdog comes later"
    );
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
    claimed_by_another(&app, asked, 20).await;
    let ended = app.work().await;
    let until = Disposition::RetryAfter(Duration::from_secs(20));
    assert_eq!((ended.outcome, ended.message), (Outcome::Busy, until));
    app.pass(20);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert!(app.faults(asked.id).is_empty(), "waiting is no fault");
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_down_for_five_minutes_costs_five_minutes_and_no_attempt() {
    for fault in [Fault::Status(500), Fault::Hang, Fault::Throttled] {
        let app = TestApp::open().await;
        let asked = app.says("/slow").await;
        app.wire.fail("dynamodb", fault);
        let begun = app.clock.now();
        while app.clock.now().duration_since(begun).as_secs() < 300 {
            let ended = app.work().await;
            let Disposition::RetryAfter(after) = ended.message else { panic!("{ended:?}") };
            assert_eq!(ended.outcome, Outcome::Waiting);
            app.pass(after.as_secs() + 1);
        }
        assert_eq!((asked.story(), app.queued(DEAD)), (vec!["thinking…".to_owned()], 0));
        app.wire.heal();
        assert_eq!((app.work().await.outcome, asked.story().len()), (Outcome::Edited, 2), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_claim_whose_answer_was_lost_is_released_and_costs_no_attempt() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    for count in [1, 2, 3] {
        app.wire.fail("dynamodb UpdateItem IDEM#jobs", Fault::FailsAfter);
        assert_eq!(app.work().await.outcome, Outcome::Waiting);
        assert_eq!(claim(&app, asked).await, None, "released, though the answer to that was lost too");
        app.wire.heal();
        app.pass(75);
        assert_eq!(app.work().await.outcome, Outcome::ReceiveFailed, "{count}");
        app.pass(75);
    }
    assert_eq!(app.work().await.outcome, Outcome::Notified, "the fourth attempt, at the seventh receive");
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
        assert!(app.clock.now().duration_since(begun).as_secs() <= 16, "time is left for the reply");
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
    let wire = Arc::clone(&app.wire);
    let outage = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        wire.fail("dynamodb UpdateItem IDEM#jobs", Fault::Status(400));
    });
    app.wire.fail("dynamodb UpdateItem IDEM#jobs", Fault::Slow(Duration::from_millis(600)));
    app.pass(3);
    let ended = app.work().await;
    outage.await.unwrap();
    let Disposition::RetryAfter(after) = ended.message else { panic!("{ended:?}") };
    assert!(after > Duration::from_secs(28), "until the claim expires: {after:?}");
    assert_eq!(app.faults(asked.id).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_job_of_a_command_that_arrives_a_minute_before_its_version_is_done_when_the_version_is_there() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let job = app.message(JOBS);
    app.queues.purge(JOBS).unwrap();
    app.send(JOBS, &job.replace(r#""command":"slow""#, r#""command":"gone""#));
    for _ in 0..3 {
        let ended = app.work().await;
        let soon = Disposition::RetryAfter(Duration::from_secs(30));
        assert_eq!((ended.outcome, ended.message), (Outcome::AnotherVersion, soon));
        app.pass(30);
    }
    assert!(app.faults(asked.id).is_empty());
    // The other version, which knows the command.
    let ended = app.perform(&app.worker, &job, 4).await;
    assert_eq!((ended.outcome, asked.story().len()), (Outcome::Edited, 2));
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_interaction_cannot_be_read_is_a_fault() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let mut job = Job::parse(&app.message(JOBS)).unwrap();
    for (body, fault, outcome) in [
        ("{}", "job: not an interaction", Outcome::ReceiveFailed),
        (r#"{"type":1}"#, "job: not an interaction", Outcome::ReceiveFailed),
        (
            r#"{"type":2,"id":"5","token":"t","data":{"type":1,"name":"slow","options":[{"type":4,"name":"number","value":"many"}]}}"#,
            "dispatch: of another version",
            Outcome::Waiting,
        ),
    ] {
        job.body = serde_json::value::RawValue::from_string(body.to_owned()).unwrap();
        let ends = app.clock.now() + Duration::from_secs(30);
        let ended = app.worker.perform(&Queued::Job(job.clone()), &delivery("", 1, ends)).await;
        assert_eq!(ended.outcome, outcome, "{body}");
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
async fn a_claim_that_cannot_be_completed_is_tried_again() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord PATCH", Fault::Slow(Duration::from_secs(1)));
    // The claim itself is an UpdateItem too.
    let table = Arc::clone(&app.wire);
    let outage = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        table.fail("dynamodb UpdateItem IDEM#jobs", Fault::Status(400));
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
        table.fail("dynamodb UpdateItem IDEM#jobs", Fault::Status(400));
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
            wire.fail("dynamodb UpdateItem IDEM#jobs", Fault::Status(400));
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
    let job = app.message(JOBS);
    let other = app.another_worker();
    let (first, second) = tokio::join!(app.perform(&app.worker, &job, 1), app.perform(&other, &job, 1));
    assert_eq!([first.outcome, second.outcome], [Outcome::Edited, Outcome::Busy]);
    let twice = app.says("/act work_takes:10000").await;
    let job = app.queues.peek(JOBS, 9).unwrap().last().unwrap().body.clone();
    let (first, second) = tokio::join!(app.perform(&app.worker, &job, 1), app.perform(&app.worker, &job, 1));
    assert_eq!([first.outcome, second.outcome], [Outcome::Edited, Outcome::Busy]);
    assert_eq!([asked, twice].map(|it| app.discord.edits(it.id).unwrap()), [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_came_too_late_for_discord_ends_its_job_within_a_minute_as_unreachable() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord", Fault::UnknownWebhook);
    app.wire.forget();
    let mut outcome = Outcome::Waiting;
    while outcome == Outcome::Waiting {
        let ended = app.work().await;
        outcome = ended.outcome;
        if let Disposition::RetryAfter(after) = ended.message {
            app.pass(after.as_secs() + 1);
        }
    }
    assert_eq!((outcome, claim(&app, asked).await), (Outcome::Unreachable, Some(Claim::Done)));
    assert!(app.clock.now().duration_since(asked.interaction().created_at()).as_secs() < 60);
    assert!(app.wire.calls("discord") <= 14, "{} requests", app.wire.calls("discord"));
    assert_eq!((app.queued(JOBS), app.queued(DEAD)), (0, 0));
    app.pass(750);
    app.wire.forget();
    assert_eq!(app.receive(TIMERS, &app.worker).await.outcome, Outcome::NotNeeded);
    assert_eq!((app.wire.calls("discord"), app.queued(DEAD)), (0, 0));
}
