//! A point in time that advances with the runtime's clock.

use domain::deadline::later;
use jiff::Timestamp;
use tokio::time::Instant;

/// A start time, and the instant at which it was valid.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    said: Timestamp,
    heard: Instant,
}

impl Moment {
    /// A moment at which it is `now`.
    #[must_use]
    pub fn of(now: Timestamp) -> Self {
        Self { said: now, heard: Instant::now() }
    }

    pub(crate) fn now(self) -> Timestamp {
        later(self.said, self.heard.elapsed())
    }
}
