//! One receive of a deferred job.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Action, COMPLETE_RESERVE, Cause, Claimed, Course, Disposition, Event, Failure, NOTIFY_RESERVE,
    REPLY_RESERVE, Receive, Sent, Worked, end, retry_in,
};
use crate::{
    FaultKind, deadline,
    job::{ANOTHER_VERSION_IN, MAX_ATTEMPTS, Target, Visibility},
    measurement::Outcome,
    retry::MAX_WAIT_IN_PLACE,
};

/// One receive of a deferred job: claim it, work, reply, complete. While a service is unavailable it comes
/// back; at its end the failure is recorded, the user is told, and the job goes to the dead-letter queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobAttempt {
    receive: Receive,
    /// How many attempts have begun, including this one; 0 before the claim.
    attempts: u32,
    state: State,
}

/// The action whose result is awaited, and what the result decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Received,
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
    /// The claim is being released. Then the receive ends.
    Releasing(Outcome, Disposition),
    /// The failure is being recorded.
    GivingUp(AfterNotice),
    /// The error message is being sent.
    Notifying(AfterNotice),
    DeadLettering(Outcome),
    Completing(Outcome),
    Ended,
}

/// What follows when the user has been told that the job has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AfterNotice {
    /// The job goes to the dead-letter queue.
    DeadLetter,
    /// The job ends: a repetition would fail the same way.
    Complete,
}

type Next = (State, Action);

impl JobAttempt {
    /// The state before [`Event::Received`].
    pub fn new(receive: Receive) -> Self {
        Self { receive, attempts: 0, state: State::Received }
    }
}

impl Course for JobAttempt {
    fn next(self, event: Event, now: Timestamp) -> (Self, Action) {
        let attempts = match event {
            // A redriven job has one attempt; its receives count those that were killed.
            Event::Claimed(Claimed::Mine { .. }) if self.receive.is_redriven => self.receive.count,
            Event::Claimed(Claimed::Mine { attempts, .. }) => attempts,
            _ => self.attempts,
        };
        let (state, action) = Rules { receive: self.receive, attempts, now }.next(self.state, event);
        (Self { attempts, state, ..self }, action)
    }
}

/// The transitions, for one receive at one time.
struct Rules {
    receive: Receive,
    attempts: u32,
    now: Timestamp,
}

impl Rules {
    fn next(&self, state: State, event: Event) -> Next {
        match (state, event) {
            (State::Received, Event::Received) if !self.receive.is_known && !self.is_too_late() => {
                come_back(Outcome::AnotherVersion, ANOTHER_VERSION_IN)
            }
            (State::Received, Event::Received) => (State::Claiming, Action::Claim),
            (State::Claiming, Event::Claimed(claimed)) => self.claimed(claimed),
            (State::Working, Event::Worked(worked)) => self.worked(worked),
            (State::Editing { outcome, if_gone }, Event::Sent(sent)) => match (sent, if_gone) {
                (Sent::Accepted, _) => complete(outcome),
                // An earlier receive may have deleted the message to send an ephemeral rejection.
                (Sent::Gone, Some(to)) => self.follow_up(outcome, to),
                // The user has deleted the message.
                (Sent::Gone, None) => complete(Outcome::RefusedByDiscord),
                (other, _) => self.undelivered(other),
            },
            (State::Deleting, Event::Sent(sent)) => match sent {
                Sent::Accepted | Sent::Gone => self.follow_up(Outcome::Refused, Visibility::Ephemeral),
                // The message may still be there. A rejection that everyone can see is better than none.
                Sent::Never => self.edit(Outcome::Refused, Some(Visibility::Ephemeral)),
                Sent::Later if self.is_last_try() => self.edit(Outcome::Refused, Some(Visibility::Ephemeral)),
                other => self.undelivered(other),
            },
            (State::FollowingUp { outcome }, Event::Sent(Sent::Accepted)) => complete(outcome),
            (State::FollowingUp { .. }, Event::Sent(sent)) => self.undelivered(sent),
            (State::Releasing(outcome, after), Event::Released { lease_left }) => {
                let message = match after {
                    Disposition::RetryAfter(after) => Disposition::RetryAfter(after.max(lease_left)),
                    other => other,
                };
                (State::Ended, end(outcome, message))
            }
            (State::GivingUp(then), Event::Recorded { is_certain: true }) => self.notify(then),
            // If the user were told now, a later receive could do the work all the same.
            (State::GivingUp(_), Event::Recorded { is_certain: false }) => self.wait(true),
            (State::Notifying(then), Event::Sent(sent)) => self.notified(then, sent),
            // The watchdog still tells the user, so the claim stays open, and what the user saw is counted there.
            (State::DeadLettering(Outcome::Expired), Event::DeadLettered { accepted: true })
                if self.now < deadline::notify_until(self.receive.interaction) =>
            {
                release(Outcome::LeftToWatchdog, Disposition::Delete, false)
            }
            (State::DeadLettering(outcome), Event::DeadLettered { accepted: true }) => complete(outcome),
            (State::DeadLettering(_), Event::DeadLettered { accepted: false }) => self.wait(false),
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
            Claimed::Mine { failure: Failure::Told, .. } => dead_letter(Outcome::AlreadyDone),
            Claimed::Mine { failure: Failure::Untold, .. } => self.notify(AfterNotice::DeadLetter),
            Claimed::Mine { .. } if self.attempts > MAX_ATTEMPTS => give_up(Cause::Killed),
            Claimed::Mine { .. } if !self.receive.is_known => give_up(Cause::UnknownCommand),
            // The watchdog may have told the user that it failed, so the work must not be done any more.
            Claimed::Mine { .. } if self.is_too_late() && !self.receive.is_redriven => {
                give_up(Cause::TooLate)
            }
            // Work is pointless while Discord would refuse its reply. If Discord refuses requests until the
            // token has expired, do the work anyway, for its effect.
            Claimed::Mine { closed_until: Some(until), .. } if until <= self.receive.reply_until() => {
                self.wait_for_rate_limit(deadline::left(self.now, until))
            }
            Claimed::Mine { .. } => {
                (State::Working, Action::Work { within: self.receive.left(self.now, REPLY_RESERVE) })
            }
            Claimed::Done => (State::Ended, end(Outcome::AlreadyDone, Disposition::Delete)),
            Claimed::Busy { lease_until } => come_back(Outcome::Busy, deadline::left(self.now, lease_until)),
            // The claim may have been made after all.
            Claimed::Unknown => self.wait(false),
        }
    }

    fn worked(&self, worked: Worked) -> Next {
        match worked {
            Worked::Reply(visibility) => {
                let is_new = matches!(self.receive.target, Target::New(_));
                self.edit(Outcome::Edited, is_new.then_some(visibility))
            }
            Worked::Rejection if self.is_too_late() => self.expired(),
            Worked::Rejection => match self.receive.target {
                Target::New(Visibility::Ephemeral) => self.edit(Outcome::Refused, None),
                Target::New(Visibility::Public) => {
                    (State::Deleting, Action::Delete { within: self.receive.left(self.now, NOTIFY_RESERVE) })
                }
                // The component's message stays as it is.
                Target::InPlace(_) => self.follow_up(Outcome::Refused, Visibility::Ephemeral),
            },
            Worked::Fault(FaultKind::Lasting) => {
                (State::GivingUp(AfterNotice::Complete), Action::GiveUp(Cause::Fault))
            }
            Worked::Fault(_) if self.is_last_try() => give_up(Cause::Fault),
            Worked::Fault(FaultKind::Unavailable) => self.wait(false),
            Worked::Fault(FaultKind::Passing | FaultKind::Timeout) if self.has_attempts_left() => {
                let pause = self.receive.jittered(retry_in(self.attempts));
                let pause = self.receive.pause_in_time(pause, self.now).unwrap_or(pause);
                release(Outcome::ReceiveFailed, Disposition::RetryAfter(pause), true)
            }
            Worked::Fault(FaultKind::Passing | FaultKind::Timeout) => give_up(Cause::Fault),
        }
    }

    fn edit(&self, outcome: Outcome, if_gone: Option<Visibility>) -> Next {
        if self.is_too_late() {
            return self.expired();
        }
        let within = self.receive.left(self.now, NOTIFY_RESERVE);
        (State::Editing { outcome, if_gone }, Action::Edit { within })
    }

    fn follow_up(&self, outcome: Outcome, to: Visibility) -> Next {
        let within = self.receive.left(self.now, COMPLETE_RESERVE);
        (State::FollowingUp { outcome }, Action::FollowUp { to, within })
    }

    /// Discord did not accept the reply: it came too late or too early, or it failed.
    fn undelivered(&self, sent: Sent) -> Next {
        match sent {
            Sent::Expired => complete(Outcome::Expired),
            _ if self.is_too_late() => self.expired(),
            Sent::UnknownWebhook if !self.receive.webhook_may_appear(self.now) => {
                complete(Outcome::Unreachable)
            }
            Sent::Wait(wait) => self.wait_for_rate_limit(wait),
            // The reply itself is at fault and would be refused again, so an error message replaces it.
            Sent::Never | Sent::Gone => {
                (State::GivingUp(AfterNotice::Complete), Action::GiveUp(Cause::Fault))
            }
            Sent::UnknownWebhook | Sent::Later if self.is_last_try() => self.expired(),
            Sent::UnknownWebhook | Sent::Later | Sent::Accepted => self.wait(false),
        }
    }

    /// The work is done, but its reply has not been given in time. An operator sees that among the dead letters,
    /// and the watchdog has a little longer to tell the user. A redriven job is done for its effect alone.
    fn expired(&self) -> Next {
        if self.receive.is_redriven { complete(Outcome::Expired) } else { give_up(Cause::TooLate) }
    }

    /// Tells the user that the job has failed, if that is possible.
    fn notify(&self, then: AfterNotice) -> Next {
        if self.is_too_late() {
            return self.after_notice(then, Outcome::Expired);
        }
        let within = self.receive.left(self.now, COMPLETE_RESERVE);
        (State::Notifying(then), Action::NotifyFailure { within })
    }

    fn notified(&self, then: AfterNotice, sent: Sent) -> Next {
        let wait = match sent {
            Sent::Accepted => return self.after_notice(then, Outcome::Notified),
            Sent::UnknownWebhook if !self.receive.webhook_may_appear(self.now) => {
                return self.after_notice(then, Outcome::Unreachable);
            }
            Sent::Gone | Sent::Never => return self.after_notice(then, Outcome::Abandoned),
            Sent::Expired => return self.after_notice(then, Outcome::Expired),
            Sent::Wait(asked) if asked > deadline::left(self.now, self.receive.reply_until()) => {
                return self.after_notice(then, Outcome::Expired);
            }
            Sent::Wait(asked) => self.receive.wait(asked).max(self.receive.pause()),
            Sent::Later | Sent::UnknownWebhook => self.receive.pause(),
        };
        match self.receive.pause_in_time(wait, self.now) {
            Some(wait) => release(Outcome::Waiting, Disposition::RetryAfter(wait), false),
            None => self.after_notice(then, Outcome::Expired),
        }
    }

    fn after_notice(&self, then: AfterNotice, outcome: Outcome) -> Next {
        match then {
            AfterNotice::DeadLetter => dead_letter(outcome),
            AfterNotice::Complete => complete(outcome),
        }
    }

    /// Waits for a Discord rate limit. A long wait is left to the queue, for exactly that time. A short one
    /// was already waited out in place without success, so the queue's pause applies as well.
    fn wait_for_rate_limit(&self, asked: Duration) -> Next {
        let left = deadline::left(self.now, self.receive.reply_until());
        // The reply can no longer be given when Discord accepts it.
        if asked > left {
            return self.expired();
        }
        let is_long = asked > MAX_WAIT_IN_PLACE;
        let wait = self.receive.wait(asked);
        let wait = if is_long { wait } else { wait.max(self.receive.pause()) };
        release(Outcome::DiscordRateLimited, Disposition::RetryAfter(wait.min(left)), false)
    }

    /// Waits for a service. If a reply can still be given, the job comes back before that time is over.
    fn wait(&self, is_attempt: bool) -> Next {
        let pause = self.receive.pause();
        let pause = self.receive.pause_in_time(pause, self.now).unwrap_or(pause);
        release(Outcome::Waiting, Disposition::RetryAfter(pause), is_attempt)
    }

    /// Whether a fault of this receive is not its last.
    fn has_attempts_left(&self) -> bool {
        self.attempts < MAX_ATTEMPTS && !self.receive.is_redriven
    }

    /// Whether the next receive would be too late for a reply.
    fn is_last_try(&self) -> bool {
        self.receive.pause_in_time(Duration::ZERO, self.now).is_none()
    }

    fn is_too_late(&self) -> bool {
        self.receive.is_too_late(self.now)
    }
}

fn complete(outcome: Outcome) -> Next {
    (State::Completing(outcome), Action::Complete)
}

fn give_up(cause: Cause) -> Next {
    (State::GivingUp(AfterNotice::DeadLetter), Action::GiveUp(cause))
}

fn dead_letter(outcome: Outcome) -> Next {
    (State::DeadLettering(outcome), Action::DeadLetter)
}

/// Releases the claim, or what may have become of it.
fn release(outcome: Outcome, message: Disposition, is_attempt: bool) -> Next {
    (State::Releasing(outcome, message), Action::Release { is_attempt })
}

fn come_back(outcome: Outcome, after: Duration) -> Next {
    (State::Ended, end(outcome, Disposition::RetryAfter(after)))
}

#[cfg(test)]
mod tests;
