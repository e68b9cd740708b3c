//! What goes wrong with other people's APIs. Status and kind only: outside text never enters a log.

use std::time::Duration;

use domain::{
    breaker::{Dependency, Outcome},
    retry::{self, Absence, Failure, Verdict},
};
use jiff::Timestamp;
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
    /// It was not asked: it has not answered lately. Who asked is told so, and when to come back.
    #[error("{} is left alone", dependency.name())]
    Open {
        /// Which one.
        dependency: Dependency,
        /// Until then.
        until: Timestamp,
    },
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
            Self::Open { .. } => return Verdict::Later { after: None },
        };
        let absence = Absence::Final;
        let failure = Failure { status, retry_after, absence };
        retry::verdict(failure, attempt, chance)
    }
}

/// What a circuit breaker makes of an answer that is a fault, or of none. A no is an answer, and so is nonsense.
impl From<Fault> for Outcome {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NoAnswer(Failed::TimedOut | Failed::Unreachable) => Self::Failed { retry_after: None },
            Fault::Refused { status: 429 | 500..=599, retry_after } => Self::Failed { retry_after },
            _ => Self::Answered,
        }
    }
}

impl From<Fault> for domain::Fault {
    fn from(fault: Fault) -> Self {
        let component = "integrations";
        let code = fault.to_string();
        if fault.may_pass() { Self::new(component, code) } else { Self::lasting(component, code) }
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
        let until = Timestamp::UNIX_EPOCH;
        assert!(Fault::Open { dependency: Dependency::Forecasts, until }.may_pass());
        for lasting in [refused(400), Fault::Malformed("hourly"), Fault::NoAnswer(Failed::TooLarge)] {
            assert!(!lasting.may_pass(), "{lasting}");
        }
    }
    #[test]
    fn timeouts_broken_connections_429_and_5xx_speak_against_a_service_and_nothing_else_does() {
        let asked = Some(Duration::from_secs(7));
        let failed = |retry_after| Outcome::Failed { retry_after };
        for fault in [Failed::TimedOut, Failed::Unreachable].map(Fault::NoAnswer) {
            assert_eq!(Outcome::from(fault), failed(None), "{fault}");
        }
        for status in [429, 500, 503, 599] {
            assert_eq!(Outcome::from(Fault::Refused { status, retry_after: asked }), failed(asked));
        }
        let refused = [400, 401, 404, 418].map(|status| Fault::Refused { status, retry_after: asked });
        let odd = [Fault::Malformed("hourly"), Fault::NoAnswer(Failed::TooLarge)];
        for fault in refused.into_iter().chain(odd) {
            assert_eq!(Outcome::from(fault), Outcome::Answered, "{fault}");
        }
    }
}
