//! What Discord answers to the replies of the jobs function.

use std::{sync::Arc, time::Duration};

use domain::{Queued, attempt::Disposition, measurement::Outcome};

use crate::{
    harness::{DEAD, JOBS, World},
    wire::Fault,
};

#[tokio::test(start_paused = true)]
async fn discord_being_down_for_a_moment_is_waited_out() {
    let world = World::open().await;
    for status in [500, 503] {
        let asked = world.says("/slow").await;
        world.discord.faults().change(|knobs| knobs.fail_webhooks = Some(status));
        let discord = world.discord.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(250)).await;
            discord.faults().change(|knobs| knobs.fail_webhooks = None);
        });
        assert_eq!(world.work().await.outcome, Outcome::Edited, "{status}");
        assert_eq!(world.discord.webhook_calls(asked.id), 3);
        assert!(world.faults(asked.id).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn discord_being_down_for_longer_is_left_to_the_queue() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.discord.faults().change(|knobs| knobs.fail_webhooks = Some(503));
    let ended = world.work().await;
    let after = Disposition::RetryAfter(Duration::from_secs(2));
    assert_eq!((ended.outcome, ended.message), (Outcome::ReceiveFailed, after));
    assert_eq!(
        (world.discord.webhook_calls(asked.id), world.faults(asked.id)),
        (3, vec!["discord: status 503".to_owned()])
    );
    world.discord.faults().change(|knobs| knobs.fail_webhooks = None);
    world.pass(2);
    assert_eq!(
        (world.work().await.outcome, asked.text()),
        (Outcome::Edited, "0 in the end, English".to_owned())
    );
}

#[tokio::test(start_paused = true)]
async fn environments_do_not_all_try_again_at_the_same_moment() {
    let world = World::open().await;
    world.discord.faults().change(|knobs| knobs.fail_webhooks = Some(503));
    let mut waits = Vec::new();
    for worker in [&world.another_worker(), &world.another_worker()] {
        world.says("/slow").await;
        let begun = world.clock.now();
        world.receive(JOBS, worker).await;
        waits.push(world.clock.now().duration_since(begun).as_millis());
    }
    assert!(waits.iter().all(|wait| (401..799).contains(wait)) && waits[0] != waits[1], "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_discord_does_not_know_yet_is_edited_when_it_does() {
    let world = World::open().await;
    world.discord.faults().change(|knobs| knobs.unknown_webhook_times = 2);
    let asked = world.says("/slow").await;
    assert_eq!(world.work().await.outcome, Outcome::Edited);
    assert_eq!(world.discord.webhook_calls(asked.id), 3);
}

#[tokio::test(start_paused = true)]
async fn a_reply_whose_message_was_deleted_is_sent_as_a_follow_up() {
    let world = World::open().await;
    for (line, follow_up) in [("/slow", "follow-up"), ("/slow private:true", "follow-up (only you see this)")]
    {
        let asked = world.says(line).await;
        asked.deleted().await;
        let ended = world.work().await;
        assert_eq!((ended.outcome, ended.message), (Outcome::Edited, Disposition::Delete));
        assert_eq!(asked.story().last().map(String::as_str), Some(follow_up));
        assert!(asked.text().starts_with("0 in the end"));
        assert!(world.faults(asked.id).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_edit_without_an_answer_is_repeated() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.wire.fail("discord PATCH", Fault::AnswerLost);
    let wire = Arc::clone(&world.wire);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(2)).await;
        wire.heal();
    });
    assert_eq!(world.work().await.outcome, Outcome::Edited);
    assert_eq!(world.discord.edits(asked.id).unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_discord_that_stays_silent_ends_the_attempt_in_time() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.wire.fail("discord", Fault::Hang);
    let ends = world.clock.now() + Duration::from_secs(30);
    assert_eq!(world.work().await.outcome, Outcome::ReceiveFailed);
    assert!(world.clock.now() < ends);
    assert_eq!(world.faults(asked.id), ["discord: no answer"]);
}

#[tokio::test(start_paused = true)]
async fn with_little_time_left_a_request_to_discord_is_cut_short() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    let job = Queued::parse(&world.message(JOBS)).unwrap();
    world.wire.fail("discord", Fault::Hang);
    let begun = world.clock.now();
    let ended = world.worker.perform(&job, 1, begun + Duration::from_secs(14)).await;
    assert_eq!(
        (ended.outcome, world.faults(asked.id)),
        (Outcome::ReceiveFailed, vec!["discord: no answer".to_owned()])
    );
    assert_eq!(world.clock.now().duration_since(begun).as_secs(), 8, "six seconds are for the error message");
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_discord_would_not_take_is_told_as_a_failure() {
    let world = World::open().await;
    let asked = world.says("/act work:too_long").await;
    world.wire.forget();
    let ended = world.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Notified, Disposition::Delete));
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
    assert_eq!((world.faults(asked.id), world.queued(DEAD)), (vec!["discord: not sent: text".to_owned()], 0));
    assert_eq!((world.wire.calls("discord PATCH"), world.wire.calls("discord GET")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_discord_refuses_for_good_is_told_as_a_failure() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.wire.fail("discord PATCH", Fault::Status(400));
    world.wire.forget();
    let ended = world.work().await;
    assert_eq!(ended.outcome, Outcome::ReceiveFailed, "the error message was refused too");
    assert_eq!(world.wire.calls("discord PATCH"), 2);
    assert_eq!(world.faults(asked.id), ["discord: status 400", "discord: status 400"]);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_of_discord_is_waited_for_without_a_fault_each_time() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.discord.faults().change(|knobs| {
        knobs.fail_webhooks = Some(429);
        knobs.retry_after = Duration::from_secs(30);
    });
    let ended = world.work().await;
    let after = Disposition::RetryAfter(Duration::from_secs(30));
    assert_eq!((ended.outcome, ended.message), (Outcome::DiscordRateLimited, after));
    assert_eq!((world.discord.webhook_calls(asked.id), world.faults(asked.id).len()), (1, 1));
    let job = Queued::parse(&world.message(JOBS)).unwrap();
    let soon = world.worker.perform(&job, 2, world.clock.now() + Duration::from_secs(30)).await;
    assert_eq!(soon.outcome, Outcome::DiscordRateLimited);
    assert_eq!(
        (world.discord.webhook_calls(asked.id), world.faults(asked.id).len()),
        (1, 1),
        "not asked again"
    );
    world.discord.faults().change(|knobs| knobs.fail_webhooks = None);
    world.pass(30);
    assert_eq!(world.work().await.outcome, Outcome::Edited);
}

#[tokio::test(start_paused = true)]
async fn on_the_last_receive_a_job_that_waits_for_discord_is_sent_as_a_new_message() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.discord.faults().change(|knobs| {
        knobs.fail_webhooks = Some(429);
        knobs.retry_after = Duration::from_secs(30);
    });
    let job = Queued::parse(&world.message(JOBS)).unwrap();
    world.queues.purge(JOBS).unwrap();
    let ended = world.worker.perform(&job, 4, world.clock.now() + Duration::from_secs(30)).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::DiscordRateLimited, Disposition::Delete));
    assert_eq!(world.queued(JOBS), 1);
    assert_eq!(world.queues.list().unwrap().iter().map(|depth| depth.delayed).sum::<u64>(), 1);
    world.discord.faults().change(|knobs| knobs.fail_webhooks = None);
    world.pass(30);
    assert_eq!((world.work().await.outcome, asked.story().len()), (Outcome::Edited, 2));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_cannot_be_sent_again_becomes_a_dead_letter_with_its_reason() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.discord.faults().change(|knobs| {
        knobs.fail_webhooks = Some(429);
        knobs.retry_after = Duration::from_secs(30);
    });
    let job = Queued::parse(&world.message(JOBS)).unwrap();
    for (fault, code) in [(Fault::Status(400), "sqs.send: unknown"), (Fault::Hang, "sqs.send: timeout")] {
        world.wire.fail("sqs SendMessage", fault);
        let ended = world.worker.perform(&job, 4, world.clock.now() + Duration::from_secs(30)).await;
        assert_eq!(
            (ended.outcome, ended.message),
            (Outcome::ReceiveFailed, Disposition::RetryAfter(Duration::ZERO))
        );
        assert_eq!(world.faults(asked.id).last().map(String::as_str), Some(code));
        world.pass(31);
    }
    assert!(world.wire.calls("dynamodb PutItem FAILED#") >= 2);
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_ends_the_job_without_a_fault() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    // The simulated Discord expires the token, though the job is young by the id of its interaction.
    let job = world.message(JOBS);
    world.pass(15 * 60 + 1);
    let young = crate::harness::id_at(world.clock.now()).to_string();
    let job = job.replacen(&asked.id.to_string(), &young, 1);
    let ends = world.clock.now() + Duration::from_secs(30);
    let ended = world.worker.perform(&Queued::parse(&job).unwrap(), 1, ends).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Expired, Disposition::Delete));
    assert!(world.logged("fault").is_empty(), "{:?}", world.logged("fault"));
}

#[tokio::test(start_paused = true)]
async fn an_error_message_does_not_replace_a_reply_of_an_earlier_receive() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    let job = world.message(JOBS);
    assert_eq!(world.work().await.outcome, Outcome::Edited);
    let late = job.replace(r#""command":"slow""#, r#""command":"act""#);
    let ends = world.clock.now() + Duration::from_secs(30);
    world.wire.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
    world.wire.forget();
    let ended = world.worker.perform(&Queued::parse(&late).unwrap(), 4, ends).await;
    assert_eq!((ended.outcome, asked.text()), (Outcome::Notified, "0 in the end, English".to_owned()));
    assert_eq!((world.wire.calls("discord GET"), world.wire.calls("discord PATCH")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_error_message_replaces_the_message_of_doubt() {
    let world = World::open().await;
    world.wire.fail("sqs SendMessage", Fault::AnswerLost);
    let asked = world.says("/act work:fail_for_good").await;
    assert!(asked.text().contains("not sure"), "{}", asked.text());
    world.wire.heal();
    assert_eq!(world.work().await.outcome, Outcome::Notified);
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
}

#[tokio::test(start_paused = true)]
async fn an_error_message_whose_message_was_deleted_is_an_ephemeral_follow_up() {
    let world = World::open().await;
    let asked = world.says("/act work:fail_for_good").await;
    asked.deleted().await;
    assert_eq!(world.work().await.outcome, Outcome::Notified);
    assert_eq!(asked.story().last().map(String::as_str), Some("follow-up (only you see this)"));
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
}

#[tokio::test(start_paused = true)]
async fn an_error_message_is_sent_even_if_the_reply_cannot_be_read() {
    let world = World::open().await;
    let asked = world.says("/act work:fail_for_good").await;
    world.wire.fail("discord GET", Fault::Status(503));
    assert_eq!(world.work().await.outcome, Outcome::Notified);
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
}

#[tokio::test(start_paused = true)]
async fn an_error_message_that_cannot_be_sent_is_logged_and_tried_again() {
    let world = World::open().await;
    let asked = world.says("/act work:fail_for_good").await;
    for fault in [Fault::Status(503), Fault::Hang] {
        world.wire.fail("discord", fault);
        let ended = world.work().await;
        assert!(
            matches!(ended.message, Disposition::RetryAfter(_)) && ended.outcome == Outcome::ReceiveFailed
        );
        world.pass(8);
    }
    let faults = world.faults(asked.id);
    assert_eq!(faults, ["act: for good", "discord: status 503", "act: for good", "discord: no answer"]);
    world.wire.heal();
    assert_eq!(world.work().await.outcome, Outcome::Notified);
}

#[tokio::test(start_paused = true)]
async fn a_failed_button_is_told_beside_its_message() {
    let world = World::open().await;
    let panel = world.said_by("Zdenka Vlasak", "/panel").await;
    let pressed = panel.pressed_by("Zdenka Vlasak", "Later").await;
    let job = world.message(JOBS).replace(&panel.custom_id("Later"), "not one of ours");
    let ends = world.clock.now() + Duration::from_secs(30);
    let ended = world.worker.perform(&Queued::parse(&job).unwrap(), 4, ends).await;
    assert_eq!(ended.outcome, Outcome::Notified);
    assert_eq!(pressed.story(), ["follow-up (only you see this)"]);
    assert!(pressed.text().contains("Bei mir ist etwas schiefgegangen"), "{}", pressed.text());
    assert!(panel.message().to_string().contains("pressed 0"));
}

#[tokio::test(start_paused = true)]
async fn the_right_to_send_that_discord_takes_away_is_not_tried_in_place() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.wire.fail("discord PATCH", Fault::Status(401));
    world.wire.forget();
    let ended = world.work().await;
    assert_eq!((ended.outcome, world.wire.calls("discord PATCH")), (Outcome::DiscordRateLimited, 1));
    assert_eq!(ended.message, Disposition::RetryAfter(Duration::from_secs(60)));
    assert_eq!(world.faults(asked.id), ["discord: status 401"]);
}
