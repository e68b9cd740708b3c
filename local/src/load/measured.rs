//! Everything that the generator measures.

use std::time::Duration;

use super::{process::Usage, record::Record};

/// What both processes had used at a moment after the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) at: Duration,
    pub(crate) generator: Option<Usage>,
    pub(crate) stack: Option<Usage>,
}

/// Everything that was measured.
pub(crate) struct Measured {
    pub(crate) records: Vec<Record>,
    pub(crate) samples: Vec<Sample>,
}
