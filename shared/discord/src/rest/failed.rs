//! Why a request to Discord had no success.

use std::time::Duration;

/// Discord does not know the webhook (yet): after an answer at once it may need seconds to.
const UNKNOWN_WEBHOOK: u64 = 10_015;
/// The interaction's token has died.
const INVALID_TOKEN: u64 = 50_027;

/// Why a request had no success.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Failed {
    /// The reply breaks one of Discord's rules; it was not sent.
    #[error("not sent: {0}")]
    Invalid(&'static str),
    /// It was not sent, because Discord would refuse it for so long.
    #[error("held back")]
    HeldBack(Duration),
    /// No answer came.
    #[error("no answer")]
    NoAnswer,
    /// Discord said no.
    #[error("status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's own code, where it gave one.
        code: Option<u64>,
        /// For how long Discord wants to be left alone.
        retry_after: Option<Duration>,
    },
}

impl Failed {
    /// Whether the message may yet appear: Discord may not have read our answer when we edit it.
    pub fn may_appear(&self) -> bool {
        matches!(self, Self::Refused { status: 404, code: Some(UNKNOWN_WEBHOOK), .. })
    }

    /// Whether the message is no longer there.
    pub fn is_gone(&self) -> bool {
        self.status() == Some(404) && !self.may_appear()
    }

    /// Whether the time to reply has passed.
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Refused { code: Some(INVALID_TOKEN), .. })
    }

    /// Whether Discord does not take our calls. A token that has died is no reason to stop: every
    /// interaction brings its own, and no request here has another credential.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(401) && !self.is_expired()
    }

    /// Whether it has surely had no effect, so that trying again does not repeat one.
    pub fn had_no_effect(&self) -> bool {
        match self {
            Self::Invalid(_) | Self::HeldBack(_) => true,
            Self::NoAnswer => false,
            Self::Refused { status, .. } => *status < 500,
        }
    }

    /// The HTTP status; `None` without an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            // What Discord would have said.
            Self::HeldBack(_) => Some(429),
            Self::Invalid(_) | Self::NoAnswer => None,
        }
    }

    /// For how long Discord wants to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            Self::HeldBack(wait) => Some(*wait),
            Self::Invalid(_) | Self::NoAnswer => None,
        }
    }
}
