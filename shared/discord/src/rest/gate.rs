//! The gate that every request to Discord passes: it lets out what Discord would take.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::deadline;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    Failed, LimitStore,
    answer::{Answer, Whole},
    buckets::{Buckets, Key},
    invalid::Invalid,
    store::Known,
};

/// So many requests are under way at once. With twenty environments that is more than Discord's fifty a
/// second need, and no batch can open more connections.
const AT_ONCE: usize = 8;
/// What other environments have noted is read again after this time.
const FRESH: SignedDuration = SignedDuration::from_secs(5);

/// The gate of one environment.
#[derive(Debug)]
pub(super) struct Gate<S> {
    store: S,
    places: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    buckets: Buckets,
    invalid: Invalid,
    closed_until: Option<Timestamp>,
    looked_at: Option<Timestamp>,
}

impl State {
    fn closed_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.closed_until.filter(|until| *until > now).max(self.invalid.closed_until(now))
    }

    fn learn(&mut self, known: Known, now: Timestamp) {
        self.closed_until = self.closed_until.max(known.closed_until);
        if let Some((ends, sum)) = known.invalid {
            self.invalid.learn(ends, sum, now);
        }
    }

    /// What is to be told to other environments.
    fn hear(&mut self, key: Key, answer: &Answer, now: Timestamp) -> News {
        if let Some(level) = &answer.level {
            self.buckets.learn(key, level, now);
        }
        let mut news = News::default();
        match answer.rest.map(|(whole, wait)| (whole, until(now, wait))) {
            Some((Whole::Bucket, until)) => self.buckets.close(key, until, now),
            Some((Whole::Everything, until)) => {
                self.closed_until = self.closed_until.max(Some(until));
                news.closed_until = Some(until);
            }
            None => {}
        }
        if answer.is_invalid {
            self.invalid.count(now);
            news.invalid = Some(self.invalid.tell());
        }
        news
    }
}

#[derive(Debug, Default)]
struct News {
    closed_until: Option<Timestamp>,
    invalid: Option<(Timestamp, u64)>,
}

impl<S: LimitStore> Gate<S> {
    pub(super) fn new(store: S) -> Self {
        Self { store, places: Semaphore::new(AT_ONCE), state: Mutex::default() }
    }

    /// Learns what other environments have noted, if that was not read just now.
    pub(super) async fn look(&self) {
        let now = self.store.now();
        {
            let mut state = self.state();
            if state.looked_at.is_some_and(|at| now.duration_since(at) < FRESH) {
                return;
            }
            // Before it is read: a batch reads it once.
            state.looked_at = Some(now);
        }
        if let Ok(known) = self.store.load().await {
            self.state().learn(known, self.store.now());
        }
    }

    pub(super) fn closed_until(&self) -> Option<Timestamp> {
        self.state().closed_until(self.store.now())
    }

    /// Waits for a place. Whoever would be refused is told for how long instead.
    pub(super) async fn enter(&self, key: Key) -> Result<SemaphorePermit<'_>, Failed> {
        let place = self.places.acquire().await.map_err(|_| Failed::NoAnswer)?;
        let now = self.store.now();
        let mut state = self.state();
        let held = |until| Failed::HeldBack(deadline::left(now, until));
        if let Some(until) = state.closed_until(now) {
            return Err(held(until));
        }
        state.buckets.take(key, now).map_err(held)?;
        Ok(place)
    }

    /// Takes over what an answer has told, and passes on what concerns all.
    pub(super) async fn heard(&self, key: Key, answer: &Answer) {
        let news = self.state().hear(key, answer, self.store.now());
        if let Some(until) = news.closed_until {
            // Who is not told meets the same answer.
            let _ = self.store.close(until).await;
        }
        if let Some((ends, count)) = news.invalid {
            let sum = self.store.count_invalid(ends, count).await;
            let mut state = self.state();
            match sum {
                Ok(sum) => state.invalid.learn(ends, sum, self.store.now()),
                Err(_) => state.invalid.give_back((ends, count)),
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing here is half-written by a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn until(now: Timestamp, wait: Duration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::{
        future::poll_fn,
        pin::{Pin, pin},
        sync::{
            Arc,
            atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
        },
        task::Poll,
    };

    use domain::InteractionToken;

    use super::*;
    use crate::rest::{STOP, Unavailable, buckets::Route};

    /// A table that environments share, and their clock.
    #[derive(Clone, Debug, Default)]
    struct Table(Arc<Shared>);

    #[derive(Debug, Default)]
    struct Shared {
        second: AtomicI64,
        known: Mutex<Known>,
        reads: AtomicU64,
        is_down: AtomicBool,
    }

    impl Table {
        fn pass(&self, seconds: i64) {
            self.0.second.fetch_add(seconds, Ordering::Relaxed);
        }

        fn known(&self) -> Result<MutexGuard<'_, Known>, Unavailable> {
            let is_down = self.0.is_down.load(Ordering::Relaxed);
            if is_down { Err(Unavailable) } else { Ok(self.0.known.lock().unwrap()) }
        }
    }

    impl LimitStore for Table {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.second.load(Ordering::Relaxed)).unwrap()
        }

        async fn load(&self) -> Result<Known, Unavailable> {
            self.0.reads.fetch_add(1, Ordering::Relaxed);
            self.known().map(|known| *known)
        }

        async fn close(&self, until: Timestamp) -> Result<(), Unavailable> {
            let mut known = self.known()?;
            known.closed_until = known.closed_until.max(Some(until));
            Ok(())
        }

        async fn count_invalid(&self, ends: Timestamp, count: u64) -> Result<u64, Unavailable> {
            let mut known = self.known()?;
            let before = known.invalid.filter(|(known, _)| *known == ends).map_or(0, |(_, sum)| sum);
            known.invalid = Some((ends, before + count));
            Ok(before + count)
        }
    }

    fn key(webhook: &str) -> Key {
        Key::new(Route::EditReply, &InteractionToken::new(webhook))
    }

    fn refused(rest: Option<(Whole, Duration)>) -> Answer {
        Answer { outcome: Err(Failed::NoAnswer), level: None, rest, is_invalid: true }
    }

    async fn held_back(gate: &Gate<Table>, webhook: &str) -> Option<Duration> {
        match gate.enter(key(webhook)).await {
            Ok(_) => None,
            Err(Failed::HeldBack(wait)) => Some(wait),
            Err(other) => panic!("{other}"),
        }
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn so_many_are_under_way_and_the_next_waits_for_a_place() {
        let gate = Gate::new(Table::default());
        let mut places = Vec::new();
        for webhook in 0..AT_ONCE {
            places.push(gate.enter(key(&webhook.to_string())).await.unwrap());
        }
        let mut next = pin!(gate.enter(key("next")));
        assert!(so_far(next.as_mut()).await.is_none(), "nobody waited");
        places.pop();
        assert!(so_far(next).await.is_some_and(|entered| entered.is_ok()));
    }

    /// What it has come to by now.
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
        gate.heard(key("a"), &refused(Some((Whole::Bucket, MINUTE)))).await;
        assert_eq!(held_back(&gate, "a").await, Some(MINUTE));
        assert_eq!((held_back(&gate, "b").await, gate.closed_until()), (None, None));
    }

    #[tokio::test]
    async fn what_concerns_all_is_known_to_others_when_they_look_again() {
        let table = Table::default();
        let [one, other] = [Gate::new(table.clone()), Gate::new(table.clone())];
        other.look().await;
        one.heard(key("a"), &refused(Some((Whole::Everything, MINUTE)))).await;
        assert_eq!(held_back(&one, "b").await, Some(MINUTE));
        other.look().await;
        assert_eq!(held_back(&other, "b").await, None, "it has looked just now");
        table.pass(5);
        other.look().await;
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
                for _ in 0..STOP / 2 {
                    gate.heard(key("a"), &refused(None)).await;
                }
            }
            one.look().await;
            let stopped = (one.closed_until().is_some(), other.closed_until().is_some());
            assert_eq!(stopped, (!is_down, !is_down));
            if is_down {
                for _ in 0..STOP / 2 {
                    one.heard(key("a"), &refused(None)).await;
                }
                assert_eq!(one.closed_until(), Some(Timestamp::from_second(600).unwrap()));
                // What it could not tell it tells with the next.
                table.0.is_down.store(false, Ordering::Relaxed);
                one.heard(key("a"), &refused(None)).await;
                assert_eq!(table.known().unwrap().invalid.unwrap().1, STOP + 1);
            }
        }
    }
}
