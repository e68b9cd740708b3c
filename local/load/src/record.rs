//! The result of one interaction.

use std::time::Duration;

use super::plan::Arrival;

/// The result of a planned interaction. Times count from the planned moment.
#[derive(Clone, Debug)]
pub struct Record {
    pub arrival: Arrival,
    /// How late the generator sent it.
    pub lag: Duration,
    /// The time until the complete response.
    pub took: Duration,
    pub outcome: Outcome,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered without being deferred.
    Answered,
    /// It was deferred, and edited after this time.
    Edited(Duration),
    /// It was deferred and never edited.
    Lost,
    /// Anything else.
    Wrong(String),
}

impl Outcome {
    /// The time until the edit, if it was deferred and edited.
    pub fn edited(&self) -> Option<Duration> {
        match self {
            Self::Edited(after) => Some(*after),
            _ => None,
        }
    }
}
