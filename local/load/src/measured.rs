//! The measurements of a run.

use std::time::Duration;

use super::{process::Usage, record::Record};

/// The CPU time and memory of both processes at a moment after the start.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub at: Duration,
    pub generator: Option<Usage>,
    pub stack: Option<Usage>,
}

/// Everything that was measured.
pub struct Measured {
    pub records: Vec<Record>,
    pub samples: Vec<Sample>,
}
