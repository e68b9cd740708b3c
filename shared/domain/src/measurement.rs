//! What is measured about a unit of work. Plain numbers and ids; `aws::telemetry` writes them down.

mod counters;
mod outcome;
mod step;

pub use counters::{Counts, OutcomeCounters, Row};
pub use outcome::{Outcome, UserOutcome};
pub use step::Step;

use crate::{GuildId, InteractionId};

/// One interaction that was answered, or one receive of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Handled<'a> {
    /// The correlation id, where there is one.
    pub interaction: Option<InteractionId>,
    /// Where; `None` outside guilds.
    pub guild: Option<GuildId>,
    /// The command's name, once it is known to be one of ours.
    pub command: Option<&'a str>,
    /// Whether it asked for choices while somebody typed, and is no use of the command yet.
    pub autocomplete: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// From receipt to the end, in milliseconds.
    pub took_ms: u64,
    /// Whether it was the first of its environment.
    pub cold: bool,
    /// The version of the function that did it.
    pub version: &'a str,
    /// Which receive of the message this was; `None` in the interactions function.
    pub receive: Option<u32>,
}

impl Handled<'_> {
    /// What the user saw of it; `None` if nothing that is not counted elsewhere.
    pub fn user_outcome(&self) -> Option<UserOutcome> {
        self.outcome.user_outcome(self.took_ms)
    }
}
