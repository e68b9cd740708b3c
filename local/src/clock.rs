//! The one clock of the local stack: real time plus an offset that a test or a person can move.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::Notify;

/// Real time plus a movable offset. Clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    offset_ms: AtomicI64,
    moved: Notify,
}

impl Clock {
    /// What time it is in the local stack, to the millisecond.
    pub fn now(&self) -> Timestamp {
        let now = self.exact().as_millisecond();
        Timestamp::from_millisecond(now).unwrap_or(Timestamp::MAX)
    }

    /// To the microsecond, for what takes less than a millisecond.
    #[expect(clippy::disallowed_methods, reason = "the one clock of the local stack reads real time here")]
    pub(crate) fn exact(&self) -> Timestamp {
        let offset = self.shared.offset_ms.load(Ordering::Relaxed);
        let now = Timestamp::now().as_microsecond().saturating_add(offset.saturating_mul(1_000));
        Timestamp::from_microsecond(now).unwrap_or(Timestamp::MAX)
    }

    /// Moves the whole stack forward, and wakes whoever waits for time to pass.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.shared.offset_ms.fetch_add(by, Ordering::Relaxed);
        self.shared.moved.notify_waiters();
    }

    /// Waits for `real` time, or less if the clock is moved meanwhile.
    pub async fn pause(&self, real: Duration) {
        let moved = self.shared.moved.notified();
        let _ = tokio::time::timeout(real, moved).await;
    }
}
