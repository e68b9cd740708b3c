//! The gate before every request to Discord: it stops requests that Discord would refuse.

#[cfg(test)]
mod tests;

use std::time::Duration;

use domain::{deadline, retry::MAX_WAIT_IN_PLACE};
use jiff::{SignedDuration, Timestamp};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    LimitStore, RestError,
    answer::{Answer, LimitScope},
    buckets::{Buckets, Key},
    invalid::Invalid,
    store::LimitState,
};

/// The maximum number of concurrent requests, whatever the batch size. With twenty environments that is
/// more than Discord's 50 requests per second need.
const MAX_CONCURRENT_REQUESTS: usize = 8;
/// How often the shared limits are loaded, at most.
const RELOAD_INTERVAL: SignedDuration = SignedDuration::from_secs(5);

/// How long requests are paced after a pause of all requests. Everything that was held back comes at once then,
/// and would be refused again.
const PACED_DURATION: SignedDuration = SignedDuration::from_secs(10);
/// The time between two requests while they are paced.
const PACE: SignedDuration = SignedDuration::from_millis(100);

/// The gate of one environment.
#[derive(Debug)]
pub(super) struct Gate<S> {
    store: S,
    permits: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    buckets: Buckets,
    invalid: Invalid,
    closed_until: Option<Timestamp>,
    /// While requests are paced: when the next may be sent.
    next_at: Option<Timestamp>,
    loaded_at: Option<Timestamp>,
}

impl State {
    /// Takes the next free moment after a pause, and returns the time until then: none for most requests. The
    /// error is a time that is too long to be waited out in place, and nothing is taken.
    fn pace(&mut self, now: Timestamp) -> Result<Duration, Duration> {
        let is_paced = |closed_until| now.duration_since(closed_until) < PACED_DURATION;
        if !self.closed_until.is_some_and(is_paced) {
            self.next_at = None;
            return Ok(Duration::ZERO);
        }
        let at = self.next_at.map_or(now, |next_at| next_at.max(now));
        let wait = deadline::left(now, at);
        if wait > MAX_WAIT_IN_PLACE {
            return Err(wait);
        }
        self.next_at = Some(deadline::later(at, PACE));
        Ok(wait)
    }

    fn closed_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.closed_until.filter(|until| *until > now).max(self.invalid.closed_until(now))
    }

    fn learn(&mut self, known: LimitState, now: Timestamp) {
        self.closed_until = self.closed_until.max(known.closed_until);
        if let Some((ends, sum)) = known.invalid {
            self.invalid.learn(ends, sum, now);
        }
    }

    /// Takes over the limits of a response. Returns those that concern other environments.
    fn apply(&mut self, key: Key, answer: &Answer, now: Timestamp) -> LimitUpdate {
        if let Some(level) = &answer.level {
            self.buckets.learn(key, level, now);
        }
        let mut update = LimitUpdate::default();
        match answer.limit.map(|(scope, wait)| (scope, deadline::later(now, wait))) {
            Some((LimitScope::Bucket, until)) => self.buckets.close(key, until, now),
            Some((LimitScope::Global, until)) => {
                self.closed_until = self.closed_until.max(Some(until));
                update.closed_until = Some(until);
            }
            None => {}
        }
        if answer.is_invalid {
            self.invalid.count(now);
            update.invalid = Some(self.invalid.take_unshared());
        }
        update
    }
}

#[derive(Debug, Default)]
struct LimitUpdate {
    closed_until: Option<Timestamp>,
    invalid: Option<(Timestamp, u64)>,
}

impl<S: LimitStore> Gate<S> {
    pub(super) fn new(store: S) -> Self {
        Self { store, permits: Semaphore::new(MAX_CONCURRENT_REQUESTS), state: Mutex::default() }
    }

    /// Loads the shared limits, unless that was done within [`RELOAD_INTERVAL`].
    pub(super) async fn load_shared(&self) {
        let now = self.store.now();
        {
            let mut state = self.state();
            if state.loaded_at.is_some_and(|at| now.duration_since(at) < RELOAD_INTERVAL) {
                return;
            }
            // Set before the request, so that a batch loads them only once.
            state.loaded_at = Some(now);
        }
        if let Ok(known) = self.store.load().await {
            self.state().learn(known, self.store.now());
        }
    }

    pub(super) fn closed_until(&self) -> Option<Timestamp> {
        self.state().closed_until(self.store.now())
    }

    /// Waits for a permit to send, and after a pause for its turn. A request that Discord would refuse gets an
    /// error with the time to wait.
    pub(super) async fn enter(&self, key: Key) -> Result<SemaphorePermit<'_>, RestError> {
        let permit = self.permits.acquire().await.map_err(|_| RestError::NoAnswer)?;
        let turn = self.check(key)?;
        if turn.is_zero() {
            return Ok(permit);
        }
        // Others may send meanwhile.
        drop(permit);
        tokio::time::sleep(turn).await;
        let permit = self.permits.acquire().await.map_err(|_| RestError::NoAnswer)?;
        // The request before this one may have met the next pause.
        match self.closed_until() {
            Some(until) => Err(RestError::RateLimited(deadline::left(self.store.now(), until))),
            None => Ok(permit),
        }
    }

    /// Takes a request from the bucket, and returns the time until its turn.
    fn check(&self, key: Key) -> Result<Duration, RestError> {
        let now = self.store.now();
        let mut state = self.state();
        let limited = |until| RestError::RateLimited(deadline::left(now, until));
        if let Some(until) = state.closed_until(now) {
            return Err(limited(until));
        }
        let turn = state.pace(now).map_err(RestError::RateLimited)?;
        state.buckets.take(key, now).map_err(limited)?;
        Ok(turn)
    }

    /// Takes over the limits of a response, and shares those that concern all environments.
    pub(super) async fn record(&self, key: Key, answer: &Answer) {
        let LimitUpdate { closed_until, invalid } = self.state().apply(key, answer, self.store.now());
        let mut unshared = Unshared { gate: self, count: invalid };
        if let Some(until) = closed_until {
            // An environment that misses this gets the same response from Discord.
            let _ = self.store.close(until).await;
        }
        if let Some((ends, count)) = invalid
            && let Ok(sum) = self.store.count_invalid(ends, count).await
        {
            unshared.count = None;
            self.state().invalid.learn(ends, sum, self.store.now());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic cannot leave the state half-written.
        self.state.lock()
    }
}

/// Invalid requests that are being added to the shared count. Dropped before that has succeeded, they are given
/// back, also if the request was cancelled: the next one adds them.
struct Unshared<'a, S: LimitStore> {
    gate: &'a Gate<S>,
    count: Option<(Timestamp, u64)>,
}

impl<S: LimitStore> Drop for Unshared<'_, S> {
    fn drop(&mut self) {
        if let Some(count) = self.count.take() {
            self.gate.state().invalid.give_back(count);
        }
    }
}
