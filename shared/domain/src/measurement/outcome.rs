//! How a unit of work ended, and what its user saw of it.

/// How an interaction, a receive of a deferred job, or a run of its watchdog ended.
///
/// Logs, counts and alarms go by it. A new one does not compile until [`Outcome::name`] and
/// [`Outcome::user_outcome`] say what it is called and what the user saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Interaction: answered at once.
    Answered,
    /// Interaction: the queue has the job, and Discord shows "thinking…".
    Deferred,
    /// Interaction or job: an ephemeral reply said why not.
    Refused,
    /// Interaction: over a rate limit, until a time that the reply names.
    Limited,
    /// Interaction: a fault, shown as one sentence and a reference.
    Failed,
    /// Interaction: a command, button or form that this version does not know.
    Unknown,
    /// Autocomplete: choices were offered.
    Offered,
    /// Autocomplete: nothing was offered in time.
    Late,
    /// Job: the deferred reply was delivered.
    Edited,
    /// Job: an earlier receive had completed it.
    AlreadyDone,
    /// Job: the interaction's token expired before a reply could be given.
    Expired,
    /// Job: the message of the reply is gone, deleted by the user.
    RefusedByDiscord,
    /// Job or watchdog: the user was told that it failed.
    Told,
    /// Job: another receive holds the claim.
    Busy,
    /// Job: it waits for one of Discord's rate limits to end.
    HeldBack,
    /// Job or watchdog: this receive failed; a later one tries again, or it is a dead letter.
    ReceiveFailed,
    /// Job: the function's own code panicked outside the command.
    Panicked,
    /// Watchdog: the job is done.
    NotNeeded,
    /// Watchdog: somebody works on the job or on the watchdog itself; it looks again.
    Waiting,
    /// Watchdog: the user could not be told any more.
    Abandoned,
}

impl Outcome {
    /// As it is called in logs.
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
            Self::RefusedByDiscord => "refused by discord",
            Self::Told => "told",
            Self::Busy => "busy",
            Self::HeldBack => "held back",
            Self::Panicked => "panicked",
            Self::NotNeeded => "not needed",
            Self::Waiting => "waiting",
            Self::Abandoned => "abandoned",
        }
    }

    /// What the user saw of it, if the unit of work took `took_ms` milliseconds; `None` if nothing that
    /// is not counted elsewhere.
    pub const fn user_outcome(self, took_ms: u64) -> Option<UserOutcome> {
        match self {
            Self::Answered | Self::Offered => Some(match took_ms {
                0..1_000 => UserOutcome::Under1s,
                1_000..3_000 => UserOutcome::Under3s,
                // Discord gives up after three seconds and says that the application did not respond.
                3_000.. => UserOutcome::Failed,
            }),
            Self::Refused | Self::Limited | Self::Unknown => Some(UserOutcome::Refused),
            Self::Failed | Self::Late | Self::Told => Some(UserOutcome::Failed),
            Self::Deferred => Some(UserOutcome::Deferred),
            Self::Edited => Some(UserOutcome::Done),
            Self::Expired => Some(UserOutcome::Expired),
            Self::RefusedByDiscord | Self::Abandoned => Some(UserOutcome::Abandoned),
            Self::AlreadyDone
            | Self::Busy
            | Self::HeldBack
            | Self::ReceiveFailed
            | Self::Panicked
            | Self::NotNeeded
            | Self::Waiting => None,
        }
    }
}

/// What the user of one interaction saw at the end of one unit of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserOutcome {
    /// The answer, or the choices for an option, within a second.
    Under1s,
    /// The answer, within Discord's three seconds.
    Under3s,
    /// An ephemeral reply that says why not.
    Refused,
    /// An error message with a reference; or nothing, where the answer came after Discord's three
    /// seconds, or there were no choices to offer in time.
    Failed,
    /// "thinking…". What became of it is counted too, once it ends.
    Deferred,
    /// The reply that was deferred.
    Done,
    /// "thinking…" for good: the reply came too late to be shown.
    Expired,
    /// Nothing more: nobody could be told, or the message was gone.
    Abandoned,
}

impl UserOutcome {
    /// In the order of tables.
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

    /// As it is called in logs.
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
