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

use domain::{InteractionToken, retry};
use tokio::task::JoinSet;

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
    /// Whether writes are never answered.
    is_silent: AtomicBool,
    /// Since when the clock follows Tokio's; `None` if only the test advances it.
    ticks_since: Mutex<Option<tokio::time::Instant>>,
}

impl Table {
    fn pass(&self, seconds: i64) {
        self.0.second.fetch_add(seconds, Ordering::Relaxed);
    }

    async fn writes(&self) {
        if self.0.is_silent.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }

    fn state(&self) -> Result<MutexGuard<'_, LimitState>, Unavailable> {
        let is_down = self.0.is_down.load(Ordering::Relaxed);
        if is_down { Err(Unavailable) } else { Ok(self.0.known.lock()) }
    }
}

impl LimitStore for Table {
    fn now(&self) -> Timestamp {
        let ticked = self.0.ticks_since.lock().map(|since| since.elapsed()).unwrap_or_default();
        deadline::later(Timestamp::from_second(self.0.second.load(Ordering::Relaxed)).unwrap(), ticked)
    }

    async fn load(&self) -> Result<LimitState, Unavailable> {
        self.0.reads.fetch_add(1, Ordering::Relaxed);
        self.state().map(|known| *known)
    }

    async fn close(&self, until: Timestamp) -> Result<(), Unavailable> {
        self.writes().await;
        let mut known = self.state()?;
        known.closed_until = known.closed_until.max(Some(until));
        Ok(())
    }

    async fn count_invalid(&self, ends: Timestamp, count: u64) -> Result<u64, Unavailable> {
        self.writes().await;
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

#[tokio::test(start_paused = true)]
async fn a_hundred_requests_held_back_until_one_moment_go_out_over_several_seconds_none_before_it() {
    const PAUSE: Duration = Duration::from_secs(3);
    let table = Table::default();
    *table.0.ticks_since.lock() = Some(tokio::time::Instant::now());
    let gate = Arc::new(Gate::new(table.clone()));
    gate.record(key("a"), &refused(Some((LimitScope::Global, PAUSE)))).await;
    let mut requests = JoinSet::new();
    for number in 0..100 {
        let (gate, table) = (Arc::clone(&gate), table.clone());
        requests.spawn(async move {
            loop {
                match gate.enter(key(&number.to_string())).await {
                    Ok(_permit) => {
                        let at = table.now();
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        return at.as_millisecond();
                    }
                    Err(RestError::RateLimited(wait)) => {
                        tokio::time::sleep(retry::spread(wait, f64::from(number) / 100.0)).await;
                    }
                    Err(other) => panic!("{other}"),
                }
            }
        });
    }
    let mut sent: Vec<i64> = requests.join_all().await;
    sent.sort_unstable();
    assert_eq!(sent[0], 3_000, "none before it, and the first at once");
    let paced = sent.iter().filter(|at| **at < 13_000).count();
    assert!(sent[..paced].windows(2).all(|pair| pair[1] - pair[0] >= 100), "{sent:?}");
    assert!(paced > 90 && sent[99] >= 12_500, "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn ten_seconds_after_a_pause_requests_are_not_paced_any_more() {
    for (seconds, is_paced) in [(69, true), (70, false)] {
        let table = Table::default();
        let gate = Gate::new(table.clone());
        gate.record(key("a"), &refused(Some((LimitScope::Global, MINUTE)))).await;
        table.pass(seconds);
        let begun = tokio::time::Instant::now();
        for webhook in ["a", "b", "c"] {
            drop(gate.enter(key(webhook)).await.unwrap());
        }
        let waited = Duration::from_millis(if is_paced { 300 } else { 0 });
        assert_eq!(begun.elapsed(), waited, "the table's clock stands still");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_waits_for_its_turn_is_held_back_if_an_earlier_one_meets_another_pause() {
    let table = Table::default();
    *table.0.ticks_since.lock() = Some(tokio::time::Instant::now());
    let gate = Gate::new(table.clone());
    gate.record(key("a"), &refused(Some((LimitScope::Global, MINUTE)))).await;
    table.pass(60);
    drop(gate.enter(key("a")).await.unwrap());
    let mut next = pin!(gate.enter(key("b")));
    assert!(so_far(next.as_mut()).await.is_none());
    gate.record(key("a"), &refused(Some((LimitScope::Global, MINUTE)))).await;
    let held_back = next.await;
    assert!(matches!(held_back, Err(RestError::RateLimited(wait)) if wait > MINUTE / 2));
}

#[tokio::test]
async fn an_invalid_request_is_counted_even_if_its_sender_was_cancelled() {
    for limit in [None, Some((LimitScope::Global, Duration::ZERO))] {
        let table = Table::default();
        let gate = Gate::new(table.clone());
        table.0.is_silent.store(true, Ordering::Relaxed);
        let answer = refused(limit);
        assert!(so_far(Box::pin(gate.record(key("a"), &answer)).as_mut()).await.is_none());
        table.0.is_silent.store(false, Ordering::Relaxed);
        gate.record(key("a"), &refused(None)).await;
        assert_eq!(table.state().unwrap().invalid.unwrap().1, 2, "{limit:?}");
    }
}
