//! A raid: hundreds of users of one guild use commands on many environments at once.

use std::time::Duration;

use domain::measurement::Outcome;
use futures_util::future::join_all;
use local_dynamodb::MAX_WRITES_PER_SECOND;
use serde_json::{Value, json};

use crate::harness::TestApp;

const GUILD: &str = "81384788765712384";
const ENVIRONMENTS: usize = 50;
const USERS: u64 = 700;

fn command(user: u64) -> Value {
    json!({
        "type": 2, "guild_id": GUILD, "app_permissions": "8",
        "member": { "user": { "id": (1_000 + user).to_string() }, "permissions": "0" },
        "data": { "type": 1, "name": "act", "options": [{ "type": 3, "name": "run", "value": "answer" }] },
    })
}

/// How a raid went.
#[derive(Debug, Default)]
struct Raid {
    let_in: usize,
    refused: usize,
    /// Writes to buckets of users, and to the bucket of the guild, with the SDK's retries.
    user_writes: usize,
    guild_writes: usize,
    throttled: u64,
}

/// Sends this many commands a second, for this many seconds. [`USERS`] and [`ENVIRONMENTS`] take turns.
#[expect(clippy::print_stderr, reason = "the figures are what docs/limits.md quotes")]
async fn raid(commands_per_second: u64, seconds: u64) -> Raid {
    let app = TestApp::open().await;
    let environments: Vec<_> = (0..ENVIRONMENTS).map(|_| app.another_environment()).collect();
    let hot_keys = app.wire.throttle_hot_keys(MAX_WRITES_PER_SECOND, &app.clock);
    let begun = tokio::time::Instant::now();
    let commands = (0..commands_per_second * seconds).map(|number| {
        let (app, environment) = (&app, &environments[number as usize % ENVIRONMENTS]);
        async move {
            let after = Duration::from_micros(number * 1_000_000 / commands_per_second);
            tokio::time::sleep_until(begun + after).await;
            app.answer(environment, command(number % USERS)).await.1
        }
    });
    let outcomes = join_all(commands).await;
    let counted = |wanted: Outcome| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    let raid = Raid {
        let_in: counted(Outcome::Answered),
        refused: counted(Outcome::Limited),
        user_writes: app.wire.calls("UpdateItem RATE#USER"),
        guild_writes: app.wire.calls("UpdateItem RATE#GUILD"),
        throttled: hot_keys.throttled(),
    };
    assert_eq!(raid.let_in + raid.refused, outcomes.len());
    eprintln!("{commands_per_second} commands a second for {seconds} s: {raid:?}");
    raid
}

#[tokio::test(start_paused = true)]
async fn a_raid_that_makes_the_guilds_bucket_a_hot_key_is_not_let_in() {
    let raid = raid(1_000, 2).await;
    // The burst of the guild, and twenty a second; as much again, because environments count alone at first.
    assert!((200..=2 * 200 + 20 * 2).contains(&raid.let_in), "{raid:?}");
    assert_eq!(raid.throttled, 0, "{raid:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_command_of_a_raid_costs_less_than_one_write() {
    let raid = raid(195, 4).await;
    assert!((200..=2 * 200 + 20 * 4).contains(&raid.let_in), "{raid:?}");
    assert!(raid.user_writes + raid.guild_writes < raid.let_in * 2 + raid.refused / 2, "{raid:?}");
}
