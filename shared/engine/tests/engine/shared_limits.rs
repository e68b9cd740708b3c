//! Discord's rate limits that concern the whole bot, shared between environments through the table.

use std::time::Duration;

use aws::DiscordLimits;
use domain::{attempt::Disposition, measurement::Outcome};

use crate::{
    harness::{JOBS, TestApp},
    wire::Fault,
};

#[tokio::test(start_paused = true)]
async fn a_global_rate_limit_that_one_environment_meets_holds_back_the_others() {
    let app = TestApp::open().await;
    let first = app.says("/slow").await;
    app.discord.faults().change(|faults| faults.global_rate_limit = Duration::from_secs(20));
    let ended = app.work().await;
    let Disposition::RetryAfter(after) = ended.message else { panic!("{ended:?}") };
    assert_eq!((ended.outcome, (20..=30).contains(&after.as_secs())), (Outcome::DiscordRateLimited, true));
    assert_eq!(app.logged("all requests to Discord are paused").len(), 1);
    app.discord.faults().change(|faults| faults.global_rate_limit = Duration::ZERO);
    let second = app.says("/slow").await;
    app.wire.forget();
    let other = app.another_worker();
    let job = app.queues.peek(JOBS, 9).unwrap().last().unwrap().body.clone();
    let ended = app.perform(&other, &job, 1).await;
    assert_eq!(ended.outcome, Outcome::DiscordRateLimited);
    assert_eq!((app.wire.calls("discord"), app.steps(second.id).contains(&"claimed".to_owned())), (0, false));
    assert!(app.faults(second.id).is_empty());
    app.pass(31);
    let ended = app.perform(&other, &job, 2).await;
    assert_eq!(ended.outcome, Outcome::Edited);
    assert_eq!((app.work().await.outcome, first.story().len()), (Outcome::Edited, 2));
}

#[tokio::test(start_paused = true)]
async fn a_table_without_limits_to_share_holds_nothing_back() {
    let app = TestApp::open().await;
    for fault in [Fault::Status(400), Fault::Hang] {
        app.says("/slow").await;
        app.wire.fail("DISCORD#LIMITS", fault);
        assert_eq!(app.receive(JOBS, &app.another_worker()).await.outcome, Outcome::Edited, "{fault:?}");
    }
    let lines = app.logged("Discord's shared rate limits are unavailable");
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[1]["component"], &lines[1]["code"]), (&"discord limits".into(), &"timeout".into()));
}

#[tokio::test(start_paused = true)]
async fn a_silent_table_of_limits_delays_a_reply_by_no_more_than_its_time_limit() {
    let app = TestApp::open().await;
    app.says("/slow").await;
    app.wire.fail("DISCORD#LIMITS", Fault::Hang);
    let begun = app.clock.now();
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert_eq!(app.clock.now().duration_since(begun).as_millis(), 600);
}

/// Other environments have met so many invalid requests in these ten minutes.
async fn invalid(app: &TestApp, count: u64) {
    let limits = app.aws().store::<DiscordLimits>();
    let minutes = app.clock.now().as_second() / 600;
    let ends = jiff::Timestamp::from_second((minutes + 1) * 600).unwrap();
    limits.count_invalid(ends, count).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn two_thousand_invalid_requests_of_all_environments_together_are_warned_of_once() {
    let app = TestApp::open().await;
    invalid(&app, 1_998).await;
    app.wire.fail("discord PATCH", Fault::Status(403));
    for warnings in [0, 1, 1] {
        // The reply, or the error message in its place, or both.
        app.says("/act work:fail_for_good").await;
        app.work().await;
        assert_eq!(app.logged("many invalid requests to Discord").len(), warnings);
        app.queues.purge(JOBS).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn before_discord_bans_the_bot_for_invalid_requests_nothing_is_sent_until_the_ten_minutes_end() {
    const STOPPED: &str =
        "too many invalid requests to Discord: nothing is sent until the ten-minute window ends";
    let app = TestApp::open().await;
    invalid(&app, 4_499).await;
    let asked = app.says("/act work:fail_for_good").await;
    app.wire.fail("discord PATCH", Fault::Status(403));
    app.work().await;
    assert_eq!((app.logged(STOPPED).len(), app.logged("many invalid requests to Discord").len()), (1, 0));
    app.wire.heal();
    app.says("/slow").await;
    app.wire.forget();
    for worker in [&app.worker, &app.another_worker()] {
        app.pass(30);
        let ended = app.receive(JOBS, worker).await;
        assert_eq!((ended.outcome, app.wire.calls("discord")), (Outcome::DiscordRateLimited, 0));
        app.queues.purge(JOBS).unwrap();
        app.says("/slow").await;
    }
    app.pass(600);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert_eq!((app.logged(STOPPED).len(), asked.story().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_403_page_in_place_of_discords_json_is_waited_out() {
    let app = TestApp::open().await;
    let asked = app.says("/slow").await;
    app.wire.fail("discord PATCH", Fault::Page(403));
    for _ in 0..5 {
        let ended = app.work().await;
        assert_eq!(ended.outcome, Outcome::DiscordRateLimited);
        app.pass(80);
    }
    app.wire.heal();
    assert_eq!((app.work().await.outcome, asked.story().len()), (Outcome::Edited, 2));
}
