//! One receive of a deferred job.

use std::{ops::RangeInclusive, time::Duration};

use jiff::Timestamp;

use super::{
    Action, COMPLETE_RESERVE, Claimed, Course, Disposition, Event, NOTIFY_RESERVE, REPLY_RESERVE, Receive,
    Sent, Worked, end,
};
use crate::{
    FaultKind, deadline,
    job::{Target, Visibility, is_last, retry_in},
    measurement::Outcome,
    retry::MAX_WAIT_IN_PLACE,
};

/// The receives that send a watchdog message. The first receive needs none, because the second one repeats it if
/// it is killed. If both of these send one, the later watchdog finds that the user has been notified.
const WATCHDOG_RECEIVES: RangeInclusive<u32> = 2..=3;

/// One receive of a deferred job: claim it, work, reply, complete; otherwise retry later or notify the
/// user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobAttempt {
    receive: Receive,
    state: State,
}

/// The action whose result is awaited, and what the result decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Received,
    SettingWatchdog,
    Claiming,
    Working,
    /// The reply is replacing a message. If that message is gone, the reply becomes a follow-up with the
    /// visibility `if_gone`; if that is `None`, the receive ends.
    Editing {
        outcome: Outcome,
        if_gone: Option<Visibility>,
    },
    /// The public "thinking…" is being deleted, before an ephemeral rejection.
    Deleting,
    FollowingUp {
        outcome: Outcome,
    },
    /// The error message is being sent, for a fault that a retry would not fix.
    Notifying,
    Releasing(AfterRelease),
    Recording(AfterRelease),
    AskingWatchdog {
        if_undelivered: Outcome,
    },
    /// The error message is being sent on the last receive.
    GivingUp {
        if_undelivered: Outcome,
    },
    SilencingWatchdog,
    SendingAgain,
    Completing(Outcome),
    Ended,
}

/// What follows after the claim is released or the failure stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AfterRelease {
    /// The receive has failed. If it was the last one, the user is notified.
    Fail,
    /// The message is retried without another error message.
    Retry,
    /// The job waits for a Discord rate limit.
    WaitForRateLimit(Duration),
    /// The user is notified, unless the watchdog has done it. If that fails, this is the outcome.
    GiveUp(Outcome),
}

type Next = (State, Action);

impl JobAttempt {
    /// The state before [`Event::Received`].
    pub fn new(receive: Receive) -> Self {
        Self { receive, state: State::Received }
    }
}

impl Course for JobAttempt {
    fn next(self, event: Event, now: Timestamp) -> (Self, Action) {
        let (state, action) = Rules { receive: self.receive, now }.next(self.state, event);
        (Self { state, ..self }, action)
    }
}

/// The transitions, for one receive at one time.
struct Rules {
    receive: Receive,
    now: Timestamp,
}

impl Rules {
    fn next(&self, state: State, event: Event) -> Next {
        match (state, event) {
            // The watchdog goes first, because the environment may be killed at any later step. If the job
            // turns out to be done, the watchdog does nothing.
            (State::Received, Event::Received)
                if WATCHDOG_RECEIVES.contains(&self.receive.count) && !self.is_too_late() =>
            {
                (State::SettingWatchdog, Action::SetWatchdog)
            }
            (State::Received, Event::Received) | (State::SettingWatchdog, Event::WatchdogSet) => {
                (State::Claiming, Action::Claim)
            }
            (State::Claiming, Event::Claimed(claimed)) => self.claimed(claimed),
            (State::Working, Event::Worked(worked)) => self.worked(worked),
            (State::Editing { outcome, if_gone }, Event::Sent(sent)) => match (sent, if_gone) {
                (Sent::Accepted, _) => complete(outcome),
                // An earlier receive may have deleted the message to send an ephemeral rejection.
                (Sent::Gone, Some(to)) => self.follow_up(outcome, to),
                // The user has deleted the message.
                (Sent::Gone, None) => complete(Outcome::RefusedByDiscord),
                // The reply itself is at fault and would be refused again, so an error message replaces it.
                (Sent::Never, _) => self.notify(),
                (other, _) => self.undelivered(other, AfterRelease::Fail),
            },
            (State::Deleting, Event::Sent(sent)) => match sent {
                Sent::Accepted | Sent::Gone => self.follow_up(Outcome::Refused, Visibility::Ephemeral),
                // The message may still be there. A rejection that everyone can see is better than none.
                Sent::Never => self.edit(Outcome::Refused, Some(Visibility::Ephemeral)),
                Sent::Later if self.receive.is_last() => {
                    self.edit(Outcome::Refused, Some(Visibility::Ephemeral))
                }
                other => self.undelivered(other, AfterRelease::Fail),
            },
            (State::FollowingUp { outcome }, Event::Sent(Sent::Accepted)) => complete(outcome),
            (State::Notifying, Event::Sent(Sent::Accepted)) => complete(Outcome::Notified),
            (State::FollowingUp { .. } | State::Notifying, Event::Sent(sent)) => {
                self.undelivered(sent, AfterRelease::Retry)
            }
            (State::Releasing(after_release), Event::Released { lease_left }) => {
                self.released(after_release, lease_left)
            }
            (State::Recording(AfterRelease::GiveUp(if_undelivered)), Event::Recorded) => {
                self.give_up(if_undelivered)
            }
            (State::Recording(_), Event::Recorded) => retry(Outcome::ReceiveFailed, Duration::ZERO),
            (State::AskingWatchdog { .. }, Event::WatchdogAsked { has_notified: true })
            | (State::SilencingWatchdog, Event::WatchdogSilenced) => retry(Outcome::Notified, Duration::ZERO),
            (State::AskingWatchdog { if_undelivered }, Event::WatchdogAsked { has_notified: false }) => {
                self.notify_last(if_undelivered)
            }
            (State::GivingUp { .. }, Event::Sent(Sent::Accepted)) => {
                (State::SilencingWatchdog, Action::SilenceWatchdog)
            }
            (State::GivingUp { if_undelivered }, Event::Sent(_)) => self.end_unnotified(if_undelivered),
            (State::SendingAgain, Event::SentAgain { accepted: true }) => {
                (State::Ended, end(Outcome::DiscordRateLimited, Disposition::Delete))
            }
            (State::SendingAgain, Event::SentAgain { accepted: false }) => {
                (State::Recording(AfterRelease::Retry), Action::Record)
            }
            (State::Completing(outcome), Event::Completed) => {
                (State::Ended, end(outcome, Disposition::Delete))
            }
            // The event does not answer the last action, which is a defect of the loop. A later receive
            // starts over.
            _ => (State::Ended, end(Outcome::ReceiveFailed, Disposition::Retry)),
        }
    }

    fn claimed(&self, claimed: Claimed) -> Next {
        match claimed {
            // Work is pointless while Discord would refuse its reply. If Discord refuses requests until the
            // token has expired, do the work anyway, for its effect.
            Claimed::Mine { closed_until: Some(until) } if until <= self.receive.reply_until() => {
                self.wait_for_rate_limit(deadline::left(self.now, until))
            }
            Claimed::Mine { .. } => {
                (State::Working, Action::Work { within: self.receive.left(self.now, REPLY_RESERVE) })
            }
            Claimed::Done => (State::Ended, end(Outcome::AlreadyDone, Disposition::Delete)),
            Claimed::Busy { lease_until } if !self.receive.is_last() => {
                retry(Outcome::Busy, deadline::left(self.now, lease_until))
            }
            // This is the last chance to notify the user. If the other receive succeeds, it replaces our
            // message.
            Claimed::Busy { .. } => (State::Recording(AfterRelease::GiveUp(Outcome::Busy)), Action::Record),
            // The claim may have been made after all. The last receive must not run into it, so wait until
            // it expires.
            Claimed::Unknown if is_last(self.receive.count + 1) => {
                self.fail(self.receive.left(self.now, Duration::ZERO))
            }
            Claimed::Unknown => self.fail(Duration::ZERO),
        }
    }

    fn worked(&self, worked: Worked) -> Next {
        match worked {
            Worked::Reply(visibility) => {
                let is_new = matches!(self.receive.target, Target::New(_));
                self.edit(Outcome::Edited, is_new.then_some(visibility))
            }
            Worked::Rejection if self.is_too_late() => complete(Outcome::Expired),
            Worked::Rejection => match self.receive.target {
                Target::New(Visibility::Ephemeral) => self.edit(Outcome::Refused, None),
                Target::New(Visibility::Public) => {
                    (State::Deleting, Action::Delete { within: self.receive.left(self.now, NOTIFY_RESERVE) })
                }
                // The component's message stays as it is.
                Target::InPlace(_) => self.follow_up(Outcome::Refused, Visibility::Ephemeral),
            },
            Worked::Fault(FaultKind::Lasting) => self.notify(),
            Worked::Fault(FaultKind::Passing | FaultKind::Unavailable | FaultKind::Timeout) => {
                release(AfterRelease::Fail)
            }
        }
    }

    fn edit(&self, outcome: Outcome, if_gone: Option<Visibility>) -> Next {
        if self.is_too_late() {
            return complete(Outcome::Expired);
        }
        // An error message or a follow-up may come after this request.
        let more_to_say = self.receive.is_last() || if_gone.is_some();
        let kept = if more_to_say { NOTIFY_RESERVE } else { COMPLETE_RESERVE };
        let within = self.receive.left(self.now, kept);
        (State::Editing { outcome, if_gone }, Action::Edit { within })
    }

    fn follow_up(&self, outcome: Outcome, to: Visibility) -> Next {
        let within = self.receive.left(self.now, COMPLETE_RESERVE);
        (State::FollowingUp { outcome }, Action::FollowUp { to, within })
    }

    /// Notifies the user of a fault that a retry would not fix.
    fn notify(&self) -> Next {
        if self.is_too_late() {
            return complete(Outcome::Expired);
        }
        let within = self.receive.left(self.now, COMPLETE_RESERVE);
        (State::Notifying, Action::NotifyFailure { within })
    }

    /// Discord did not accept a request: it came too late or too early, or it failed.
    fn undelivered(&self, sent: Sent, otherwise: AfterRelease) -> Next {
        match sent {
            _ if self.is_too_late() => complete(Outcome::Expired),
            Sent::Expired => complete(Outcome::Expired),
            Sent::UnknownWebhook if !self.receive.webhook_may_appear(self.now) => {
                complete(Outcome::Unreachable)
            }
            Sent::Wait(wait) => self.wait_for_rate_limit(wait),
            Sent::Accepted | Sent::Gone | Sent::UnknownWebhook | Sent::Later | Sent::Never => {
                release(otherwise)
            }
        }
    }

    /// Waits for a Discord rate limit. A long wait is left to the queue, for exactly that time. A short one
    /// was already waited out in place without success, so the queue's backoff applies as well.
    fn wait_for_rate_limit(&self, wait: Duration) -> Next {
        let left = deadline::left(self.now, self.receive.reply_until());
        // The token expires before Discord accepts the reply.
        if wait > left {
            return complete(Outcome::Expired);
        }
        let is_long = wait > MAX_WAIT_IN_PLACE;
        let wait = if is_long { wait } else { retry_in(self.receive.count).max(wait).min(left) };
        release(AfterRelease::WaitForRateLimit(wait))
    }

    fn released(&self, after_release: AfterRelease, lease_left: Duration) -> Next {
        match after_release {
            AfterRelease::Fail => self.fail(lease_left),
            AfterRelease::Retry if self.receive.is_last() => {
                (State::Recording(AfterRelease::Retry), Action::Record)
            }
            AfterRelease::Retry | AfterRelease::GiveUp(_) => {
                retry(Outcome::ReceiveFailed, retry_in(self.receive.count).max(lease_left))
            }
            // Waiting is not a failure and must not end in the dead-letter queue, so after the last receive
            // a new message replaces the job. This ends when the token expires.
            AfterRelease::WaitForRateLimit(wait) if self.receive.is_last() => {
                (State::SendingAgain, Action::SendAgain { after: wait.max(lease_left) })
            }
            AfterRelease::WaitForRateLimit(wait) => retry(Outcome::DiscordRateLimited, wait.max(lease_left)),
        }
    }

    /// Handles a failed receive: the queue retries it, not before `not_before`; the last receive notifies
    /// the user.
    fn fail(&self, not_before: Duration) -> Next {
        if self.receive.is_last() {
            return (State::Recording(AfterRelease::GiveUp(Outcome::ReceiveFailed)), Action::Record);
        }
        retry(Outcome::ReceiveFailed, retry_in(self.receive.count).max(not_before))
    }

    /// If the watchdog may have run already, checks that it has not notified the user.
    fn give_up(&self, if_undelivered: Outcome) -> Next {
        if self.now >= deadline::watchdog_at(self.receive.interaction) {
            return (State::AskingWatchdog { if_undelivered }, Action::AskWatchdog);
        }
        self.notify_last(if_undelivered)
    }

    fn notify_last(&self, if_undelivered: Outcome) -> Next {
        if self.is_too_late() {
            return self.end_unnotified(if_undelivered);
        }
        let within = self.receive.left(self.now, COMPLETE_RESERVE);
        (State::GivingUp { if_undelivered }, Action::NotifyFailure { within })
    }

    fn end_unnotified(&self, if_undelivered: Outcome) -> Next {
        let is_expired = if_undelivered == Outcome::ReceiveFailed && self.is_too_late();
        retry(if is_expired { Outcome::Expired } else { if_undelivered }, Duration::ZERO)
    }

    fn is_too_late(&self) -> bool {
        self.receive.is_too_late(self.now)
    }
}

fn complete(outcome: Outcome) -> Next {
    (State::Completing(outcome), Action::Complete)
}

fn release(after_release: AfterRelease) -> Next {
    (State::Releasing(after_release), Action::Release)
}

/// Ends the receive. After the last one, the next delivery moves the message to the dead-letter queue.
fn retry(outcome: Outcome, after: Duration) -> Next {
    (State::Ended, end(outcome, Disposition::RetryAfter(after)))
}

#[cfg(test)]
mod tests;
