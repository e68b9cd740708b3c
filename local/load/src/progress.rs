//! How far a run has come.

use std::time::Duration;

/// At a moment after the start.
pub struct Progress {
    pub at: Duration,
    pub sent: u64,
    pub answered: u64,
    pub wrong: u64,
}
