//! Deferred work in the jobs function: claims, faults, retries, and the dead-letter queue.

use std::{sync::Arc, time::Duration};

use aws::{Claim, Claims};
use domain::{Job, Queued, attempt::Disposition, dead_letter::Failure, measurement::Outcome};

use crate::{
    harness::{DEAD, JOBS, TIMERS, World},
    member::Interaction,
    wire::Fault,
};

/// How the claim of a job stands.
async fn claim(world: &World, asked: Interaction<'_>) -> Option<Claim> {
    let claims = world.aws().store::<Claims>();
    claims.status("jobs", asked.interaction(), world.clock.now()).await.unwrap()
}

async fn failure(world: &World, asked: Interaction<'_>) -> Option<Failure> {
    world.aws().store::<Failure>().get(asked.interaction(), world.clock.now()).await.unwrap()
}

fn retried(seconds: u64) -> Disposition {
    Disposition::RetryAfter(Duration::from_secs(seconds))
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_done_edits_the_deferred_message_and_leaves_the_queue() {
    let world = World::open().await;
    let asked = world.said_by("Zdenka Vlasak", "/slow").await;
    let ended = world.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Edited, Disposition::Delete));
    assert_eq!(
        (asked.story(), asked.text()),
        (vec!["thinking…".to_owned(), "edited".to_owned()], "0 in the end, English".to_owned())
    );
    assert_eq!((world.queued(JOBS), world.queued(TIMERS), world.queued(DEAD)), (0, 0, 0));
    assert_eq!(world.steps(asked.id), ["routed", "queued", "claimed", "worked", "edited", "completed"]);
    assert_eq!(claim(&world, asked).await, Some(Claim::Done));
    assert!(world.faults(asked.id).is_empty());
    assert_eq!(world.worker.services().version(), "test");
}

#[tokio::test(start_paused = true)]
async fn an_ephemeral_reply_speaks_the_language_of_its_user() {
    let world = World::open().await;
    for line in ["/slow private:true number:4", "/again takes:5000", "/act run:later private:true"] {
        let asked = world.said_by("Zdenka Vlasak", line).await;
        assert_eq!(world.work().await.outcome, Outcome::Edited);
        assert!(asked.text().ends_with("German"), "{line}: {}", asked.text());
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_delivered_twice_is_done_once() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    let job = world.message(JOBS);
    assert_eq!(world.work().await.outcome, Outcome::Edited);
    world.send(JOBS, &job);
    let again = world.receive(JOBS, &world.another_worker()).await;
    assert_eq!((again.outcome, again.message), (Outcome::AlreadyDone, Disposition::Delete));
    assert_eq!(world.discord.edits(asked.id).unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_claim_another_receive_holds_comes_back_when_that_has_ended() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    let until = world.clock.now() + Duration::from_secs(20);
    let claims = world.aws().store::<Claims>();
    claims.claim("jobs", asked.interaction(), 7, world.clock.now(), until).await.unwrap();
    let ended = world.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Busy, retried(20)));
    world.pass(20);
    assert_eq!(world.work().await.outcome, Outcome::Edited);
    assert!(world.faults(asked.id).is_empty(), "waiting is no fault");
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_table_at_the_claim_leaves_the_message_in_the_queue() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.wire.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
    let ended = world.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::ReceiveFailed, retried(2)));
    assert_eq!((asked.story(), world.faults(asked.id).len()), (vec!["thinking…".to_owned()], 1));
    world.wire.heal();
    world.pass(2);
    assert_eq!(world.work().await.outcome, Outcome::Edited);
}

#[tokio::test(start_paused = true)]
async fn a_claim_whose_answer_was_lost_is_recognised_when_it_is_tried_again() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.wire.fail("dynamodb PutItem IDEM#jobs", Fault::FailsAfter);
    assert_eq!(world.work().await.outcome, Outcome::ReceiveFailed);
    assert!(matches!(claim(&world, asked).await, Some(Claim::Busy(_))));
    world.wire.heal();
    world.pass(2);
    let other = world.receive(JOBS, &world.another_worker()).await;
    let Disposition::RetryAfter(after) = other.message else { panic!("{other:?}") };
    assert_eq!((other.outcome, after.as_secs()), (Outcome::Busy, 27), "until the first receive has ended");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_fails_is_tried_four_times_and_then_told_and_becomes_a_dead_letter() {
    let world = World::open().await;
    let asked = world.says("/act work:fail").await;
    let mut ends = Vec::new();
    for _ in 0..4 {
        ends.push(world.work().await);
        world.pass(20);
    }
    let outcomes: Vec<_> = ends.iter().map(|ended| ended.outcome).collect();
    assert_eq!(
        outcomes,
        [Outcome::ReceiveFailed, Outcome::ReceiveFailed, Outcome::ReceiveFailed, Outcome::Notified]
    );
    let messages: Vec<_> = ends.iter().map(|ended| ended.message).collect();
    assert_eq!(messages, [retried(2), retried(8), retried(20), retried(0)]);
    assert!(asked.text().contains("Something went wrong") && asked.text().contains(&asked.id.to_string()));
    assert_eq!(world.faults(asked.id), ["act: as asked"; 4]);
    world.buries(JOBS).await;
    assert_eq!((world.queued(JOBS), world.queued(DEAD)), (0, 1));
    let failure = failure(&world, asked).await.unwrap();
    assert_eq!(
        (failure.reason(), failure.command.as_str(), failure.receives),
        ("act: as asked".to_owned(), "act", 4)
    );
    assert!(failure.guild.is_some());
    assert_eq!(world.steps(asked.id).last().map(String::as_str), Some("edited"));
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_a_retry_would_not_fix_is_told_at_once() {
    let world = World::open().await;
    let asked = world.says("/act work:fail_for_good").await;
    let ended = world.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Notified, Disposition::Delete));
    assert!(asked.text().contains(&asked.id.to_string()), "{}", asked.text());
    assert_eq!(world.faults(asked.id), ["act: for good"]);
    assert_eq!(world.steps(asked.id)[2..], ["claimed", "worked", "edited", "completed"]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_and_a_work_that_does_not_end_are_faults_of_the_command() {
    let world = World::open().await;
    for (line, fault) in
        [("/act work:panic", "command: panic"), ("/act work_takes:60000", "command: timeout")]
    {
        let asked = world.says(line).await;
        let begun = world.clock.now();
        assert_eq!(world.work().await.outcome, Outcome::ReceiveFailed, "{line}");
        assert_eq!(world.faults(asked.id), [fault]);
        assert!(world.clock.now().duration_since(begun).as_secs() <= 18, "time is left for the reply");
        world.queues.purge(JOBS).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn work_that_takes_seconds_is_waited_for() {
    let world = World::open().await;
    let asked = world.says("/act work_takes:15000").await;
    assert_eq!((world.work().await.outcome, asked.text()), (Outcome::Edited, "work: English".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_released_claim_can_be_taken_by_the_next_receive_at_once() {
    let world = World::open().await;
    let asked = world.says("/act work:fail").await;
    world.work().await;
    assert_eq!(claim(&world, asked).await, None);
    world.wire.fail("dynamodb DeleteItem IDEM#jobs", Fault::Status(400));
    world.pass(2);
    let ended = world.work().await;
    let Disposition::RetryAfter(after) = ended.message else { panic!("{ended:?}") };
    assert!(after > Duration::from_secs(29), "until the claim expires: {after:?}");
    assert_eq!(world.faults(asked.id).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_job_of_a_command_that_this_version_does_not_know_is_retried() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    let job = world.message(JOBS).replace(r#""command":"slow""#, r#""command":"gone""#);
    world.queues.purge(JOBS).unwrap();
    world.send(JOBS, &job);
    let ended = world.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::ReceiveFailed, retried(2)));
    assert_eq!(world.faults(asked.id), ["dispatch: of another version"]);
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_interaction_cannot_be_read_is_a_fault() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    let mut job = Job::parse(&world.message(JOBS)).unwrap();
    for (body, fault) in [
        ("{}", "job: not an interaction"),
        (r#"{"type":1}"#, "job: not an interaction"),
        (
            r#"{"type":2,"id":"5","token":"t","data":{"type":1,"name":"slow","options":[{"type":4,"name":"number","value":"many"}]}}"#,
            "dispatch: of another version",
        ),
    ] {
        job.body = serde_json::value::RawValue::from_string(body.to_owned()).unwrap();
        let ends = world.clock.now() + Duration::from_secs(30);
        let ended = world.worker.perform(&Queued::Job(job.clone()), 1, ends).await;
        assert_eq!((ended.outcome, ended.message), (Outcome::ReceiveFailed, retried(2)), "{body}");
        assert_eq!(world.faults(asked.id).last().map(String::as_str), Some(fault));
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_of_a_component_without_a_custom_id_is_a_fault() {
    let world = World::open().await;
    let panel = world.says("/panel").await;
    let pressed = panel.pressed("Later").await;
    let job = world.message(JOBS);
    world.queues.purge(JOBS).unwrap();
    world.send(JOBS, &job.replace(&panel.custom_id("Later"), "not one of ours"));
    assert_eq!(world.work().await.outcome, Outcome::ReceiveFailed);
    assert_eq!(world.faults(pressed.id), ["job: no custom id"]);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_ends_after_its_token_has_expired_sends_no_reply() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.pass(14 * 60 + 1);
    world.wire.forget();
    let ended = world.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Expired, Disposition::Delete));
    assert_eq!((world.wire.calls("discord"), world.discord.edits(asked.id).unwrap()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_cannot_be_completed_is_tried_again() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.wire.fail("discord PATCH", Fault::Slow(Duration::from_secs(1)));
    // The claim itself is a PutItem too.
    let table = Arc::clone(&world.wire);
    let outage = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        table.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        table.heal();
    });
    let ended = world.work().await;
    outage.await.unwrap();
    assert_eq!((ended.outcome, claim(&world, asked).await), (Outcome::Edited, Some(Claim::Done)));
    assert_eq!(world.faults(asked.id).len(), 2, "at 1.0 s and at 1.3 s, and not at 2.3 s");
    assert_eq!(world.steps(asked.id).last().map(String::as_str), Some("completed"));
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_cannot_be_completed_in_time_is_given_up() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.wire.fail("discord PATCH", Fault::Slow(Duration::from_secs(1)));
    let table = Arc::clone(&world.wire);
    let outage = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        table.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
    });
    let begun = world.clock.now();
    assert_eq!(world.work().await.outcome, Outcome::Edited);
    outage.await.unwrap();
    assert_eq!(world.faults(asked.id).len(), 4);
    assert_eq!(world.clock.now().duration_since(begun).as_millis(), 1_000 + 300 + 1_000 + 3_000);
    assert_eq!(world.steps(asked.id).last().map(String::as_str), Some("edited"), "not completed");
}

#[tokio::test(start_paused = true)]
async fn near_the_end_of_the_invocation_a_claim_is_not_tried_again() {
    // Before the second try is a pause of 300 ms, and two seconds are for what follows.
    for (left_ms, tries) in [(2_299, 1), (2_300, 2), (3_299, 2), (3_300, 3)] {
        let world = World::open().await;
        let asked = world.says("/slow").await;
        world.wire.fail("discord PATCH", Fault::Slow(Duration::from_secs(1)));
        let (wire, clock) = (Arc::clone(&world.wire), world.clock.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(500)).await;
            wire.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
            clock.advance(Duration::from_millis(30_000 - 1_000 - left_ms));
        });
        assert_eq!(world.work().await.outcome, Outcome::Edited);
        assert_eq!(world.faults(asked.id).len(), tries, "{left_ms} ms before the end");
    }
}

#[tokio::test(start_paused = true)]
async fn two_environments_do_not_take_each_others_claims() {
    let world = World::open().await;
    let asked = world.says("/act work_takes:10000").await;
    let job = Queued::parse(&world.message(JOBS)).unwrap();
    let ends = world.clock.now() + Duration::from_secs(30);
    let other = world.another_worker();
    let (first, second) = tokio::join!(world.worker.perform(&job, 1, ends), other.perform(&job, 1, ends));
    assert_eq!([first.outcome, second.outcome], [Outcome::Edited, Outcome::Busy]);
    let twice = world.says("/act work_takes:10000").await;
    let job = Queued::parse(&world.queues.peek(JOBS, 9).unwrap().last().unwrap().body).unwrap();
    let ends = world.clock.now() + Duration::from_secs(30);
    let (first, second) =
        tokio::join!(world.worker.perform(&job, 1, ends), world.worker.perform(&job, 1, ends));
    assert_eq!([first.outcome, second.outcome], [Outcome::Edited, Outcome::Busy]);
    assert_eq!([asked, twice].map(|it| world.discord.edits(it.id).unwrap()), [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn the_last_receive_tells_the_user_even_if_another_one_holds_the_claim() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    let until = world.clock.now() + Duration::from_secs(120);
    world
        .aws()
        .store::<Claims>()
        .claim("jobs", asked.interaction(), 7, world.clock.now(), until)
        .await
        .unwrap();
    let job = Queued::parse(&world.message(JOBS)).unwrap();
    let ended = world.worker.perform(&job, 4, world.clock.now() + Duration::from_secs(30)).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Notified, retried(0)));
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
    assert_eq!(failure(&world, asked).await.unwrap().reason(), "claim: busy");
}

impl World {
    /// The receive after the last one, which moves the message to the dead-letter queue.
    async fn buries(&self, queue: &str) {
        self.pass(90);
        assert!(self.queues.receive(queue, 1, Duration::ZERO).await.unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_came_too_late_for_discord_ends_its_job_within_a_minute_as_unreachable() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.wire.fail("discord", Fault::UnknownWebhook);
    world.wire.forget();
    let mut outcome = Outcome::ReceiveFailed;
    for wait in [2, 8, 20, 0] {
        assert_eq!(outcome, Outcome::ReceiveFailed);
        outcome = world.work().await.outcome;
        world.pass(wait);
    }
    assert_eq!((outcome, claim(&world, asked).await), (Outcome::Unreachable, Some(Claim::Done)));
    assert!(world.wire.calls("discord") <= 14, "{} requests", world.wire.calls("discord"));
    assert_eq!((world.queued(JOBS), world.queued(DEAD)), (0, 0));
    // The watchdogs of the second and third receive find the job done.
    world.pass(750);
    world.wire.forget();
    while world.queued(TIMERS) > 0 {
        assert_eq!(world.receive(TIMERS, &world.worker).await.outcome, Outcome::NotNeeded);
    }
    assert_eq!((world.wire.calls("discord"), world.queued(DEAD)), (0, 0));
}
