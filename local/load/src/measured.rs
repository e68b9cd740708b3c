//! Everything that the generator measures.

use std::time::Duration;

use super::{process::Usage, record::Record};

/// What both processes had used at a moment after the start.
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
