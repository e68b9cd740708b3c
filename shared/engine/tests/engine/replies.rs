//! What Discord answers to the replies of the jobs function.

use std::{sync::Arc, time::Duration};

use domain::{Queued, attempt::Disposition, measurement::Outcome};

use crate::{
    harness::{DEAD, JOBS, TestApp},
    wire::Fault,
};

/// Discord rejects every webhook request with 429 and this `Retry-After`, in seconds.
fn limit_webhooks(app: &TestApp, seconds: u64) {
    app.discord.faults().change(|faults| {
        faults.fail_webhooks = Some(429);
        faults.retry_after = Duration::from_secs(seconds);
    });
}

#[tokio::test(start_paused = true)]
async fn discord_being_down_for_a_moment_is_waited_out() {
    let app = TestApp::open().await;
    for status in [500, 503] {
        let asked = app.says("/slow").await;
        app.discord.faults().change(|faults| faults.fail_webhooks = Some(status));
        let discord = app.discord.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(250)).await;
            discord.faults().change(|faults| faults.fail_webhooks = None);
        });
        assert_eq!(app.work().await.outcome, Outcome::Edited, "{status}");
        assert_eq!(app.discord.webhook_calls(asked.id), 3);
        assert!(app.faults(asked.id).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn discord_being_down_for_longer_is_left_to_the_queue() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.discord.faults().change(|faults| faults.fail_webhooks = Some(503));
    let ended = app.work().await;
    let after = Disposition::RetryAfter(Duration::from_secs(2));
    assert_eq!((ended.outcome, ended.message), (Outcome::ReceiveFailed, after));
    assert_eq!(
        (app.discord.webhook_calls(asked.id), app.faults(asked.id)),
        (3, vec!["discord: status 503".to_owned()])
    );
    app.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass(2);
    assert_eq!(
        (app.work().await.outcome, asked.text()),
        (Outcome::Edited, "0 in the end, English".to_owned())
    );
}

#[tokio::test(start_paused = true)]
async fn environments_do_not_all_try_again_at_the_same_moment() {
    let app = TestApp::open().await;
    app.discord.faults().change(|faults| faults.fail_webhooks = Some(503));
    let mut waits = Vec::new();
    for worker in [&app.another_worker(), &app.another_worker()] {
        app.says("/slow").await;
        let begun = app.clock.now();
        app.receive(JOBS, worker).await;
        waits.push(app.clock.now().duration_since(begun).as_millis());
    }
    assert!(waits.iter().all(|wait| (401..799).contains(wait)) && waits[0] != waits[1], "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_discord_does_not_know_yet_is_edited_when_it_does() {
    let app = TestApp::open().await;
    app.discord.faults().change(|faults| faults.unknown_webhook_times = 2);
    let asked = app.says("/slow").await;
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert_eq!(app.discord.webhook_calls(asked.id), 3);
}

#[tokio::test(start_paused = true)]
async fn a_reply_whose_message_was_deleted_is_sent_as_a_follow_up() {
    let app = TestApp::open().await;
    for (line, follow_up) in [("/slow", "follow-up"), ("/slow private:true", "follow-up (only you see this)")]
    {
        let asked = app.says(line).await;
        asked.deleted().await;
        let ended = app.work().await;
        assert_eq!((ended.outcome, ended.message), (Outcome::Edited, Disposition::Delete));
        assert_eq!(asked.story().last().map(String::as_str), Some(follow_up));
        assert!(asked.text().starts_with("0 in the end"));
        assert!(app.faults(asked.id).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_edit_without_an_answer_is_repeated() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord PATCH", Fault::AnswerLost);
    let wire = Arc::clone(&app.wire);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(2)).await;
        wire.heal();
    });
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert_eq!(app.discord.edits(asked.id).unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_discord_that_stays_silent_ends_the_attempt_in_time() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord", Fault::Hang);
    let ends = app.clock.now() + Duration::from_secs(30);
    assert_eq!(app.work().await.outcome, Outcome::ReceiveFailed);
    assert!(app.clock.now() < ends);
    assert_eq!(app.faults(asked.id), ["discord: no answer"]);
}

#[tokio::test(start_paused = true)]
async fn with_little_time_left_a_request_to_discord_is_cut_short() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    app.wire.fail("discord", Fault::Hang);
    let begun = app.clock.now();
    let ended = app.worker.perform(&job, 1, begun + Duration::from_secs(14)).await;
    assert_eq!(
        (ended.outcome, app.faults(asked.id)),
        (Outcome::ReceiveFailed, vec!["discord: no answer".to_owned()])
    );
    assert_eq!(app.clock.now().duration_since(begun).as_secs(), 8, "six seconds are for the error message");
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_discord_would_not_take_is_told_as_a_failure() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:too_long").await;
    app.wire.forget();
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Notified, Disposition::Delete));
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
    assert_eq!((app.faults(asked.id), app.queued(DEAD)), (vec!["discord: not sent: text".to_owned()], 0));
    assert_eq!((app.wire.calls("discord PATCH"), app.wire.calls("discord GET")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_discord_refuses_for_good_is_told_as_a_failure() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord PATCH", Fault::Status(400));
    app.wire.forget();
    let ended = app.work().await;
    assert_eq!(ended.outcome, Outcome::ReceiveFailed, "the error message was refused too");
    assert_eq!(app.wire.calls("discord PATCH"), 2);
    assert_eq!(app.faults(asked.id), ["discord: status 400", "discord: status 400"]);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_of_discord_is_waited_for_without_a_fault_each_time() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    limit_webhooks(&app, 30);
    let ended = app.work().await;
    let after = Disposition::RetryAfter(Duration::from_secs(30));
    assert_eq!((ended.outcome, ended.message), (Outcome::DiscordRateLimited, after));
    assert_eq!((app.discord.webhook_calls(asked.id), app.faults(asked.id).len()), (1, 1));
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    let soon = app.worker.perform(&job, 2, app.clock.now() + Duration::from_secs(30)).await;
    assert_eq!(soon.outcome, Outcome::DiscordRateLimited);
    assert_eq!((app.discord.webhook_calls(asked.id), app.faults(asked.id).len()), (1, 1), "not asked again");
    app.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass(30);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
}

#[tokio::test(start_paused = true)]
async fn on_the_last_receive_a_job_that_waits_for_discord_is_sent_as_a_new_message() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    limit_webhooks(&app, 30);
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    app.queues.purge(JOBS).unwrap();
    let ended = app.worker.perform(&job, 4, app.clock.now() + Duration::from_secs(30)).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::DiscordRateLimited, Disposition::Delete));
    assert_eq!(app.queued(JOBS), 1);
    assert_eq!(app.queues.list().unwrap().iter().map(|depth| depth.delayed).sum::<u64>(), 1);
    app.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass(30);
    assert_eq!((app.work().await.outcome, asked.story().len()), (Outcome::Edited, 2));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_cannot_be_sent_again_becomes_a_dead_letter_with_its_reason() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    limit_webhooks(&app, 30);
    let job = Queued::parse(&app.message(JOBS)).unwrap();
    for (fault, code) in [(Fault::Status(400), "sqs.send: unknown"), (Fault::Hang, "sqs.send: timeout")] {
        app.wire.fail("sqs SendMessage", fault);
        let ended = app.worker.perform(&job, 4, app.clock.now() + Duration::from_secs(30)).await;
        assert_eq!(
            (ended.outcome, ended.message),
            (Outcome::ReceiveFailed, Disposition::RetryAfter(Duration::ZERO))
        );
        assert_eq!(app.faults(asked.id).last().map(String::as_str), Some(code));
        app.pass(31);
    }
    assert!(app.wire.calls("dynamodb PutItem FAILED#") >= 2);
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_ends_the_job_without_a_fault() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    // The simulated Discord expires the token, though the job is young by the id of its interaction.
    let job = app.message(JOBS);
    app.pass(15 * 60 + 1);
    let young = crate::harness::id_at(app.clock.now()).to_string();
    let job = job.replacen(&asked.id.to_string(), &young, 1);
    let ends = app.clock.now() + Duration::from_secs(30);
    let ended = app.worker.perform(&Queued::parse(&job).unwrap(), 1, ends).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Expired, Disposition::Delete));
    assert!(app.logged("fault").is_empty(), "{:?}", app.logged("fault"));
}

#[tokio::test(start_paused = true)]
async fn an_error_message_does_not_replace_a_reply_of_an_earlier_receive() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let job = app.message(JOBS);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    let late = job.replace(r#""command":"slow""#, r#""command":"act""#);
    let ends = app.clock.now() + Duration::from_secs(30);
    app.wire.fail("dynamodb PutItem IDEM#jobs", Fault::Status(400));
    app.wire.forget();
    let ended = app.worker.perform(&Queued::parse(&late).unwrap(), 4, ends).await;
    assert_eq!((ended.outcome, asked.text()), (Outcome::Notified, "0 in the end, English".to_owned()));
    assert_eq!((app.wire.calls("discord GET"), app.wire.calls("discord PATCH")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_error_message_replaces_the_message_of_doubt() {
    let app = TestApp::open().await;
    app.wire.fail("sqs SendMessage", Fault::AnswerLost);
    let asked = app.says("/act work:fail_for_good").await;
    assert!(asked.text().contains("not sure"), "{}", asked.text());
    app.wire.heal();
    assert_eq!(app.work().await.outcome, Outcome::Notified);
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
}

#[tokio::test(start_paused = true)]
async fn an_error_message_whose_message_was_deleted_is_an_ephemeral_follow_up() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail_for_good").await;
    asked.deleted().await;
    assert_eq!(app.work().await.outcome, Outcome::Notified);
    assert_eq!(asked.story().last().map(String::as_str), Some("follow-up (only you see this)"));
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
}

#[tokio::test(start_paused = true)]
async fn an_error_message_is_sent_even_if_the_reply_cannot_be_read() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail_for_good").await;
    app.wire.fail("discord GET", Fault::Status(503));
    assert_eq!(app.work().await.outcome, Outcome::Notified);
    assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
}

#[tokio::test(start_paused = true)]
async fn an_error_message_that_cannot_be_sent_is_logged_and_tried_again() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail_for_good").await;
    for fault in [Fault::Status(503), Fault::Hang] {
        app.wire.fail("discord", fault);
        let ended = app.work().await;
        assert!(
            matches!(ended.message, Disposition::RetryAfter(_)) && ended.outcome == Outcome::ReceiveFailed
        );
        app.pass(8);
    }
    let faults = app.faults(asked.id);
    assert_eq!(faults, ["act: for good", "discord: status 503", "act: for good", "discord: no answer"]);
    app.wire.heal();
    assert_eq!(app.work().await.outcome, Outcome::Notified);
}

#[tokio::test(start_paused = true)]
async fn a_failed_button_is_told_beside_its_message() {
    let app = TestApp::open().await;
    let panel = app.said_by("Zdenka Vlasak", "/panel").await;
    let pressed = panel.pressed_by("Zdenka Vlasak", "Later").await;
    let job = app.message(JOBS).replace(&panel.custom_id("Later"), "not one of ours");
    let ends = app.clock.now() + Duration::from_secs(30);
    let ended = app.worker.perform(&Queued::parse(&job).unwrap(), 4, ends).await;
    assert_eq!(ended.outcome, Outcome::Notified);
    assert_eq!(pressed.story(), ["follow-up (only you see this)"]);
    assert!(pressed.text().contains("Bei mir ist etwas schiefgegangen"), "{}", pressed.text());
    assert!(panel.message().to_string().contains("pressed 0"));
}

#[tokio::test(start_paused = true)]
async fn the_right_to_send_that_discord_takes_away_is_not_tried_in_place() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord PATCH", Fault::Status(401));
    app.wire.forget();
    let ended = app.work().await;
    assert_eq!((ended.outcome, app.wire.calls("discord PATCH")), (Outcome::DiscordRateLimited, 1));
    assert_eq!(ended.message, Disposition::RetryAfter(Duration::from_secs(60)));
    assert_eq!(app.faults(asked.id), ["discord: status 401"]);
}
