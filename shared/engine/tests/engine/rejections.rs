//! Rejections by deferred work, which the user alone sees.

use std::{sync::Arc, time::Duration};

use domain::{attempt::Disposition, measurement::Outcome};

use crate::{
    harness::{JOBS, TestApp, is_pause},
    wire::Fault,
};

#[tokio::test(start_paused = true)]
async fn a_rejection_by_the_work_is_seen_by_the_user_alone() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:refuse").await;
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Refused, Disposition::Delete));
    assert_eq!(asked.story(), ["thinking…", "deleted", "follow-up (only you see this)"]);
    assert_eq!(asked.text(), "work: no");
    assert!(app.logged("fault").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_rejection_whose_message_was_deleted_is_sent_all_the_same() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:refuse").await;
    asked.deleted().await;
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Refused, Disposition::Delete));
    assert_eq!(asked.text(), "work: no");
    assert!(app.faults(asked.id).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_not_sent_once_more_to_a_user_who_has_deleted_its_ephemeral_message() {
    let app = TestApp::open().await;
    let asked = app.says("/again form:true takes:5000").await;
    asked.deleted().await;
    let ended = app.work().await;
    assert_eq!((ended.outcome, ended.message), (Outcome::RefusedByDiscord, Disposition::Delete));
    assert!(app.faults(asked.id).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_follow_up_that_may_have_been_sent_is_not_repeated_at_once() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:refuse").await;
    app.wire.fail("discord POST", Fault::FailsAfter);
    app.wire.forget();
    let ended = app.work().await;
    assert_eq!((ended.outcome, is_pause(ended, 2)), (Outcome::Waiting, true));
    assert_eq!((app.wire.calls("discord POST"), app.wire.calls("discord DELETE")), (1, 1));
    assert_eq!(app.faults(asked.id), ["discord: status 503"]);
}

#[tokio::test(start_paused = true)]
async fn a_follow_up_that_discord_has_not_taken_is_repeated() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:refuse").await;
    app.wire.fail("discord POST", Fault::Status(429));
    let wire = Arc::clone(&app.wire);
    tokio::spawn(async move {
        while wire.calls("discord POST") == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        wire.heal();
    });
    assert_eq!((app.work().await.outcome, asked.text()), (Outcome::Refused, "work: no".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_public_message_that_cannot_be_deleted_now_is_deleted_by_the_next_receive() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:refuse").await;
    app.wire.fail("discord DELETE", Fault::Status(503));
    let ended = app.work().await;
    assert_eq!((ended.outcome, app.wire.calls("discord DELETE")), (Outcome::Waiting, 3));
    assert_eq!(
        (asked.story(), app.faults(asked.id)),
        (vec!["thinking…".to_owned()], vec!["discord: status 503".to_owned()])
    );
    app.wire.heal();
    app.pass(3);
    assert_eq!((app.work().await.outcome, asked.text()), (Outcome::Refused, "work: no".to_owned()));
    assert_eq!(asked.story(), ["thinking…", "deleted", "follow-up (only you see this)"]);
}

#[tokio::test(start_paused = true)]
async fn a_rejection_replaces_a_public_message_that_discord_does_not_delete() {
    let app = TestApp::open().await;
    let asked = app.says("/act work:refuse").await;
    app.wire.fail("discord DELETE", Fault::Status(400));
    assert_eq!((app.work().await.outcome, asked.text()), (Outcome::Refused, "work: no".to_owned()));
    assert_eq!(asked.story(), ["thinking…", "edited"]);
}

#[tokio::test(start_paused = true)]
async fn a_rejection_of_a_deferred_button_is_sent_beside_its_message() {
    let app = TestApp::open().await;
    let kept = app.says("/act run:keep").await;
    app.wire.fail("dynamodb GetItem STATE#", Fault::Hang);
    let pressed = kept.pressed("Keep").await;
    app.wire.heal();
    let job = app.message(JOBS).replace("panel.3", "panel.2");
    let ended = app.perform(&app.worker, &job, 1).await;
    assert_eq!((ended.outcome, ended.message), (Outcome::Refused, Disposition::Delete));
    assert_eq!(pressed.story(), ["follow-up (only you see this)"]);
    assert!(pressed.text().contains("This has expired"), "{}", pressed.text());
    assert_eq!(kept.message()["content"], "look");
}
