//! Discord's rate limits that concern the whole bot, shared between environments through the table.

use std::time::Duration;

use domain::{Queued, attempt::Disposition, measurement::Outcome};

use crate::{
    harness::{JOBS, World},
    wire::Fault,
};

#[tokio::test(start_paused = true)]
async fn a_global_rate_limit_that_one_environment_meets_holds_back_the_others() {
    let world = World::open().await;
    let first = world.says("/slow").await;
    world.discord.knobs().turn(|knobs| knobs.global_rate_limit = Duration::from_secs(20));
    let ended = world.work().await;
    assert_eq!(
        (ended.outcome, ended.message),
        (Outcome::HeldBack, Disposition::RetryAfter(Duration::from_secs(20)))
    );
    assert_eq!(world.logged("Discord wants to be left alone by all").len(), 1);
    world.discord.knobs().turn(|knobs| knobs.global_rate_limit = Duration::ZERO);
    let second = world.says("/slow").await;
    world.wire.forget();
    let other = world.another_worker();
    let job = Queued::parse(&world.queues.peek(JOBS, 9).unwrap().last().unwrap().body).unwrap();
    let ended = other.perform(&job, 1, world.clock.now() + Duration::from_secs(30)).await;
    assert_eq!(ended.outcome, Outcome::HeldBack);
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
    let lines = world.logged("Discord's limits are not shared");
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
