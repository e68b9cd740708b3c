//! Commands that are handed to the queue before Discord gives up.

use std::time::Duration;

use domain::{Job, job::Act, measurement::Outcome};
use serde_json::json;

use crate::{
    harness::{JOBS, TIMERS, TestApp},
    wire::Fault,
};

#[tokio::test(start_paused = true)]
async fn a_run_that_takes_too_long_is_handed_to_the_queue() {
    let app = TestApp::open().await;
    let asked = app.says("/act run:answer run_takes:10000").await;
    assert_eq!((asked.story(), asked.outcome()), (vec!["thinking…".to_owned()], Outcome::Deferred));
    assert_eq!(asked.view().steps[0].ms, 2_000);
    assert_eq!((app.queued(JOBS), app.steps(asked.id)), (1, vec!["routed".to_owned(), "queued".to_owned()]));
    assert!(app.faults(asked.id).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_ends_just_in_time_is_the_answer() {
    let app = TestApp::open().await;
    let asked = app.says("/act run:answer run_takes:1900").await;
    assert_eq!((asked.story(), app.queued(JOBS)), (vec!["answered".to_owned()], 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_deferred_is_public_or_ephemeral_as_its_options_say() {
    let app = TestApp::open().await;
    for (line, story) in [
        ("/slow", "thinking…"),
        ("/slow private:true", "thinking… (only you see this)"),
        ("/act run:later", "thinking…"),
        ("/act run:later private:true", "thinking… (only you see this)"),
        ("/act run:time_out private:true", "thinking… (only you see this)"),
        ("/again later:true", "thinking… (only you see this)"),
    ] {
        let asked = app.says(line).await;
        assert_eq!((asked.story(), asked.outcome()), (vec![story.to_owned()], Outcome::Deferred), "{line}");
    }
    assert_eq!((app.queued(JOBS), app.logged("fault").len()), (6, 1), "that of `time_out`");
}

#[tokio::test(start_paused = true)]
async fn a_job_carries_the_interaction_and_the_language_of_its_reply() {
    let app = TestApp::open().await;
    for (line, language) in [("/slow", "English"), ("/slow private:true", "German")] {
        let asked = app.said_by("Zdenka Vlasak", line).await;
        let job = Job::parse(&app.message(JOBS)).unwrap();
        assert_eq!((job.interaction.to_string(), job.act), (asked.id.to_string(), Act::Command));
        assert_eq!((job.command.as_str(), format!("{:?}", job.language)), ("slow", language.to_owned()));
        assert!(job.guild.is_some() && job.body.get().contains(job.token.expose()));
        assert_eq!(job.application.to_string(), app.discord.application_id().to_string());
        app.queues.purge(JOBS).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_refuses_is_told_to_the_user_alone() {
    let app = TestApp::open().await;
    app.wire.fail("sqs SendMessage", Fault::Status(400));
    let asked = app.says("/slow").await;
    assert_eq!(
        (asked.story(), asked.outcome()),
        (vec!["answered (only you see this)".to_owned()], Outcome::Failed)
    );
    assert!(asked.text().contains("Something went wrong") && asked.text().contains(&asked.id.to_string()));
    assert_eq!((app.faults(asked.id).len(), app.steps(asked.id)), (2, vec!["routed".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_does_not_answer_becomes_a_message_that_the_job_could_edit() {
    let app = TestApp::open().await;
    for (fault, is_queued) in [(Fault::Hang, false), (Fault::AnswerLost, true)] {
        app.wire.fail("sqs SendMessage", fault);
        let asked = app.says("/act run:answer run_takes:10000").await;
        assert_eq!(
            (asked.story(), asked.outcome()),
            (vec!["answered".to_owned()], Outcome::Failed),
            "{fault:?}"
        );
        assert!(
            asked.text().contains("not sure") && asked.text().contains("will appear here"),
            "{}",
            asked.text()
        );
        assert!(asked.view().steps[0].ms <= 2_400, "{} ms", asked.view().steps[0].ms);
        assert!(app.faults(asked.id).contains(&"sqs.send: timeout".to_owned()));
        assert_eq!(app.queued(JOBS) > 0, is_queued);
    }
    app.wire.heal();
    let job = Job::parse(&app.message(JOBS)).unwrap();
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    let view = app.discord.view(job.interaction.to_string().parse().unwrap()).unwrap();
    assert_eq!(view.message().unwrap()["content"], "work: English");
}

#[tokio::test(start_paused = true)]
async fn a_component_whose_queue_does_not_answer_leaves_its_message_as_it_is() {
    let app = TestApp::open().await;
    let panel = app.said_by("Zdenka Vlasak", "/panel").await;
    app.wire.fail("sqs SendMessage", Fault::Hang);
    let pressed = panel.pressed_by("Zdenka Vlasak", "Later").await;
    assert_eq!(
        (pressed.story(), pressed.outcome()),
        (vec!["answered (only you see this)".to_owned()], Outcome::Failed)
    );
    assert!(pressed.text().contains("Wenn sich gleich nichts"), "{}", pressed.text());
    assert!(panel.message().to_string().contains("pressed 0"));
    assert!(app.faults(pressed.id).contains(&"sqs.send: timeout".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn the_queue_has_time_for_its_answer_even_if_the_command_used_up_its_own() {
    let app = TestApp::open().await;
    app.wire.fail("sqs SendMessage", Fault::Slow(Duration::from_millis(350)));
    app.wire.fail("dynamodb", Fault::Slow(Duration::from_millis(100)));
    let asked = app.says("/act run:answer run_takes:10000").await;
    assert_eq!((asked.story(), asked.outcome()), (vec!["thinking…".to_owned()], Outcome::Deferred));
    assert_eq!(asked.view().steps[0].ms, 2_350);
}

#[tokio::test(start_paused = true)]
async fn state_that_cannot_be_stored_at_once_is_stored_by_the_job() {
    let app = TestApp::open().await;
    for fault in [Fault::Status(503), Fault::Hang] {
        app.wire.fail("dynamodb PutItem STATE#", fault);
        let asked = app.says("/act run:keep work:keep").await;
        assert_eq!(
            (asked.story(), asked.outcome()),
            (vec!["thinking…".to_owned()], Outcome::Deferred),
            "{fault:?}"
        );
        assert_eq!(app.faults(asked.id).len(), 1, "{fault:?}");
        let ended = app.work().await;
        assert_eq!((ended.outcome, asked.text()), (Outcome::Waiting, String::new()));
        app.wire.heal();
        app.pass(3);
        assert_eq!(app.work().await.outcome, Outcome::Edited);
        let pressed = asked.pressed("Keep").await;
        assert_eq!((pressed.outcome(), pressed.story()), (Outcome::Answered, vec!["updated".to_owned()]));
        assert!(pressed.text().contains("kept 91"), "{}", pressed.text());
    }
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_takes_800_ms_for_each_message_defers_as_if_it_were_quick() {
    let app = TestApp::open().await;
    app.wire.fail("sqs SendMessage", Fault::Slow(Duration::from_millis(800)));
    let asked = app.says("/slow").await;
    assert_eq!((asked.story(), asked.outcome()), (vec!["thinking…".to_owned()], Outcome::Deferred));
    assert!(app.faults(asked.id).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_drops_a_message_gets_it_again_while_there_is_time() {
    for fault in [Fault::Status(500), Fault::FailsAfter] {
        let app = TestApp::open().await;
        app.wire.fail("sqs SendMessage", fault);
        let slow = app.says("/slow");
        let (asked, ()) = futures_util::future::join(slow, async {
            tokio::time::sleep(Duration::from_millis(700)).await;
            app.wire.heal();
        })
        .await;
        assert_eq!(asked.outcome(), Outcome::Deferred, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_of_any_characters_that_json_can_hold_is_deferred() {
    let app = TestApp::open().await;
    let asked = json!({
        "type": 2, "data": { "type": 1, "id": "1", "name": "slow" },
        "user": { "id": "7", "username": "a\u{fffe}b\u{ffff}c" },
    });
    let (answer, outcome) = app.answer(&app.services, asked).await;
    assert_eq!(outcome, Outcome::Deferred, "{answer}");
    let job = Job::parse(&app.message(JOBS)).unwrap();
    let body: serde_json::Value = serde_json::from_str(job.body.get()).unwrap();
    assert_eq!(body["user"]["username"], "a\u{fffe}b\u{ffff}c");
}

#[tokio::test(start_paused = true)]
async fn a_table_that_fails_writes_lines_of_ours_alone() {
    let app = TestApp::open().await;
    app.wire.fail("dynamodb", Fault::Status(500));
    app.says("/act run:answer").await;
    let lines = app.lines();
    let faults = lines.iter().filter(|line| line["level"] == "ERROR");
    assert!(faults.clone().count() > 0);
    let others: Vec<_> = faults.filter(|line| line["message"] != "fault").collect();
    assert!(others.is_empty(), "{others:?}");
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_may_pass_is_handed_to_the_queue_and_one_that_lasts_is_told() {
    let app = TestApp::open().await;
    let passing = app.says("/act run:fail").await;
    assert_eq!((passing.outcome(), passing.story()), (Outcome::Deferred, vec!["thinking…".to_owned()]));
    assert_eq!(app.faults(passing.id), ["act: as asked"]);
    for line in ["/act run:fail_for_good", "/act run:panic"] {
        assert_eq!(app.says(line).await.outcome(), Outcome::Failed, "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_outside_guilds_is_in_the_group_of_its_user() {
    let app = TestApp::open().await;
    let fields = json!({
        "type": 2, "data": { "type": 1, "id": "1", "name": "slow" },
        "user": { "id": "77", "username": "somebody" },
    });
    assert_eq!(app.answer(&app.services, fields).await.1, Outcome::Deferred);
    app.says("/slow").await;
    for queue in [JOBS, TIMERS] {
        let groups: Vec<_> = app.queues.peek(queue, 9).unwrap().into_iter().map(|it| it.group).collect();
        assert_eq!(groups[0].as_deref(), Some("77"), "{queue}");
        assert_ne!(groups[1].as_deref(), Some("77"), "{queue}");
    }
}
