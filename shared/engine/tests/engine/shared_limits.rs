//! Discord's rate limits that concern the whole bot, shared between environments through the table.

use std::time::Duration;

use aws::DiscordLimits;
use domain::{Queued, attempt::Disposition, measurement::Outcome};

use crate::{
    harness::{JOBS, World},
    wire::Fault,
};

#[tokio::test(start_paused = true)]
async fn a_global_rate_limit_that_one_environment_meets_holds_back_the_others() {
    let world = World::open().await;
    let first = world.says("/slow").await;
    world.discord.faults().change(|knobs| knobs.global_rate_limit = Duration::from_secs(20));
    let ended = world.work().await;
    assert_eq!(
        (ended.outcome, ended.message),
        (Outcome::DiscordRateLimited, Disposition::RetryAfter(Duration::from_secs(20)))
    );
    assert_eq!(world.logged("all requests to Discord are paused").len(), 1);
    world.discord.faults().change(|knobs| knobs.global_rate_limit = Duration::ZERO);
    let second = world.says("/slow").await;
    world.wire.forget();
    let other = world.another_worker();
    let job = Queued::parse(&world.queues.peek(JOBS, 9).unwrap().last().unwrap().body).unwrap();
    let ended = other.perform(&job, 1, world.clock.now() + Duration::from_secs(30)).await;
    assert_eq!(ended.outcome, Outcome::DiscordRateLimited);
    assert_eq!(
        (world.wire.calls("discord"), world.steps(second.id).contains(&"claimed".to_owned())),
        (0, false)
    );
    assert!(world.faults(second.id).is_empty());
    world.pass(20);
    let ended = other.perform(&job, 2, world.clock.now() + Duration::from_secs(30)).await;
    assert_eq!(ended.outcome, Outcome::Edited);
    assert_eq!((world.work().await.outcome, first.story().len()), (Outcome::Edited, 2));
}

#[tokio::test(start_paused = true)]
async fn a_table_without_limits_to_share_holds_nothing_back() {
    let world = World::open().await;
    for fault in [Fault::Status(400), Fault::Hang] {
        world.says("/slow").await;
        world.wire.fail("DISCORD#LIMITS", fault);
        assert_eq!(world.receive(JOBS, &world.another_worker()).await.outcome, Outcome::Edited, "{fault:?}");
    }
    let lines = world.logged("Discord's shared rate limits are unavailable");
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[1]["component"], &lines[1]["code"]), (&"discord limits".into(), &"timeout".into()));
}

#[tokio::test(start_paused = true)]
async fn a_silent_table_of_limits_delays_a_reply_by_no_more_than_its_time_limit() {
    let world = World::open().await;
    world.says("/slow").await;
    world.wire.fail("DISCORD#LIMITS", Fault::Hang);
    let begun = world.clock.now();
    assert_eq!(world.work().await.outcome, Outcome::Edited);
    assert_eq!(world.clock.now().duration_since(begun).as_millis(), 600);
}

/// Other environments have met so many invalid requests in these ten minutes.
async fn invalid(world: &World, count: u64) {
    let limits = world.aws().store::<DiscordLimits>();
    let minutes = world.clock.now().as_second() / 600;
    let ends = jiff::Timestamp::from_second((minutes + 1) * 600).unwrap();
    limits.count_invalid(ends, count).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn two_thousand_invalid_requests_of_all_environments_together_are_warned_of_once() {
    let world = World::open().await;
    invalid(&world, 1_998).await;
    world.wire.fail("discord PATCH", Fault::Status(403));
    for warnings in [0, 1, 1] {
        // The reply, or the error message in its place, or both.
        world.says("/act work:fail_for_good").await;
        world.work().await;
        assert_eq!(world.logged("many invalid requests to Discord").len(), warnings);
        world.queues.purge(JOBS).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn before_discord_bans_the_bot_for_invalid_requests_nothing_is_sent_until_the_ten_minutes_end() {
    const STOPPED: &str =
        "too many invalid requests to Discord: nothing is sent until the ten-minute window ends";
    let world = World::open().await;
    invalid(&world, 4_499).await;
    let asked = world.says("/act work:fail_for_good").await;
    world.wire.fail("discord PATCH", Fault::Status(403));
    world.work().await;
    assert_eq!((world.logged(STOPPED).len(), world.logged("many invalid requests to Discord").len()), (1, 0));
    world.wire.heal();
    world.wire.forget();
    for worker in [&world.worker, &world.another_worker()] {
        world.pass(8);
        let ended = world.receive(JOBS, worker).await;
        assert_eq!((ended.outcome, world.wire.calls("discord")), (Outcome::DiscordRateLimited, 0));
        world.queues.purge(JOBS).unwrap();
        world.says("/slow").await;
    }
    world.pass(600);
    assert_eq!(world.work().await.outcome, Outcome::Edited);
    assert_eq!((world.logged(STOPPED).len(), asked.story().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_403_page_in_place_of_discords_json_is_waited_out() {
    let world = World::open().await;
    let asked = world.says("/slow").await;
    world.wire.fail("discord PATCH", Fault::Page(403));
    for _ in 0..5 {
        let ended = world.work().await;
        assert_eq!(ended.outcome, Outcome::DiscordRateLimited);
        world.pass(60);
    }
    world.wire.heal();
    assert_eq!((world.work().await.outcome, asked.story().len()), (Outcome::Edited, 2));
}
