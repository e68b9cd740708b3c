//! What Discord answers to the replies of the jobs function.

use std::{sync::Arc, time::Duration};

use domain::{Queued, attempt::Disposition, measurement::Outcome};

use crate::{
    harness::{DEAD, JOBS, TIMERS, TestApp, delivery, is_pause},
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
    assert_eq!((ended.outcome, is_pause(ended, 2)), (Outcome::Waiting, true));
    assert_eq!(
        (app.discord.webhook_calls(asked.id), app.faults(asked.id)),
        (3, vec!["discord: status 503".to_owned()])
    );
    app.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass(3);
    assert_eq!(
        (app.work().await.outcome, asked.text()),
        (Outcome::Edited, "0 in the end, English".to_owned())
    );
}

#[tokio::test(start_paused = true)]
async fn a_discord_that_answers_503_for_two_minutes_costs_two_minutes() {
    for fault in [Fault::Status(503), Fault::Page(503), Fault::Page(403), Fault::Hang] {
        let app = TestApp::open().await;
        let asked = app.says("/slow").await;
        app.wire.fail("discord", fault);
        let begun = app.clock.now();
        while app.clock.now().duration_since(begun).as_secs() < 120 {
            let ended = app.work().await;
            let Disposition::RetryAfter(after) = ended.message else { panic!("{fault:?}: {ended:?}") };
            app.pass(after.as_secs() + 1);
        }
        app.wire.heal();
        assert_eq!(
            (app.work().await.outcome, asked.story()),
            (Outcome::Edited, vec!["thinking…".to_owned(), "edited".to_owned()])
        );
        assert_eq!(app.queued(DEAD), 0, "{fault:?}");
    }
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
    assert_eq!(app.work().await.outcome, Outcome::Waiting);
    assert!(app.clock.now() < ends);
    assert_eq!(app.faults(asked.id), ["discord: no answer"]);
}

#[tokio::test(start_paused = true)]
async fn with_little_time_left_a_request_to_discord_is_cut_short() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    let body = app.message(JOBS);
    app.wire.fail("discord", Fault::Hang);
    let begun = app.clock.now();
    let short = delivery(&body, 1, begun + Duration::from_secs(16));
    let ended = app.worker.perform(&Queued::parse(&body).unwrap(), &short).await;
    assert_eq!(
        (ended.outcome, app.faults(asked.id)),
        (Outcome::Waiting, vec!["discord: no answer".to_owned()])
    );
    assert_eq!(app.clock.now().duration_since(begun).as_secs(), 8, "eight seconds are for an error message");
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
    assert_eq!(
        (ended.outcome, app.queued(DEAD)),
        (Outcome::Abandoned, 0),
        "the error message was refused too"
    );
    assert_eq!(app.wire.calls("discord PATCH"), 2);
    assert_eq!(app.faults(asked.id), ["discord: status 400", "discord: status 400"]);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_of_discord_is_waited_for_without_a_fault_each_time() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    limit_webhooks(&app, 30);
    let ended = app.work().await;
    let Disposition::RetryAfter(after) = ended.message else { panic!("{ended:?}") };
    assert_eq!((ended.outcome, (30..=45).contains(&after.as_secs())), (Outcome::DiscordRateLimited, true));
    assert_eq!((app.discord.webhook_calls(asked.id), app.faults(asked.id).len()), (1, 1));
    let soon = app.perform(&app.worker, &app.message(JOBS), 2).await;
    assert_eq!(soon.outcome, Outcome::DiscordRateLimited);
    assert_eq!((app.discord.webhook_calls(asked.id), app.faults(asked.id).len()), (1, 1), "not asked again");
    app.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass(after.as_secs() + 1);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
}

#[tokio::test(start_paused = true)]
async fn three_pauses_that_discord_asks_for_and_one_failure_are_one_failure() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:fail").await;
    let job = app.message(JOBS);
    limit_webhooks(&app, 30);
    let replying = job.replace(r#""fail""#, r#""answer""#);
    assert_ne!(replying, job);
    for receives in 1..=3 {
        let ended = app.perform(&app.worker, &replying, receives).await;
        assert_eq!(ended.outcome, Outcome::DiscordRateLimited, "{receives}");
        app.pass(31);
    }
    app.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass(60);
    let failed = app.perform(&app.worker, &job, 4).await;
    assert_eq!(
        (failed.outcome, asked.story().len()),
        (Outcome::ReceiveFailed, 1),
        "there are three more attempts"
    );
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
    let ended = app.perform(&app.worker, &job, 1).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Expired, Disposition::Delete));
    assert!(app.logged("fault").is_empty(), "{:?}", app.logged("fault"));
}

#[tokio::test(start_paused = true)]
async fn an_error_message_does_not_replace_a_reply_of_an_earlier_receive() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord PATCH", Fault::Slow(Duration::from_secs(1)));
    let wire = Arc::clone(&app.wire);
    let outage = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        wire.fail("dynamodb UpdateItem IDEM#jobs", Fault::Status(400));
    });
    assert_eq!(app.work().await.outcome, Outcome::Edited, "though it could not be completed");
    outage.await.unwrap();
    app.wire.heal();
    app.pass(12 * 60 + 30);
    app.wire.forget();
    let told = app.receive(TIMERS, &app.worker).await;
    assert_eq!((told.outcome, asked.text()), (Outcome::Notified, "0 in the end, English".to_owned()));
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
        assert!(matches!(ended.message, Disposition::RetryAfter(_)) && ended.outcome == Outcome::Waiting);
        app.pass(12);
    }
    let faults = app.faults(asked.id);
    assert_eq!(faults, ["act: for good", "discord: status 503", "discord: no answer"]);
    app.wire.heal();
    assert_eq!(app.work().await.outcome, Outcome::Notified);
}

#[tokio::test(start_paused = true)]
async fn a_failed_button_is_told_beside_its_message() {
    let app = TestApp::open().await;
    let panel = app.said_by("Zdenka Vlasak", "/panel").await;
    let pressed = panel.pressed_by("Zdenka Vlasak", "Later").await;
    let job = app.message(JOBS).replace(&panel.custom_id("Later"), "not one of ours");
    for receives in 1..=3 {
        assert_eq!(app.perform(&app.worker, &job, receives).await.outcome, Outcome::ReceiveFailed);
    }
    let ended = app.perform(&app.worker, &job, 4).await;
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
    let Disposition::RetryAfter(after) = ended.message else { panic!("{ended:?}") };
    assert!((60..=75).contains(&after.as_secs()), "{after:?}");
    assert_eq!(app.faults(asked.id), ["discord: status 401"]);
}
