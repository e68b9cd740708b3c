//! The gate that every request to Discord passes: it lets out what Discord would take.

#[cfg(test)]
mod tests;

use domain::deadline;
use jiff::{SignedDuration, Timestamp};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    Failed, LimitStore,
    answer::{Answer, Whole},
    buckets::{Buckets, Key},
    invalid::Invalid,
    store::Known,
};

/// So many requests are under way at once, however large the batches are made. With twenty environments
/// that is more than Discord's fifty a second need.
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
        match answer.rest.map(|(whole, wait)| (whole, deadline::later(now, wait))) {
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

    /// Waits for a permit to send. A request that Discord would refuse is not sent: the error says for how long.
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
        self.state.lock()
    }
}
