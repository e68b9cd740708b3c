//! Discord's rate limits, shared between environments.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use steward_aws::{DiscordLimits, Store, StoredLimits};

use crate::fixture::{Fixture, now};

fn limits(fixture: &Fixture) -> Store<DiscordLimits> {
    fixture.aws().store()
}

fn after(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn the_latest_pause_holds() {
    let fixture = Fixture::open().await;
    assert_eq!(limits(&fixture).load().await, Ok(StoredLimits::default()));
    for (minutes, holds) in [(2, 2), (1, 2), (5, 5)] {
        limits(&fixture).close(after(minutes)).await.unwrap();
        let stored = StoredLimits { closed_until: Some(after(holds)), invalid: None };
        assert_eq!(limits(&fixture).load().await, Ok(stored));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sum_is_told_to_one_environment_alone() {
    let fixture = Fixture::open().await;
    let limits = limits(&fixture);
    let sums = join_all((0..20).map(|_| limits.count_invalid(after(10), 1))).await;
    let mut sums: Vec<u64> = sums.into_iter().map(Result::unwrap).collect();
    sums.sort_unstable();
    assert_eq!(sums, (1..=20).collect::<Vec<u64>>());
}

#[tokio::test]
async fn ten_minutes_are_counted_for_themselves_and_beside_a_pause() {
    let fixture = Fixture::open().await;
    let limits = limits(&fixture);
    assert_eq!(limits.count_invalid(after(10), 3).await, Ok(3));
    limits.close(after(30)).await.unwrap();
    assert_eq!(limits.count_invalid(after(10), 2).await, Ok(5));
    assert_eq!(limits.count_invalid(after(20), 1).await, Ok(1));
    // From an environment whose clock is behind.
    limits.count_invalid(after(10), 7).await.unwrap();
    let stored = StoredLimits { closed_until: Some(after(30)), invalid: Some((after(20), 1)) };
    assert_eq!(limits.load().await, Ok(stored));
}
