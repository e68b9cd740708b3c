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
    /// No request was sent: the circuit breaker is open, or the API throttles this environment. The user
    /// learns when to try again.
    #[error("{} is not called for now", dependency.name())]
    Open {
        /// The API.
        dependency: Dependency,
        /// Until when it is not called.
        until: Timestamp,
    },
    /// No request was sent: this question has just failed twice, and would probably fail again. The user
    /// learns when to try again.
    #[error("{} is not asked the same question again for now", dependency.name())]
    Failing {
        /// The API.
        dependency: Dependency,
        /// Until when it is not asked.
        until: Timestamp,
    },
    /// No request was sent: autocomplete has used up its share of them.
    #[error("autocomplete has used up its requests")]
    TypingLimit,
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
            Self::NoAnswer(RequestError::TimedOut | RequestError::Unreachable | RequestError::Broken) => {
                (None, None)
            }
            Self::Refused { status, retry_after } => (Some(status), retry_after),
            // It would be as large or as malformed the next time.
            Self::NoAnswer(RequestError::TooLarge) | Self::Malformed(_) => return Verdict::Never,
            Self::Open { .. } | Self::Failing { .. } | Self::TypingLimit => {
                return Verdict::Later { after: None };
            }
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
            Fault::NoAnswer(RequestError::Unreachable) => Self::Unreachable,
            Fault::NoAnswer(RequestError::TimedOut | RequestError::Broken) => {
                Self::Failed { retry_after: None }
            }
            Fault::Refused { status: 429, retry_after } => Self::Throttled { retry_after },
            Fault::Refused { status: 500..=599, retry_after } => Self::Failed { retry_after },
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
        assert!(Fault::Failing { dependency: Dependency::Forecasts, until }.may_pass());
        assert!(Fault::TypingLimit.may_pass() && Fault::NoAnswer(RequestError::Broken).may_pass());
        for lasting in [refused(400), Fault::Malformed("hourly"), Fault::NoAnswer(RequestError::TooLarge)] {
            assert!(!lasting.may_pass(), "{lasting}");
        }
    }

    #[test]
    fn timeouts_broken_connections_429_and_5xx_speak_against_a_service_and_nothing_else_does() {
        let asked = Some(Duration::from_secs(7));
        let failed = |retry_after| Outcome::Failed { retry_after };
        for fault in [RequestError::TimedOut, RequestError::Broken].map(Fault::NoAnswer) {
            assert_eq!(Outcome::from(fault), failed(None), "{fault}");
        }
        assert_eq!(Outcome::from(Fault::NoAnswer(RequestError::Unreachable)), Outcome::Unreachable);
        for status in [500, 503, 599] {
            assert_eq!(Outcome::from(Fault::Refused { status, retry_after: asked }), failed(asked));
        }
        let throttled = Fault::Refused { status: 429, retry_after: asked };
        assert_eq!(Outcome::from(throttled), Outcome::Throttled { retry_after: asked });
        let refused = [400, 401, 404, 418].map(|status| Fault::Refused { status, retry_after: asked });
        let odd = [Fault::Malformed("hourly"), Fault::NoAnswer(RequestError::TooLarge)];
        for fault in refused.into_iter().chain(odd) {
            assert_eq!(Outcome::from(fault), Outcome::Answered, "{fault}");
        }
    }
}
