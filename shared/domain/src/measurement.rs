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
    /// Milliseconds from receipt to the end: the function's share.
    pub took_ms: u64,
    /// Milliseconds from the interaction's creation to its answer, see
    /// [`deadline::age_ms`](crate::deadline::age_ms). `None` in the jobs function.
    pub age_ms: Option<u64>,
    /// Milliseconds that a job waited in the queue. `None` in the interactions function, for watchdogs, whose
    /// delay is intended, and for a job that comes back.
    pub wait_ms: Option<u64>,
    /// Whether it was a watchdog message.
    pub is_watchdog: bool,
    /// Whether the invocation was the first one of its environment (a cold start).
    pub cold: bool,
    /// The version of the function that handled it.
    pub version: &'a str,
    /// The receive count of the queue message; `None` in the interactions function.
    pub receive: Option<u32>,
    /// The ids by which AWS's own log lines name the request.
    pub ids: RequestIds<'a>,
}

/// The ids of a request in AWS's own log lines. Each is `None` where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestIds<'a> {
    /// API Gateway's: `request_id` of its access log.
    pub gateway: Option<&'a str>,
    /// Lambda's: `function_request_id` of the access log, `requestId` of Lambda's REPORT line.
    pub lambda: Option<&'a str>,
    /// X-Ray's trace id, which starts with `1-`.
    pub trace: Option<&'a str>,
}

impl Handled<'_> {
    /// What the user saw. `None` if they saw nothing yet, or if it is counted elsewhere.
    pub fn user_outcome(&self) -> Option<UserOutcome> {
        self.outcome.user_outcome(self.age_ms)
    }

    /// The value of [`Metric::AgeMs`](crate::metric::Metric::AgeMs).
    pub fn metric_age_ms(&self) -> Option<u64> {
        self.age_ms.filter(|_| !self.autocomplete)
    }

    /// The value of [`Metric::Failed`](crate::metric::Metric::Failed).
    pub fn failed_percent(&self) -> Option<u64> {
        let is_failed = if self.age_ms.is_some() {
            self.user_outcome() == Some(UserOutcome::Failed)
        } else {
            self.outcome.is_failed_receive(self.is_watchdog)?
        };
        (!self.autocomplete).then_some(if is_failed { 100 } else { 0 })
    }

    /// The value of [`Metric::Deferred`](crate::metric::Metric::Deferred).
    pub fn deferred(&self) -> Option<u64> {
        self.metric_age_ms().map(|_| u64::from(self.outcome == Outcome::Deferred))
    }

    /// The value of [`Metric::Expired`](crate::metric::Metric::Expired).
    pub fn expired(&self) -> Option<u64> {
        matches!(self.outcome, Outcome::Expired | Outcome::LeftToWatchdog).then_some(1)
    }
}
