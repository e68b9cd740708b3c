//! What is measured about a unit of work: plain numbers and ids, which `aws::telemetry` writes to the log.

mod counters;
mod outcome;
mod step;

pub use counters::{Counts, OutcomeCounters, Row};
pub use outcome::{Outcome, UserOutcome};
pub use step::Step;

use crate::{GuildId, InteractionId};

/// One handled interaction, or one receive of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Handled<'a> {
    /// The correlation id; `None` if the request had no readable interaction.
    pub interaction: Option<InteractionId>,
    /// The guild; `None` in DMs.
    pub guild: Option<GuildId>,
    /// The command's name; `None` if it is not one of ours.
    pub command: Option<&'a str>,
    /// Whether it was an autocomplete request rather than a use of the command.
    pub autocomplete: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// Milliseconds from receipt to the end.
    pub took_ms: u64,
    /// Whether it was the first one of its environment (a cold start).
    pub cold: bool,
    /// The version of the function that handled it.
    pub version: &'a str,
    /// The receive count of the queue message; `None` in the interactions function.
    pub receive: Option<u32>,
}

impl Handled<'_> {
    /// What the user saw. `None` if they saw nothing yet, or if it is counted elsewhere.
    pub fn user_outcome(&self) -> Option<UserOutcome> {
        self.outcome.user_outcome(self.took_ms)
    }
}
