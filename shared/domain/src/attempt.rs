//! One receive of a deferred job, or of its watchdog, as a state machine without I/O.
//!
//! A [`Course`] takes what has just happened and says what to do next: [`JobAttempt`], [`WatchdogRun`]. One
//! loop in the jobs function obeys them: it does the I/O of an [`Action`] and reports an [`Event`]. Every
//! rule about retries, the last receive and what the user is told stands in these two, and their
//! property tests hold for every order of events.

mod job;
mod watchdog;

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    FaultKind, InteractionId, deadline,
    job::{Target, Visibility, is_last},
    measurement::Outcome,
};

pub use job::JobAttempt;
pub use watchdog::WatchdogRun;

/// Of an invocation, kept after the work for the reply with its retries, ...
const FOR_THE_REPLY: Duration = Duration::from_secs(12);
/// ... for telling the user if the reply fails on the last receive, ...
const FOR_TELLING: Duration = Duration::from_secs(6);
/// ... and for writing down what became of it.
const FOR_THE_RECORD: Duration = Duration::from_secs(2);

/// One receive of a queue message, and what is known of it before anything is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receive {
    /// Whose work it is: its id tells when the reply's token expires.
    pub interaction: InteractionId,
    /// How often the queue has handed the message out, this time included.
    pub count: u32,
    /// When this invocation ends.
    pub ends: Timestamp,
    /// Where the reply goes.
    pub target: Target,
}

impl Receive {
    fn is_last(&self) -> bool {
        is_last(self.count)
    }

    fn reply_until(&self) -> Timestamp {
        deadline::reply_until(self.interaction)
    }

    fn is_too_late(&self, now: Timestamp) -> bool {
        now > self.reply_until()
    }

    /// What is left of the invocation, less a part that is kept for later.
    fn left(&self, now: Timestamp, kept: Duration) -> Duration {
        deadline::left(now, self.ends).saturating_sub(kept)
    }
}

/// The course of a receive. What it says follows from its state, the event and the time alone.
pub trait Course: Copy {
    /// What to do after `event`, as of `now`. It begins with [`Event::Received`] and is over with
    /// [`Action::End`].
    #[must_use]
    fn next(self, event: Event, now: Timestamp) -> (Self, Action);
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send the watchdog message. [`Event::WatchdogSet`], whether or not the queue took it.
    SetWatchdog,
    /// Claim the work, and meanwhile load what Discord has said to other environments. [`Event::Claimed`].
    Claim,
    /// Run the command's own code. [`Event::Worked`].
    Work {
        /// For so long.
        within: Duration,
    },
    /// Replace the deferred message, or the component's, with the reply. [`Event::Sent`].
    Edit {
        /// Retries included.
        within: Duration,
    },
    /// Delete the deferred message: while it stands, the next message would take its place, with its
    /// visibility. [`Event::Sent`]; a message that was gone already counts as taken.
    Delete {
        /// Retries included.
        within: Duration,
    },
    /// Send the reply as a follow-up. [`Event::Sent`].
    FollowUp {
        /// To whom it is shown.
        to: Visibility,
        /// Retries included.
        within: Duration,
    },
    /// Tell the user that it failed, unless a reply stands already. [`Event::Sent`].
    NotifyFailure {
        /// Retries included.
        within: Duration,
    },
    /// Ask whether the watchdog has told the user. [`Event::WatchdogAsked`].
    AskWatchdog,
    /// Note that the watchdog has nothing left to tell. [`Event::WatchdogSilenced`].
    SilenceWatchdog,
    /// Ask how the watched job stands. [`Event::JobAsked`].
    AskJob,
    /// Give the claim back. [`Event::Released`].
    Release,
    /// Write down why, beside the dead letter that the message becomes. [`Event::Recorded`].
    Record,
    /// Send the job as a new message, whose receives are counted from one again. [`Event::SentAgain`].
    SendAgain {
        /// To be received after this.
        after: Duration,
    },
    /// Complete the claim: no later receive does it again. [`Event::Completed`].
    Complete,
    /// It is over.
    End(Ended),
}

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The queue has handed the message out.
    Received,
    /// Of [`Action::SetWatchdog`].
    WatchdogSet,
    /// Of [`Action::Claim`].
    Claimed(Claimed),
    /// Of [`Action::Work`].
    Worked(Worked),
    /// Of what was sent to Discord.
    Sent(Sent),
    /// Of [`Action::AskWatchdog`].
    WatchdogAsked {
        /// Whether it has told the user. False if the table did not answer: told twice beats not told.
        has_told: bool,
    },
    /// Of [`Action::SilenceWatchdog`].
    WatchdogSilenced,
    /// Of [`Action::AskJob`].
    JobAsked(JobState),
    /// Of [`Action::Release`].
    Released {
        /// For how long the claim lasts if it could not be given back; zero if it was.
        lease_left: Duration,
    },
    /// Of [`Action::Record`].
    Recorded,
    /// Of [`Action::SendAgain`].
    SentAgain {
        /// Whether the queue took it.
        taken: bool,
    },
    /// Of [`Action::Complete`].
    Completed,
}

/// What came of claiming the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// It is ours until the invocation ends.
    Mine {
        /// Discord wants no request before this, as any environment has heard.
        closed_until: Option<Timestamp>,
    },
    /// It has been completed before.
    Done,
    /// Another receive has it until then.
    Busy {
        /// When it may be taken over.
        lease_until: Timestamp,
    },
    /// The table did not answer; the claim may have been made all the same.
    Unknown,
}

/// How the watched job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Completed.
    Done,
    /// Claimed by a receive until then.
    Busy {
        /// When it may be taken over.
        lease_until: Timestamp,
    },
    /// Claimed by none.
    Free,
    /// The table did not answer.
    Unknown,
}

/// What came of the command's own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    /// A reply that these see.
    Reply(Visibility),
    /// A reason why not, for the user alone.
    Rejection,
    /// It failed.
    Fault(FaultKind),
}

/// What Discord made of a request, after the retries in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is done.
    Taken,
    /// The message is gone, or not there yet after all retries.
    Gone,
    /// The interaction's token has expired.
    Expired,
    /// Discord takes it after this, not before.
    Wait(Duration),
    /// It may take it later.
    Later,
    /// The same request would be refused again.
    Never,
}

/// How a receive ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// As it is counted and logged.
    pub outcome: Outcome,
    /// What becomes of the message.
    pub message: Disposition,
}

/// What becomes of a received message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// The queue deletes it.
    Delete,
    /// It becomes visible again after this, or is moved to the dead letters if that was its last receive.
    RetryAfter(Duration),
    /// As [`Disposition::RetryAfter`], after the queue's own visibility timeout.
    Retry,
}

fn end(outcome: Outcome, message: Disposition) -> Action {
    Action::End(Ended { outcome, message })
}
