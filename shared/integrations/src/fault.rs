//! Failures of external APIs. They contain status and kind only, so no text of others reaches a log.

use std::time::Duration;

use domain::{
    breaker::{Dependency, Outcome},
    retry::{self, Absence, Failure, Verdict},
};
use jiff::Timestamp;
use outbound::RequestError;

/// Why an API gave no answer, after the quick retries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No response.
    #[error("no answer: {0}")]
    NoAnswer(RequestError),
    /// A response with an error status.
    #[error("refused with status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The value of its `Retry-After` header.
        retry_after: Option<Duration>,
    },
    /// The response does not match the API's documentation. The value names the part.
    #[error("malformed answer: {0}")]
    Malformed(&'static str),
    /// The circuit breaker is open, so no request was sent. The user learns when to try again.
    #[error("{} is not called: its circuit breaker is open", dependency.name())]
    Open {
        /// The API.
        dependency: Dependency,
        /// Until when the breaker is open.
        until: Timestamp,
    },
}

impl Fault {
    /// Whether a later try may succeed, so that a queue should retry it.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(self.verdict(retry::QUICK_RETRIES, 0.0), Verdict::Later { .. })
    }

    /// What to do after it, see [`retry::verdict`].
    pub(crate) fn verdict(self, attempt: u32, chance: f64) -> Verdict {
        let (status, retry_after) = match self {
            Self::NoAnswer(RequestError::TimedOut | RequestError::Unreachable) => (None, None),
            Self::Refused { status, retry_after } => (Some(status), retry_after),
            // It would be as large or as malformed the next time.
            Self::NoAnswer(RequestError::TooLarge) | Self::Malformed(_) => return Verdict::Never,
            Self::Open { .. } => return Verdict::Later { after: None },
        };
        let absence = Absence::Final;
        let failure = Failure { status, retry_after, absence };
        retry::verdict(failure, attempt, chance)
    }
}

/// How a circuit breaker counts a fault. A refusal and a malformed response are answers, not failures.
impl From<Fault> for Outcome {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NoAnswer(RequestError::TimedOut | RequestError::Unreachable) => {
                Self::Failed { retry_after: None }
            }
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
        for passing in [refused(429), refused(503), Fault::NoAnswer(RequestError::TimedOut)] {
            assert!(passing.may_pass(), "{passing}");
        }
        let until = Timestamp::UNIX_EPOCH;
        assert!(Fault::Open { dependency: Dependency::Forecasts, until }.may_pass());
        for lasting in [refused(400), Fault::Malformed("hourly"), Fault::NoAnswer(RequestError::TooLarge)] {
            assert!(!lasting.may_pass(), "{lasting}");
        }
    }
    #[test]
    fn timeouts_broken_connections_429_and_5xx_speak_against_a_service_and_nothing_else_does() {
        let asked = Some(Duration::from_secs(7));
        let failed = |retry_after| Outcome::Failed { retry_after };
        for fault in [RequestError::TimedOut, RequestError::Unreachable].map(Fault::NoAnswer) {
            assert_eq!(Outcome::from(fault), failed(None), "{fault}");
        }
        for status in [429, 500, 503, 599] {
            assert_eq!(Outcome::from(Fault::Refused { status, retry_after: asked }), failed(asked));
        }
        let refused = [400, 401, 404, 418].map(|status| Fault::Refused { status, retry_after: asked });
        let odd = [Fault::Malformed("hourly"), Fault::NoAnswer(RequestError::TooLarge)];
        for fault in refused.into_iter().chain(odd) {
            assert_eq!(Outcome::from(fault), Outcome::Answered, "{fault}");
        }
    }
}
