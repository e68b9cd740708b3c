//! One receive of a queue message, a deferred job or its watchdog, as a state machine without I/O.
//!
//! A [`Course`] ([`JobAttempt`] or [`WatchdogRun`]) takes the last [`Event`] and returns the next
//! [`Action`]. A loop in the jobs function performs the I/O of each action and reports the result as an
//! event. All rules about retries, the last receive and error messages are in these two types; their
//! property tests cover every order of events.

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

/// The end of an invocation that the command's own work leaves for sending the reply, and for what may
/// follow: the error message and the claim.
const REPLY_RESERVE: Duration = Duration::from_secs(12);
/// The end that sending the reply leaves for the error message, should the reply fail on the last receive,
/// and for the claim.
const NOTIFY_RESERVE: Duration = Duration::from_secs(6);
/// The end that every request to Discord leaves for completing or releasing the claim. A table request
/// takes 1.2 s at most.
const COMPLETE_RESERVE: Duration = Duration::from_secs(2);

/// How long after the interaction's creation Discord may still learn of its response. Until then an unknown
/// webhook is a reason to wait; after that Discord has told the user that the bot did not respond.
const WEBHOOK_APPEARS_WITHIN: Duration = Duration::from_secs(30);

/// One receive of a queue message: what is known before anything is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receive {
    /// The interaction that the message belongs to. The expiry of its token follows from its id.
    pub interaction: InteractionId,
    /// SQS's receive count of the message, from 1, including this receive.
    pub count: u32,
    /// When this invocation times out.
    pub ends: Timestamp,
    /// Where the reply goes, and who can see it.
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

    /// Whether Discord may still learn of the response that the reply belongs to.
    fn webhook_may_appear(&self, now: Timestamp) -> bool {
        now < deadline::later(self.interaction.created_at(), WEBHOOK_APPEARS_WITHIN)
    }

    /// The time until the invocation ends, less `kept`, which is reserved for later steps.
    fn left(&self, now: Timestamp, kept: Duration) -> Duration {
        deadline::left(now, self.ends).saturating_sub(kept)
    }
}

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
    /// Send the watchdog message. Answered by [`Event::WatchdogSet`], even if the queue did not accept it.
    SetWatchdog,
    /// Claim the job or the watchdog message; meanwhile load the Discord rate limits that other
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
    /// Send the error message, unless a reply has been delivered already. Answered by [`Event::Sent`].
    NotifyFailure {
        /// The time limit, including retries.
        within: Duration,
    },
    /// Read whether the watchdog has notified the user. Answered by [`Event::WatchdogAsked`].
    AskWatchdog,
    /// Record that the user has been notified, so that the watchdog does not do it again. Answered by
    /// [`Event::WatchdogSilenced`].
    SilenceWatchdog,
    /// Read the state of the watched job. Answered by [`Event::JobAsked`].
    AskJob,
    /// Release the claim. Answered by [`Event::Released`].
    Release,
    /// Store the reason of the failure, for the operator who reads the dead-letter queue. Answered by
    /// [`Event::Recorded`].
    Record,
    /// Send the job as a new message, which starts with a receive count of 1. Answered by
    /// [`Event::SentAgain`].
    SendAgain {
        /// The delay of the new message.
        after: Duration,
    },
    /// Complete the claim, so that no later receive repeats the work. Answered by [`Event::Completed`].
    Complete,
    /// Stop: the receive has ended.
    End(Ended),
}

/// What has happened: the message was received, or an action has a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The queue has delivered the message.
    Received,
    /// Result of [`Action::SetWatchdog`].
    WatchdogSet,
    /// Result of [`Action::Claim`].
    Claimed(Claimed),
    /// Result of [`Action::Work`].
    Worked(Worked),
    /// Result of [`Action::Edit`], [`Action::Delete`], [`Action::FollowUp`] or [`Action::NotifyFailure`].
    Sent(Sent),
    /// Result of [`Action::AskWatchdog`].
    WatchdogAsked {
        /// Whether it has notified the user. False if the table is unavailable: a second error message is
        /// better than none.
        has_notified: bool,
    },
    /// Result of [`Action::SilenceWatchdog`].
    WatchdogSilenced,
    /// Result of [`Action::AskJob`].
    JobAsked(JobState),
    /// Result of [`Action::Release`].
    Released {
        /// Zero if the claim was released; otherwise how long its lease still lasts.
        lease_left: Duration,
    },
    /// Result of [`Action::Record`].
    Recorded,
    /// Result of [`Action::SendAgain`].
    SentAgain {
        /// Whether the queue accepted it.
        accepted: bool,
    },
    /// Result of [`Action::Complete`].
    Completed,
}

/// The result of claiming a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// This receive holds the claim until its invocation ends.
    Mine {
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

/// The state of the watched job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Completed.
    Done,
    /// A receive holds its claim.
    Busy {
        /// When its lease expires.
        lease_until: Timestamp,
    },
    /// Not completed, and no receive holds its claim.
    Free,
    /// The table did not answer.
    Unknown,
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
    /// It becomes visible again after this time; after the last receive the queue moves it to the
    /// dead-letter queue.
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
        let receive = Receive { interaction, count: 1, ends, target: Target::New(Visibility::Ephemeral) };
        assert!(!receive.is_too_late(last));
        assert!(receive.is_too_late(last + Duration::from_millis(1)));
        assert_eq!(receive.left(last, NOTIFY_RESERVE), Duration::from_secs(4));
        assert_eq!(receive.left(last, REPLY_RESERVE), Duration::ZERO);
    }
}
