//! What one environment learns, and what it shares with the others.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use domain::InteractionToken;

use super::*;
use crate::rest::{MAX_INVALID_REQUESTS, Unavailable, buckets::Route};

/// A table that environments share, and their clock.
#[derive(Clone, Debug, Default)]
struct Table(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    second: AtomicI64,
    known: Mutex<LimitState>,
    reads: AtomicU64,
    is_down: AtomicBool,
}

impl Table {
    fn pass(&self, seconds: i64) {
        self.0.second.fetch_add(seconds, Ordering::Relaxed);
    }

    fn state(&self) -> Result<MutexGuard<'_, LimitState>, Unavailable> {
        let is_down = self.0.is_down.load(Ordering::Relaxed);
        if is_down { Err(Unavailable) } else { Ok(self.0.known.lock()) }
    }
}

impl LimitStore for Table {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.second.load(Ordering::Relaxed)).unwrap()
    }

    async fn load(&self) -> Result<LimitState, Unavailable> {
        self.0.reads.fetch_add(1, Ordering::Relaxed);
        self.state().map(|known| *known)
    }

    async fn close(&self, until: Timestamp) -> Result<(), Unavailable> {
        let mut known = self.state()?;
        known.closed_until = known.closed_until.max(Some(until));
        Ok(())
    }

    async fn count_invalid(&self, ends: Timestamp, count: u64) -> Result<u64, Unavailable> {
        let mut known = self.state()?;
        let before = known.invalid.filter(|(known, _)| *known == ends).map_or(0, |(_, sum)| sum);
        known.invalid = Some((ends, before + count));
        Ok(before + count)
    }
}

fn key(webhook: &str) -> Key {
    Key::new(Route::EditReply, &InteractionToken::new(webhook))
}

fn refused(limit: Option<(LimitScope, Duration)>) -> Answer {
    Answer { outcome: Err(RestError::NoAnswer), level: None, limit, is_invalid: true }
}

async fn held_back(gate: &Gate<Table>, webhook: &str) -> Option<Duration> {
    match gate.enter(key(webhook)).await {
        Ok(_) => None,
        Err(RestError::RateLimited(wait)) => Some(wait),
        Err(other) => panic!("{other}"),
    }
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn so_many_are_under_way_and_the_next_waits_for_a_place() {
    let gate = Gate::new(Table::default());
    let mut permits = Vec::new();
    for webhook in 0..MAX_CONCURRENT_REQUESTS {
        permits.push(gate.enter(key(&webhook.to_string())).await.unwrap());
    }
    let mut next = pin!(gate.enter(key("next")));
    assert!(so_far(next.as_mut()).await.is_none(), "nobody waited");
    permits.pop();
    assert!(so_far(next).await.is_some_and(|entered| entered.is_ok()));
}

/// The result of the future, if it is ready.
async fn so_far<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

#[tokio::test]
async fn a_bucket_that_rests_holds_nobody_else_back() {
    let gate = Gate::new(Table::default());
    gate.record(key("a"), &refused(Some((LimitScope::Bucket, MINUTE)))).await;
    assert_eq!(held_back(&gate, "a").await, Some(MINUTE));
    assert_eq!((held_back(&gate, "b").await, gate.closed_until()), (None, None));
}

#[tokio::test]
async fn what_concerns_all_is_known_to_others_when_they_look_again() {
    let table = Table::default();
    let [one, other] = [Gate::new(table.clone()), Gate::new(table.clone())];
    other.load_shared().await;
    one.record(key("a"), &refused(Some((LimitScope::Global, MINUTE)))).await;
    assert_eq!(held_back(&one, "b").await, Some(MINUTE));
    other.load_shared().await;
    assert_eq!(held_back(&other, "b").await, None, "it has looked just now");
    table.pass(5);
    other.load_shared().await;
    assert_eq!(held_back(&other, "b").await, Some(MINUTE - Duration::from_secs(5)));
    table.pass(55);
    assert_eq!((held_back(&one, "b").await, held_back(&other, "b").await), (None, None));
    assert_eq!(table.0.reads.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn invalid_requests_of_all_stop_all_and_without_the_table_each_for_itself() {
    for is_down in [false, true] {
        let table = Table::default();
        table.0.is_down.store(is_down, Ordering::Relaxed);
        let [one, other] = [Gate::new(table.clone()), Gate::new(table.clone())];
        for gate in [&one, &other] {
            for _ in 0..MAX_INVALID_REQUESTS / 2 {
                gate.record(key("a"), &refused(None)).await;
            }
        }
        one.load_shared().await;
        let stopped = (one.closed_until().is_some(), other.closed_until().is_some());
        assert_eq!(stopped, (!is_down, !is_down));
        if is_down {
            for _ in 0..MAX_INVALID_REQUESTS / 2 {
                one.record(key("a"), &refused(None)).await;
            }
            assert_eq!(one.closed_until(), Some(Timestamp::from_second(600).unwrap()));
            // Counts that could not be shared are added to the next.
            table.0.is_down.store(false, Ordering::Relaxed);
            one.record(key("a"), &refused(None)).await;
            assert_eq!(table.state().unwrap().invalid.unwrap().1, MAX_INVALID_REQUESTS + 1);
        }
    }
}
