//! The one clock of the local stack: real time plus an offset that a test or a person can move.
//! In a simulation Tokio's time takes the place of the real one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::{sync::Notify, time::Instant};

/// Real time plus a movable offset. Clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// In a simulation: what time it was when, by Tokio's clock.
    simulated: Option<(Timestamp, Instant)>,
    offset_ms: AtomicI64,
    moved: Notify,
}

impl Clock {
    /// It is `start` now, and time passes as it does for the timers of this runtime: not at all while
    /// something is done, if the runtime is paused.
    pub fn simulated(start: Timestamp) -> Self {
        let shared = Shared { simulated: Some((start, Instant::now())), ..Shared::default() };
        Self { shared: Arc::new(shared) }
    }

    /// What time it is in the local stack, to the millisecond.
    pub fn now(&self) -> Timestamp {
        let now = self.exact().as_millisecond();
        Timestamp::from_millisecond(now).unwrap_or(Timestamp::MAX)
    }

    /// To the microsecond, for what takes less than a millisecond.
    pub fn exact(&self) -> Timestamp {
        let offset = self.shared.offset_ms.load(Ordering::Relaxed);
        let now = self.unmoved().as_microsecond().saturating_add(offset.saturating_mul(1_000));
        Timestamp::from_microsecond(now).unwrap_or(Timestamp::MAX)
    }

    #[expect(clippy::disallowed_methods, reason = "the one clock of the local stack reads real time here")]
    fn unmoved(&self) -> Timestamp {
        match self.shared.simulated {
            Some((start, since)) => start.checked_add(since.elapsed()).unwrap_or(Timestamp::MAX),
            None => Timestamp::now(),
        }
    }

    /// Moves the whole stack forward, and wakes whoever waits for time to pass.
    pub fn advance(&self, by: Duration) {
        self.shared.offset_ms.fetch_add(whole_ms(by), Ordering::Relaxed);
        self.shared.moved.notify_waiters();
    }

    /// Waits for `real` time, or less if the clock is moved meanwhile.
    pub async fn pause(&self, real: Duration) {
        let moved = self.shared.moved.notified();
        let _ = tokio::time::timeout(real, moved).await;
    }
}

/// A duration in whole milliseconds, at most the largest number of them.
pub fn whole_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
