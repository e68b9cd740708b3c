//! The progress of a run.

use std::time::Duration;

/// Counters at a time `at` after the start.
pub struct Progress {
    pub at: Duration,
    pub sent: u64,
    pub answered: u64,
    pub wrong: u64,
}
