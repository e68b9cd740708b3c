//! One fetch for many callers, a stale answer rather than none, and no deadlock when a caller crashes or is
//! cancelled.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

mod support;

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use outbound::RequestError;
use steward_integrations::{Cache, Fault, Found, Freshness, Lookup};
use support::{Environment, Overtaken, Table, environment};
use tokio::time::{Instant, timeout};

const SERVICE_UNAVAILABLE: Fault = Fault::NoAnswer(RequestError::Unreachable);
const MINUTE: Duration = Duration::from_secs(60);

fn noon() -> Timestamp {
    "2026-07-01T12:00:00Z".parse().unwrap()
}

/// Fresh for 15 minutes, kept for an hour.
fn lookup(minutes: i64) -> Lookup<'static> {
    Lookup {
        key: "k",
        fresh_for: 15 * MINUTE,
        keep_for: 60 * MINUTE,
        keep_empty_for: 60 * MINUTE,
        now: noon() + SignedDuration::from_mins(minutes),
    }
}

fn fresh(value: u32) -> Result<Found<u32>, Fault> {
    Ok(Found { value, freshness: Freshness::Fresh })
}

/// An API that takes 300 ms and counts.
async fn slow(calls: Arc<AtomicUsize>, outcome: Result<u32, Fault>) -> Result<u32, Fault> {
    calls.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(300)).await;
    outcome
}

/// An API that must not be called.
async fn unasked() -> Result<u32, Fault> {
    panic!("the API was asked")
}

/// The results of fifty callers in four environments without cached answers, and the number of API calls.
async fn crowd(table: &Arc<Table>, outcome: Result<u32, Fault>) -> (Vec<Result<Found<u32>, Fault>>, usize) {
    let environments = ["a", "b", "c", "d"].map(|name| Arc::new(environment(table, name)));
    let calls = Arc::new(AtomicUsize::new(0));
    let askers = (0..50).map(|n| {
        let cached: Arc<Environment<Table>> = Arc::clone(&environments[n % 4]);
        let fetch = slow(Arc::clone(&calls), outcome);
        // Spawning proves that the future is `Send`.
        tokio::spawn(async move { cached.fetch(lookup(0), fetch).await })
    });
    let mut outcomes = Vec::new();
    for asker in askers.collect::<Vec<_>>() {
        outcomes.push(asker.await.unwrap());
    }
    (outcomes, calls.load(Ordering::SeqCst))
}

#[tokio::test(start_paused = true)]
async fn fifty_askers_in_four_cold_environments_are_one_fetch() {
    let table = Arc::default();
    let begun = Instant::now();
    let (outcomes, calls) = crowd(&table, Ok(7)).await;
    assert!(outcomes.iter().all(|outcome| *outcome == fresh(7)));
    assert_eq!(calls, 1);
    assert_eq!(table.leases(), 0);
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_crowd_brings_one_failure_per_environment_at_most() {
    let table = Arc::default();
    let begun = Instant::now();
    let (outcomes, calls) = crowd(&table, Err(SERVICE_UNAVAILABLE)).await;
    // The lease is released after a failure, so no caller waits until it expires.
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    assert!(outcomes.iter().all(|outcome| *outcome == Err(SERVICE_UNAVAILABLE)));
    assert!(calls <= 4, "{calls} calls");
}

#[tokio::test(start_paused = true)]
async fn a_fresh_answer_is_given_from_memory_and_then_from_the_table() {
    let table = Arc::default();
    let one = environment(&table, "a");
    assert_eq!(one.fetch(lookup(0), async { Ok(7) }).await, fresh(7));
    let calls = table.calls.load(Ordering::SeqCst);
    assert_eq!(one.fetch(lookup(14), unasked()).await, fresh(7));
    assert_eq!(table.calls.load(Ordering::SeqCst), calls);
    let other = environment(&table, "b");
    assert_eq!(other.fetch(lookup(14), unasked()).await, fresh(7));
    assert_eq!(other.fetch(lookup(16), async { Ok(8) }).await, fresh(8));
}

#[tokio::test(start_paused = true)]
async fn while_the_api_is_down_the_old_answer_is_given_with_its_age_until_it_expires() {
    let table = Arc::default();
    let one = environment(&table, "a");
    assert_eq!(one.fetch(lookup(0), async { Ok(7) }).await, fresh(7));
    for cached in [&one, &environment(&table, "b")] {
        let found = cached.fetch(lookup(40), async { Err::<u32, _>(SERVICE_UNAVAILABLE) }).await;
        // 40 minutes, less the few milliseconds that the table took then and takes now.
        let Ok(Found { value: 7, freshness: Freshness::Stale { age } }) = found else { panic!("{found:?}") };
        assert_eq!((age.as_secs() + 30) / 60, 40);
    }
    let late = one.fetch(lookup(61), async { Err::<u32, _>(SERVICE_UNAVAILABLE) }).await;
    assert_eq!(late, Err(SERVICE_UNAVAILABLE));
    assert_eq!(one.fetch(lookup(62), async { Ok(9) }).await, fresh(9));
}

#[tokio::test(start_paused = true)]
async fn what_is_known_and_fresh_is_given_without_waiting_for_a_fetch() {
    let table = Arc::default();
    let one = environment(&table, "a");
    assert_eq!(one.get(lookup(0)).await, Ok(None));
    table.set("k", "7", noon(), lookup(60).now);
    assert_eq!(one.get(lookup(5)).await, fresh(7).map(Some));
    table.set_down(true);
    assert_eq!(one.get(lookup(6)).await, fresh(7).map(Some));
    assert_eq!(one.get(lookup(40)).await, Ok(None), "it is worth a fetch");
    assert_eq!(environment(&table, "b").get(lookup(5)).await, Ok(None));
}

#[tokio::test(start_paused = true)]
async fn a_lease_whose_holder_died_is_taken_over_when_it_runs_out() {
    let table: Arc<Table> = Arc::default();
    let end = noon() + SignedDuration::from_secs(10);
    assert!(table.lease("k", "dead", noon(), end).await.unwrap());
    let begun = Instant::now();
    assert_eq!(environment(&table, "a").fetch(lookup(0), async { Ok(7) }).await, fresh(7));
    let waited = begun.elapsed().as_millis();
    assert!((10_000..11_500).contains(&waited), "{waited} ms");
}

#[tokio::test(start_paused = true)]
async fn the_api_is_asked_without_a_lease_when_one_holder_after_another_hangs() {
    let table: Arc<Table> = Arc::default();
    assert!(table.lease("k", "dead", noon(), Timestamp::MAX).await.unwrap());
    assert_eq!(environment(&table, "a").fetch(lookup(0), async { Ok(7) }).await, fresh(7));
    assert_eq!(table.leases(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_fetch_wedges_neither_its_own_environment_nor_the_others() {
    let table: Arc<Table> = Arc::default();
    let (one, other) = (environment(&table, "a"), environment(&table, "b"));
    let never = one.fetch(lookup(0), pending::<Result<u32, Fault>>());
    assert!(timeout(Duration::from_secs(2), never).await.is_err());
    assert_eq!(table.leases(), 1);

    let begun = Instant::now();
    let own = async { (one.fetch(lookup(0), async { Ok(7) }).await, begun.elapsed()) };
    let foreign = async { (other.fetch(lookup(0), unasked()).await, begun.elapsed()) };
    let ((first, at_once), (second, soon)) = tokio::join!(own, foreign);
    assert_eq!((first, second), (fresh(7), fresh(7)));
    assert!(at_once < Duration::from_millis(100) && soon < Duration::from_millis(500));
}

#[tokio::test(start_paused = true)]
async fn a_follower_takes_over_when_the_one_it_waited_for_is_cancelled() {
    let table: Arc<Table> = Arc::default();
    let one = environment(&table, "a");
    let never = timeout(Duration::from_secs(1), one.fetch(lookup(0), pending::<Result<u32, Fault>>()));
    let follower = one.fetch(lookup(0), async { Ok(7) });
    let (cancelled, followed) = tokio::join!(never, follower);
    assert!(cancelled.is_err());
    assert_eq!(followed, fresh(7));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_down_costs_extra_fetches_but_no_answer() {
    let table: Arc<Table> = Arc::default();
    table.set_down(true);
    let (outcomes, calls) = crowd(&table, Ok(7)).await;
    assert!(outcomes.iter().all(|outcome| *outcome == fresh(7)));
    assert_eq!(calls, 4, "one per environment");
}

#[tokio::test(start_paused = true)]
async fn an_entry_of_another_version_is_fetched_anew() {
    let table: Arc<Table> = Arc::default();
    table.set("k", r#"{"not":"a number"}"#, noon(), lookup(60).now);
    let one = environment(&table, "a");
    assert_eq!(one.get(lookup(1)).await, Ok(None));
    assert_eq!(one.fetch(lookup(1), async { Ok(7) }).await, fresh(7));
}

#[tokio::test(start_paused = true)]
async fn what_another_environment_fetched_just_before_our_lease_is_not_fetched_again() {
    let table: Arc<Table> = Arc::default();
    let overtaken = Overtaken(Arc::clone(&table), lookup(60).now);
    let one = Environment::over(Arc::new(overtaken), &table, "a");
    assert_eq!(one.fetch(lookup(0), unasked()).await, fresh(7));
    assert_eq!(table.leases(), 0);
}
