//! What came of one interaction.

use std::time::Duration;

use super::plan::Arrival;

/// One interaction of the plan. Times are from the planned moment.
#[derive(Clone, Debug)]
pub struct Record {
    pub arrival: Arrival,
    /// By how much it was sent too late, which is the generator's fault.
    pub lag: Duration,
    /// Until the whole answer was there.
    pub took: Duration,
    pub outcome: Outcome,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With a reply at once.
    Answered,
    /// With "thinking…", and the reply after so long.
    Edited(Duration),
    /// With "thinking…" for ever.
    Lost,
    /// With anything else.
    Wrong(String),
}

impl Outcome {
    /// After how long the reply was there that had been promised.
    pub fn edited(&self) -> Option<Duration> {
        match self {
            Self::Edited(after) => Some(*after),
            _ => None,
        }
    }
}
