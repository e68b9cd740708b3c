//! What goes wrong with other people's APIs. Status and kind only: outside text never enters a log.

use std::time::Duration;

use domain::retry::{self, Absence, Failure, Verdict};
use outbound::Failed;

/// Why an API gave nothing, after the quick retries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No answer came.
    #[error("no answer: {0}")]
    NoAnswer(Failed),
    /// An answer came, and its status was not a success.
    #[error("refused with status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What its `Retry-After` header asked for.
        retry_after: Option<Duration>,
    },
    /// The answer was not what the API documents. Holds the part of it, in our words.
    #[error("malformed answer: {0}")]
    Malformed(&'static str),
}

impl Fault {
    /// Whether the same call may succeed later, so that a queue should keep it.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(self.verdict(retry::QUICK_RETRIES, 0.0), Verdict::Later { .. })
    }

    /// What to do after it, see [`retry::verdict`].
    pub(crate) fn verdict(self, attempt: u32, chance: f64) -> Verdict {
        let (status, retry_after) = match self {
            Self::NoAnswer(Failed::TimedOut | Failed::Unreachable) => (None, None),
            Self::Refused { status, retry_after } => (Some(status), retry_after),
            // It would be as large and as malformed the next time.
            Self::NoAnswer(Failed::TooLarge) | Self::Malformed(_) => return Verdict::Never,
        };
        let absence = Absence::Final;
        let failure = Failure { status, retry_after, absence };
        retry::verdict(failure, attempt, chance)
    }
}

impl From<Fault> for domain::Fault {
    fn from(fault: Fault) -> Self {
        let place = "integrations";
        let code = fault.to_string();
        if fault.may_pass() { Self::new(place, code) } else { Self::lasting(place, code) }
    }
}

impl From<Fault> for domain::Error {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_keeps_only_what_may_pass() {
        let refused = |status| Fault::Refused { status, retry_after: None };
        for passing in [refused(429), refused(503), Fault::NoAnswer(Failed::TimedOut)] {
            assert!(passing.may_pass(), "{passing}");
        }
        for lasting in [refused(400), Fault::Malformed("hourly"), Fault::NoAnswer(Failed::TooLarge)] {
            assert!(!lasting.may_pass(), "{lasting}");
        }
    }
}
