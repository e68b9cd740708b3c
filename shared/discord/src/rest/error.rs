//! Why a request to Discord failed.

use std::time::Duration;

/// Discord does not know the webhook (yet): it may take seconds until the response of the interaction is
/// processed.
const UNKNOWN_WEBHOOK: u64 = 10_015;
/// The interaction's token has expired.
const INVALID_TOKEN: u64 = 50_027;

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RestError {
    /// Not sent: the reply exceeds a limit of Discord's. The value names which.
    #[error("not sent: {0}")]
    Invalid(&'static str),
    /// Not sent: a rate limit blocks it for this time.
    #[error("held back")]
    RateLimited(Duration),
    /// No response: it timed out or the connection failed.
    #[error("no answer")]
    NoAnswer,
    /// Discord responded with an error status.
    #[error("status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's JSON error code, if there is one.
        code: Option<u64>,
        /// How long Discord wants to receive no further request.
        retry_after: Option<Duration>,
    },
}

impl RestError {
    /// Whether the message may still appear: Discord may not have processed our response before we edit it.
    pub fn may_appear(&self) -> bool {
        matches!(self, Self::Refused { status: 404, code: Some(UNKNOWN_WEBHOOK), .. })
    }

    /// Whether the message does not exist any more.
    pub fn is_gone(&self) -> bool {
        self.status() == Some(404) && !self.may_appear()
    }

    /// Whether the interaction's token has expired.
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Refused { code: Some(INVALID_TOKEN), .. })
    }

    /// Whether Discord rejects our requests in general (401). An expired token is not such a case, because
    /// each interaction has its own.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(401) && !self.is_expired()
    }

    /// Whether the request certainly had no effect, so that a retry cannot repeat it.
    pub fn had_no_effect(&self) -> bool {
        match self {
            Self::Invalid(_) | Self::RateLimited(_) => true,
            Self::NoAnswer => false,
            Self::Refused { status, .. } => *status < 500,
        }
    }

    /// The HTTP status; `None` without a response.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            // The status that Discord would have sent.
            Self::RateLimited(_) => Some(429),
            Self::Invalid(_) | Self::NoAnswer => None,
        }
    }

    /// How long Discord wants to receive no further request.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            Self::RateLimited(wait) => Some(*wait),
            Self::Invalid(_) | Self::NoAnswer => None,
        }
    }
}
