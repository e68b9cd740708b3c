//! The clock of the local stack: real time plus an offset that can be increased. In a simulation, Tokio's
//! time takes the place of real time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::{sync::Notify, time::Instant};

/// Real time plus an offset. Clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// In a simulation: the time at the start, and that moment by Tokio's clock.
    simulated: Option<(Timestamp, Instant)>,
    offset_ms: AtomicI64,
    moved: Notify,
}

impl Clock {
    /// A clock at `start` that follows Tokio's time: in a paused runtime it advances only while all tasks
    /// wait for timers.
    pub fn simulated(start: Timestamp) -> Self {
        let shared = Shared { simulated: Some((start, Instant::now())), ..Shared::default() };
        Self { shared: Arc::new(shared) }
    }

    /// The current time, cut to milliseconds.
    pub fn now(&self) -> Timestamp {
        let now = self.exact().as_millisecond();
        Timestamp::from_millisecond(now).unwrap_or(Timestamp::MAX)
    }

    /// The current time in microseconds, to measure what takes less than a millisecond.
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

    /// Advances the clock, and ends every [`Clock::pause`].
    pub fn advance(&self, by: Duration) {
        self.shared.offset_ms.fetch_add(whole_ms(by), Ordering::Relaxed);
        self.shared.moved.notify_waiters();
    }

    /// Waits for `real` time, or until the clock is advanced.
    pub async fn pause(&self, real: Duration) {
        let moved = self.shared.moved.notified();
        let _ = tokio::time::timeout(real, moved).await;
    }
}

/// A duration in whole milliseconds, saturating at `i64::MAX`.
pub fn whole_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
