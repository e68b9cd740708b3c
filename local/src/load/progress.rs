//! How far a run has come.

use std::time::Duration;

/// At a moment after the start.
pub(crate) struct Progress {
    pub(crate) at: Duration,
    pub(crate) sent: u64,
    pub(crate) answered: u64,
    pub(crate) wrong: u64,
}
