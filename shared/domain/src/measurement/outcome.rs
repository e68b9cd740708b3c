//! How a unit of work ended, and what its user saw of it.

/// How an interaction, a receive of a deferred job, or a run of its watchdog ended.
///
/// Logs, counters and alarms use it. A new variant needs an arm in [`Outcome::name`] and
/// [`Outcome::user_outcome`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Interaction: answered in the response itself.
    Answered,
    /// Interaction: the queue has the job, and Discord shows "thinking…".
    Deferred,
    /// Interaction or job: rejected, with an ephemeral reply that gives the reason.
    Refused,
    /// Interaction: over a rate limit; the reply says until when.
    Limited,
    /// Interaction: a fault; the user sees an error message with a reference.
    Failed,
    /// Interaction: a command, component or modal that this version does not know.
    Unknown,
    /// Autocomplete: choices were returned.
    Offered,
    /// Interaction: it arrived after Discord had given up, so nothing was done. Autocomplete: also if no
    /// choices were ready in time.
    Late,
    /// Job: the deferred reply was delivered.
    Edited,
    /// Job: an earlier receive has completed it, or its watchdog has told the user that it failed.
    AlreadyDone,
    /// Job: the interaction's token expired before a reply could be given.
    Expired,
    /// Job: it ended too late for a reply, but the watchdog can still tell the user.
    LeftToWatchdog,
    /// Job: the message to edit does not exist, because the user deleted it.
    RefusedByDiscord,
    /// Job or watchdog: the error message was delivered.
    Notified,
    /// Job: another receive holds the claim.
    Busy,
    /// Job: Discord does not know the interaction's webhook, because our response did not reach it in time.
    /// Discord has told the user that the bot did not respond.
    Unreachable,
    /// Job: it waits for a rate limit of Discord's to end.
    DiscordRateLimited,
    /// Job or watchdog: this receive failed, and the message comes back.
    ReceiveFailed,
    /// Job: it waits for a service that it needs: Discord, a table or a queue. Watchdog: the job is being
    /// executed or will be; it is checked again later.
    Waiting,
    /// Job: only another version of this code can execute it.
    AnotherVersion,
    /// Job: the function's own code panicked outside the command.
    Panicked,
    /// Probe: everything that it checked works.
    Probed,
    /// Watchdog: the job is done already.
    NotNeeded,
    /// Job or watchdog: the error message could not be delivered.
    Abandoned,
}

impl Outcome {
    /// The name in logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
            Self::Limited => "limited",
            Self::Failed | Self::ReceiveFailed => "failed",
            Self::Unknown => "unknown",
            Self::Offered => "offered",
            Self::Late => "late",
            Self::Edited => "edited",
            Self::AlreadyDone => "already done",
            Self::Expired => "expired",
            Self::LeftToWatchdog => "left to the watchdog",
            Self::RefusedByDiscord => "refused by discord",
            Self::Notified => "told",
            Self::Unreachable => "unreachable",
            Self::Busy => "busy",
            Self::DiscordRateLimited => "held back",
            Self::Panicked => "panicked",
            Self::Probed => "probed",
            Self::NotNeeded => "not needed",
            Self::Waiting => "waiting",
            Self::AnotherVersion => "another version",
            Self::Abandoned => "abandoned",
        }
    }

    /// What the user saw, if this answered an interaction of this age in milliseconds; `None` for jobs, which
    /// have no such deadline. The result is `None` if they saw nothing yet, or if it is counted elsewhere.
    pub const fn user_outcome(self, age_ms: Option<u64>) -> Option<UserOutcome> {
        // Discord gives up after three seconds and shows "The application did not respond".
        if matches!(age_ms, Some(3_000..)) {
            return Some(UserOutcome::Failed);
        }
        match self {
            Self::Answered | Self::Offered => Some(match age_ms {
                None | Some(0..1_000) => UserOutcome::Under1s,
                Some(_) => UserOutcome::Under3s,
            }),
            Self::Refused | Self::Limited | Self::Unknown => Some(UserOutcome::Refused),
            Self::Failed | Self::Late | Self::Notified | Self::Unreachable => Some(UserOutcome::Failed),
            Self::Deferred => Some(UserOutcome::Deferred),
            Self::Edited => Some(UserOutcome::Done),
            Self::Expired => Some(UserOutcome::Expired),
            Self::RefusedByDiscord | Self::Abandoned => Some(UserOutcome::Abandoned),
            Self::AlreadyDone
            | Self::LeftToWatchdog
            | Self::Probed
            | Self::Busy
            | Self::DiscordRateLimited
            | Self::ReceiveFailed
            | Self::Panicked
            | Self::NotNeeded
            | Self::Waiting
            | Self::AnotherVersion => None,
        }
    }

    /// Whether a receive of a job ended with a fault, by its outcome; `None` if that says nothing about this
    /// version: the job waits for Discord's rate limit or another receive, or it was done before. A watchdog
    /// fails only if it has to tell the user.
    pub const fn is_failed_receive(self, is_watchdog: bool) -> Option<bool> {
        match self {
            Self::Edited | Self::Refused | Self::RefusedByDiscord | Self::Probed => Some(false),
            Self::ReceiveFailed
            | Self::Panicked
            | Self::Notified
            | Self::Abandoned
            | Self::LeftToWatchdog => Some(true),
            Self::Waiting => {
                if is_watchdog {
                    None
                } else {
                    Some(true)
                }
            }
            // `Expired` is also a redriven job that was done.
            Self::Expired
            | Self::AlreadyDone
            | Self::Busy
            | Self::DiscordRateLimited
            | Self::AnotherVersion
            | Self::Unreachable
            | Self::NotNeeded => None,
            // Of the interactions function, whose failures are seen by its users.
            Self::Answered
            | Self::Deferred
            | Self::Limited
            | Self::Failed
            | Self::Unknown
            | Self::Offered
            | Self::Late => None,
        }
    }
}

/// What the user of one interaction saw at the end of one unit of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserOutcome {
    /// The answer or the choices, within a second of the interaction's creation.
    Under1s,
    /// The answer or the choices, within Discord's three seconds.
    Under3s,
    /// An ephemeral reply that gives the reason.
    Refused,
    /// An error message with a reference; or "The application did not respond", if an answer of any kind
    /// came too late for Discord; or no choices.
    Failed,
    /// "thinking…". The end of the job is counted separately.
    Deferred,
    /// The deferred reply.
    Done,
    /// "thinking…" for good: the token expired before the reply was sent.
    Expired,
    /// Nothing more: no message could be delivered, or the user deleted it.
    Abandoned,
}

impl UserOutcome {
    /// All of them, in the order of table columns.
    pub const ALL: [Self; 8] = [
        Self::Under1s,
        Self::Under3s,
        Self::Refused,
        Self::Failed,
        Self::Deferred,
        Self::Done,
        Self::Expired,
        Self::Abandoned,
    ];

    /// The name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Under1s => "under_1s",
            Self::Under3s => "under_3s",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Deferred => "deferred",
            Self::Done => "done",
            Self::Expired => "expired",
            Self::Abandoned => "abandoned",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_calls_a_receive_that_failed_as_it_calls_an_interaction_and_nothing_else() {
        assert_eq!((Outcome::Failed.name(), Outcome::ReceiveFailed.name()), ("failed", "failed"));
        for other in
            [Outcome::Answered, Outcome::Edited, Outcome::Expired, Outcome::Abandoned, Outcome::Panicked]
        {
            assert_ne!(other.name(), "failed", "{other:?}");
        }
    }
}
