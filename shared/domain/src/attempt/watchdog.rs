//! One receive of a watchdog message, which sends an error message if the user still has no reply shortly
//! before the interaction's token expires.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Action, COMPLETE_RESERVE, Cause, Claimed, Course, Disposition, Event, Failure, LAST_TRY_MARGIN, Receive,
    Sent, end,
};
use crate::{deadline, measurement::Outcome};

/// One receive of a watchdog message: claim the job; if it is neither done nor still coming, record that it
/// has failed and tell the user.
///
/// While the table is unavailable it comes back. When no receive can be at the job's work any more it tells
/// the user without the table; the job is then too late to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WatchdogRun {
    receive: Receive,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Received,
    Claiming,
    GivingUp,
    Notifying {
        is_claimed: bool,
    },
    /// That the user has been told is being recorded.
    Recording,
    /// The claim is being released. Then the receive ends.
    Releasing(Outcome, Disposition),
    Ended,
}

type Next = (State, Action);

impl WatchdogRun {
    /// The state before [`Event::Received`].
    pub fn new(receive: Receive) -> Self {
        Self { receive, state: State::Received }
    }
}

impl Course for WatchdogRun {
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
            (State::Received, Event::Received) => (State::Claiming, Action::Claim),
            (State::Claiming, Event::Claimed(claimed)) => self.claimed(claimed),
            (State::GivingUp, Event::Recorded { is_certain: true }) => self.notify(true),
            (State::GivingUp, Event::Recorded { is_certain: false }) => self.without_table(),
            (State::Notifying { is_claimed }, Event::Sent(sent)) => self.notified(is_claimed, sent),
            (State::Recording, Event::Recorded { .. }) => {
                (State::Ended, end(Outcome::Notified, Disposition::Delete))
            }
            (State::Releasing(outcome, message), Event::Released { .. }) => {
                (State::Ended, end(outcome, message))
            }
            // The event does not answer the last action, which is a defect of the loop. A later receive
            // starts over.
            _ => (State::Ended, end(Outcome::ReceiveFailed, Disposition::Retry)),
        }
    }

    fn claimed(&self, claimed: Claimed) -> Next {
        match claimed {
            Claimed::Done => (State::Ended, end(Outcome::NotNeeded, Disposition::Delete)),
            Claimed::Mine { failure: Failure::Told, .. } => release(Outcome::NotNeeded, Disposition::Delete),
            Claimed::Mine { .. } if self.now > self.notify_until() => {
                release(Outcome::Abandoned, Disposition::Delete)
            }
            // The job is in the queue and comes back by itself as long as its reply can be given.
            Claimed::Mine { was_killed: false, .. } if self.now < self.receive.reply_until() => {
                let left = deadline::left(self.now, self.receive.reply_until());
                release(Outcome::Waiting, Disposition::RetryAfter(left))
            }
            Claimed::Mine { failure: Failure::Untold, .. } => self.notify(true),
            Claimed::Mine { failure: Failure::None, .. } => {
                (State::GivingUp, Action::GiveUp(Cause::Unfinished))
            }
            // A receive of the job is running; its result is needed first.
            Claimed::Busy { lease_until } if self.now < self.work_ends() => {
                let left = deadline::left(self.now, lease_until);
                (State::Ended, end(Outcome::Waiting, Disposition::RetryAfter(left)))
            }
            // It is another delivery of this message, which tells the user, or a redriven job.
            Claimed::Busy { .. } => {
                let left = deadline::left(self.now, self.notify_until()).saturating_sub(LAST_TRY_MARGIN);
                if left == Duration::ZERO {
                    return self.notify(false);
                }
                let pause = self.receive.pause().min(left);
                (State::Ended, end(Outcome::Waiting, Disposition::RetryAfter(pause)))
            }
            Claimed::Unknown => self.without_table(),
        }
    }

    /// The table is unavailable. A receive of the job may be at work, so the user is told when none can be
    /// any more.
    fn without_table(&self) -> Next {
        let left = deadline::left(self.now, self.work_ends());
        if left > Duration::ZERO {
            let pause = self.receive.pause().min(left);
            return release(Outcome::Waiting, Disposition::RetryAfter(pause));
        }
        self.notify(false)
    }

    fn notify(&self, is_claimed: bool) -> Next {
        let within = self.receive.left(self.now, COMPLETE_RESERVE);
        if self.now > self.notify_until() {
            return release(Outcome::Abandoned, Disposition::Delete);
        }
        (State::Notifying { is_claimed }, Action::NotifyFailure { within })
    }

    fn notified(&self, is_claimed: bool, sent: Sent) -> Next {
        let wait = match sent {
            Sent::Accepted if is_claimed => return (State::Recording, Action::RecordNotified),
            Sent::Accepted => return (State::Ended, end(Outcome::Notified, Disposition::Delete)),
            Sent::Wait(asked) => self.receive.wait(asked).max(self.receive.pause()),
            Sent::Later => self.receive.pause(),
            Sent::Gone | Sent::UnknownWebhook | Sent::Expired | Sent::Never => {
                return release(Outcome::Abandoned, Disposition::Delete);
            }
        };
        let left = deadline::left(self.now, self.notify_until());
        let asked = if let Sent::Wait(asked) = sent { asked } else { Duration::ZERO };
        if left == Duration::ZERO || asked > left {
            return release(Outcome::Abandoned, Disposition::Delete);
        }
        release(Outcome::Waiting, Disposition::RetryAfter(wait.min(left)))
    }

    fn work_ends(&self) -> Timestamp {
        deadline::work_ends(self.receive.interaction)
    }

    fn notify_until(&self) -> Timestamp {
        deadline::notify_until(self.receive.interaction)
    }
}

/// Releases the claim, or what may have become of it, without counting an attempt.
fn release(outcome: Outcome, message: Disposition) -> Next {
    (State::Releasing(outcome, message), Action::Release { is_attempt: false })
}

#[cfg(test)]
mod tests;
