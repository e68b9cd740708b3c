//! Why a request to Discord failed.

use std::time::Duration;

/// Discord does not know the webhook (yet): it may take seconds until the response of the interaction is
/// processed.
const UNKNOWN_WEBHOOK: u64 = 10_015;
/// The message was deleted.
const UNKNOWN_MESSAGE: u64 = 10_008;
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
    /// An error status (4xx) without Discord's JSON error code: not Discord's API responded, but what stands
    /// before it, such as Cloudflare. It says nothing about the request.
    #[error("status {status} without an error code")]
    NotFromDiscord {
        /// The HTTP status.
        status: u16,
        /// How long to send no further request; `None` if nothing is known.
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
        matches!(self, Self::Refused { status: 404, code: Some(UNKNOWN_MESSAGE), .. })
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
            Self::NotFromDiscord { .. } => true,
        }
    }

    /// The HTTP status of Discord's response; `None` without a response of Discord's.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            // The status that Discord would have sent.
            Self::RateLimited(_) => Some(429),
            Self::Invalid(_) | Self::NoAnswer | Self::NotFromDiscord { .. } => None,
        }
    }

    /// How long Discord wants to receive no further request.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } | Self::NotFromDiscord { retry_after, .. } => *retry_after,
            Self::RateLimited(wait) => Some(*wait),
            Self::Invalid(_) | Self::NoAnswer => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: Option<u64>) -> RestError {
        RestError::Refused { status, code, retry_after: None }
    }

    #[test]
    fn a_404_is_of_a_message_that_may_appear_or_of_one_that_is_gone() {
        for (failed, may_appear, is_gone) in [
            (refused(404, Some(UNKNOWN_WEBHOOK)), true, false),
            (refused(404, Some(UNKNOWN_MESSAGE)), false, true),
            (refused(404, Some(0)), false, false),
            (RestError::NotFromDiscord { status: 404, retry_after: None }, false, false),
            (refused(403, Some(UNKNOWN_WEBHOOK)), false, false),
            (RestError::NoAnswer, false, false),
        ] {
            assert_eq!((failed.may_appear(), failed.is_gone()), (may_appear, is_gone), "{failed:?}");
        }
    }

    #[test]
    fn a_401_is_of_one_token_that_has_expired_or_of_all_our_requests() {
        for (failed, is_expired, is_unauthorized) in [
            (refused(401, Some(INVALID_TOKEN)), true, false),
            (refused(401, Some(0)), false, true),
            (refused(401, None), false, true),
            (refused(403, None), false, false),
        ] {
            let found = (failed.is_expired(), failed.is_unauthorized());
            assert_eq!(found, (is_expired, is_unauthorized), "{failed:?}");
        }
    }

    #[test]
    fn only_what_was_refused_or_never_sent_had_certainly_no_effect() {
        for (failed, had_no_effect) in [
            (RestError::Invalid("text"), true),
            (RestError::RateLimited(Duration::ZERO), true),
            (refused(429, None), true),
            (refused(499, None), true),
            (RestError::NotFromDiscord { status: 403, retry_after: None }, true),
            (refused(500, None), false),
            (refused(503, None), false),
            (RestError::NoAnswer, false),
        ] {
            assert_eq!(failed.had_no_effect(), had_no_effect, "{failed:?}");
        }
    }

    #[test]
    fn what_is_held_back_here_waits_as_if_discord_had_refused_it() {
        let wait = Some(Duration::from_secs(7));
        let held_back = RestError::RateLimited(Duration::from_secs(7));
        assert_eq!((held_back.status(), held_back.retry_after()), (Some(429), wait));
        let refused = RestError::Refused { status: 429, code: None, retry_after: wait };
        assert_eq!((refused.status(), refused.retry_after()), (Some(429), wait));
        for unsent in [RestError::Invalid("text"), RestError::NoAnswer] {
            assert_eq!((unsent.status(), unsent.retry_after()), (None, None));
        }
    }
}
