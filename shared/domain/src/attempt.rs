//! One receive of a queue message, a deferred job or its watchdog, as a state machine without I/O.
//!
//! A [`Course`] ([`JobAttempt`] or [`WatchdogRun`]) takes the last [`Event`] and returns the next
//! [`Action`]. A loop in the jobs function performs the I/O of each action and reports the result as an
//! event. All rules about retries, attempts and error messages are in these two types; their property tests
//! cover every order of events.
//!
//! Waiting is not failing: while Discord, a table or the queue is unavailable, the message comes back until a
//! reply can no longer be given. Only faults of the command itself are counted as attempts.

mod job;
mod watchdog;

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    Fault, FaultKind, InteractionId, deadline,
    job::{Target, Visibility},
    measurement::Outcome,
};

pub use job::JobAttempt;
pub use watchdog::WatchdogRun;

/// The end of an invocation that the command's own work leaves for sending the reply, and for what may
/// follow: the error message and the claim.
const REPLY_RESERVE: Duration = Duration::from_secs(14);
/// The end that sending the reply leaves for an error message or a follow-up after it, and for the claim.
const NOTIFY_RESERVE: Duration = Duration::from_secs(8);
/// The end that every request to Discord leaves for completing or releasing the claim.
const COMPLETE_RESERVE: Duration = Duration::from_secs(4);

/// How long after the interaction's creation Discord may still learn of its response. Until then an unknown
/// webhook is a reason to wait; after that Discord has told the user that the bot did not respond.
const WEBHOOK_APPEARS_WITHIN: Duration = Duration::from_secs(30);
/// How long before the last moment for a reply the last try begins.
const LAST_TRY_MARGIN: Duration = Duration::from_secs(3);

/// One receive of a queue message: what is known before anything is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receive {
    /// The interaction that the message belongs to. The expiry of its token follows from its id.
    pub interaction: InteractionId,
    /// SQS's receive count of the message, from 1, including this receive. It sets the pauses and counts no
    /// attempts: a receive may end before any attempt.
    pub count: u32,
    /// When this invocation times out.
    pub ends: Timestamp,
    /// Where the reply goes, and who can see it.
    pub target: Target,
    /// Whether this version knows the command.
    pub is_known: bool,
    /// Whether an operator has sent it back from the dead-letter queue. Such a job is executed even if it is too
    /// late for a reply, and fails at the first fault.
    pub is_redriven: bool,
    /// A random number in 0..1000, for the jitter of the pauses.
    pub jitter: u32,
}

impl Receive {
    fn reply_until(&self) -> Timestamp {
        deadline::reply_until(self.interaction)
    }

    fn is_too_late(&self, now: Timestamp) -> bool {
        now > self.reply_until()
    }

    /// Whether Discord may still learn of the response that the reply belongs to.
    fn webhook_may_appear(&self, now: Timestamp) -> bool {
        now < deadline::later(self.interaction.created_at(), WEBHOOK_APPEARS_WITHIN)
    }

    /// The time until the invocation ends, less `kept`, which is reserved for later steps.
    fn left(&self, now: Timestamp, kept: Duration) -> Duration {
        deadline::left(now, self.ends).saturating_sub(kept)
    }

    /// The pause before the next receive: 2, 8, 20, 40, 60, 60 ... s and up to a quarter more.
    fn pause(&self) -> Duration {
        self.jittered(retry_in(self.count))
    }

    fn jittered(&self, pause: Duration) -> Duration {
        pause + self.jitter(pause / 4)
    }

    /// A random time below `most`.
    fn jitter(&self, most: Duration) -> Duration {
        most * self.jitter / 1_000
    }

    /// `pause`, but no longer than until the last try for a reply; `None` if that has begun.
    fn pause_in_time(&self, pause: Duration, now: Timestamp) -> Option<Duration> {
        let left = deadline::left(now, self.reply_until()).saturating_sub(LAST_TRY_MARGIN);
        (left > Duration::ZERO).then(|| pause.min(left))
    }

    /// A time that Discord asked for, plus jitter, so that not everything that has waited comes at once.
    fn wait(&self, asked: Duration) -> Duration {
        asked + self.jitter(MAX_WAIT_JITTER.min(asked / 2))
    }
}

/// The pause after the n-th receive (1, 2, ...) that has to wait.
///
/// The user is waiting, so the first ones are short. 14 minutes take 17 receives.
fn retry_in(n: u32) -> Duration {
    Duration::from_secs(match n {
        0 | 1 => 2,
        2 => 8,
        3 => 20,
        4 => 40,
        _ => 60,
    })
}

/// The longest jitter of a time that Discord asked for.
const MAX_WAIT_JITTER: Duration = Duration::from_secs(15);

/// The state machine of one receive. Its next step depends on its state, the event and the time alone.
pub trait Course: Copy {
    /// The next state, and what to do after `event` at the time `now`. The first event is
    /// [`Event::Received`], the last action is [`Action::End`].
    #[must_use]
    fn next(self, event: Event, now: Timestamp) -> (Self, Action);
}

/// What to do next. Each action but [`Action::End`] is answered by the event that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Claim the job; a job's own receive counts an attempt. Meanwhile load the Discord rate limits that other
    /// environments have stored. Answered by [`Event::Claimed`].
    Claim,
    /// Run the command's deferred work. Answered by [`Event::Worked`].
    Work {
        /// The time limit.
        within: Duration,
    },
    /// Replace the deferred message, or the message that the component is on, with the reply. Answered by
    /// [`Event::Sent`].
    Edit {
        /// The time limit, including retries.
        within: Duration,
    },
    /// Delete the deferred message: otherwise the next follow-up would replace it and keep its visibility.
    /// Answered by [`Event::Sent`]; a message that is already deleted counts as [`Sent::Accepted`].
    Delete {
        /// The time limit, including retries.
        within: Duration,
    },
    /// Send the reply as a follow-up. Answered by [`Event::Sent`].
    FollowUp {
        /// Its visibility.
        to: Visibility,
        /// The time limit, including retries.
        within: Duration,
    },
    /// Record in the claim that the job has failed for good, before the user is told: no later receive does
    /// its work. Answered by [`Event::Recorded`].
    GiveUp(Cause),
    /// Send the error message, unless a reply has been delivered already. Answered by [`Event::Sent`].
    NotifyFailure {
        /// The time limit, including retries.
        within: Duration,
    },
    /// Record in the claim that the user has been told, and release it. Answered by [`Event::Recorded`].
    RecordNotified,
    /// Send the message to the dead-letter queue. Answered by [`Event::DeadLettered`].
    DeadLetter,
    /// Release the claim. Answered by [`Event::Released`].
    Release {
        /// Whether this receive stays counted as an attempt.
        is_attempt: bool,
    },
    /// Complete the claim, so that no later receive repeats the work. Answered by [`Event::Completed`].
    Complete,
    /// Stop: the receive has ended.
    End(Ended),
}

/// Why a job has failed for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The last fault of this receive.
    Fault,
    /// Its attempts are used up, and none of them came to an end: they were killed.
    Killed,
    /// The reply can no longer be given.
    TooLate,
    /// No version that knows the command has come in time.
    UnknownCommand,
    /// Nothing is heard of the job when its watchdog runs.
    Unfinished,
}

impl Cause {
    /// `component: code` as in the log, for [`Cause::Fault`] of this fault.
    pub fn text(self, fault: Option<&Fault>) -> String {
        let text = match self {
            Self::Fault => return fault.map_or_else(|| "job: unknown".to_owned(), ToString::to_string),
            Self::Killed => "job: every attempt was killed",
            Self::TooLate => "job: too late for a reply",
            Self::UnknownCommand => "job: unknown command",
            Self::Unfinished => "watchdog: the job has not ended",
        };
        text.to_owned()
    }
}

/// What has happened: the message was received, or an action has a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The queue has delivered the message.
    Received,
    /// Result of [`Action::Claim`].
    Claimed(Claimed),
    /// Result of [`Action::Work`].
    Worked(Worked),
    /// Result of [`Action::Edit`], [`Action::Delete`], [`Action::FollowUp`] or [`Action::NotifyFailure`].
    Sent(Sent),
    /// Result of [`Action::GiveUp`] or [`Action::RecordNotified`].
    Recorded {
        /// Whether it stands in the claim for certain.
        is_certain: bool,
    },
    /// Result of [`Action::DeadLetter`].
    DeadLettered {
        /// Whether the queue accepted it.
        accepted: bool,
    },
    /// Result of [`Action::Release`].
    Released {
        /// Zero if the claim was released; otherwise how long its lease still lasts.
        lease_left: Duration,
    },
    /// Result of [`Action::Complete`].
    Completed,
}

/// The result of claiming a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// This receive holds the claim until its invocation ends.
    Mine {
        /// How many attempts of the job have begun, including this one.
        attempts: u32,
        /// Whether the job has failed for good.
        failure: Failure,
        /// Whether the last holder was killed: its lease ended before it released the claim.
        was_killed: bool,
        /// A Discord rate limit, found by any environment, that blocks the reply until then; `None` if
        /// there is none.
        closed_until: Option<Timestamp>,
    },
    /// An earlier receive has completed it.
    Done,
    /// Another receive holds the claim.
    Busy {
        /// When its lease expires.
        lease_until: Timestamp,
    },
    /// The table did not answer, so the claim may or may not have been made.
    Unknown,
}

/// Whether a job has failed for good, as its claim says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It has not.
    None,
    /// It has, and the user may not know yet.
    Untold,
    /// It has, and the user has been told.
    Told,
}

/// The result of the command's deferred work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    /// A reply, and who may see it.
    Reply(Visibility),
    /// A rejection, shown to the user alone.
    Rejection,
    /// A fault, of this kind.
    Fault(FaultKind),
}

/// The result of a request to Discord, after the quick retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Discord accepted it.
    Accepted,
    /// The message does not exist: it was deleted.
    Gone,
    /// Discord does not know the webhook: it has not received our response yet, or never will.
    UnknownWebhook,
    /// The interaction's token has expired.
    Expired,
    /// Rate limited: Discord accepts it after this time.
    Wait(Duration),
    /// It failed, and a later try may succeed.
    Later,
    /// Discord refused it, and would refuse the same request again.
    Never,
}

/// How a receive ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The outcome for logs and counters.
    pub outcome: Outcome,
    /// What happens to the queue message.
    pub message: Disposition,
}

/// What happens to a received message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// The message is done and leaves the queue.
    Delete,
    /// It becomes visible again after this time.
    RetryAfter(Duration),
    /// It becomes visible again after the queue's own visibility timeout.
    Retry,
}

fn end(outcome: Outcome, message: Disposition) -> Action {
    Action::End(Ended { outcome, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_in_time_up_to_the_millisecond_and_later_steps_keep_their_share() {
        let interaction = InteractionId::new(175_928_847_299_117_063).unwrap();
        let last = deadline::reply_until(interaction);
        let ends = last + Duration::from_secs(10);
        let receive = Receive {
            interaction,
            count: 1,
            ends,
            target: Target::New(Visibility::Ephemeral),
            is_known: true,
            is_redriven: false,
            jitter: 0,
        };
        assert!(!receive.is_too_late(last));
        assert!(receive.is_too_late(last + Duration::from_millis(1)));
        assert_eq!(receive.left(last, NOTIFY_RESERVE), Duration::from_secs(2));
        assert_eq!(receive.left(last, REPLY_RESERVE), Duration::ZERO);
    }
}
