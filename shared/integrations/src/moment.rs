//! A present that goes on.

use domain::deadline::later;
use jiff::Timestamp;
use tokio::time::Instant;

/// What time it was when somebody said so, and what time it is since.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    said: Timestamp,
    heard: Instant,
}

impl Moment {
    /// It is `now` now.
    #[must_use]
    pub fn of(now: Timestamp) -> Self {
        Self { said: now, heard: Instant::now() }
    }

    pub(crate) fn now(self) -> Timestamp {
        later(self.said, self.heard.elapsed())
    }
}
