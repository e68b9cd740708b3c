//! A receive of a watchdog message: the user who has heard nothing when the token is about to expire is told.

use std::time::Duration;

use jiff::Timestamp;

use super::{Action, Claimed, Disposition, Event, FOR_THE_RECORD, JobState, Receive, Sent, end};
use crate::{deadline, job::retry_in, measurement::Outcome};

/// A receive of a watchdog message: claim, look at the job, tell the user if nobody has, complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WatchdogRun {
    receive: Receive,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Received,
    Claiming,
    AskingJob,
    Notifying,
    /// The claim is being given back; then it comes back with this outcome, not before this time.
    Releasing(Outcome, Duration),
    Completing(Outcome),
    Ended,
}

type Next = (State, Action);

impl WatchdogRun {
    /// Before anything is done.
    pub fn new(receive: Receive) -> Self {
        Self { receive, state: State::Received }
    }

    /// As [`super::JobAttempt::next`].
    #[must_use]
    pub fn next(self, event: Event, now: Timestamp) -> (Self, Action) {
        let (state, action) = next(&self.receive, self.state, event, now);
        (Self { state, ..self }, action)
    }
}

fn next(receive: &Receive, state: State, event: Event, now: Timestamp) -> Next {
    let is_last = receive.is_last();
    let pause = retry_in(receive.count);
    match (state, event) {
        (State::Received, Event::Received) => (State::Claiming, Action::Claim),
        (State::Claiming, Event::Claimed(claimed)) => match claimed {
            Claimed::Mine { .. } => (State::AskingJob, Action::AskJob),
            Claimed::Done => (State::Ended, end(Outcome::NotNeeded, Disposition::Delete)),
            Claimed::Busy { lease_until } => retry(Outcome::Waiting, deadline::left(now, lease_until)),
            Claimed::Unknown => retry(Outcome::ReceiveFailed, pause),
        },
        (State::AskingJob, Event::JobAsked(job)) => match job {
            JobState::Done => complete(Outcome::NotNeeded),
            _ if receive.is_too_late(now) => complete(Outcome::Abandoned),
            // A receive of the job is at it now. A watchdog that has the time lets it end.
            JobState::Busy { lease_until } if !is_last && lease_until < receive.reply_until() => {
                release(Outcome::Waiting, deadline::left(now, lease_until))
            }
            JobState::Unknown if !is_last => release(Outcome::ReceiveFailed, pause),
            // Told without need is better than not told.
            JobState::Busy { .. } | JobState::Unknown | JobState::Free => {
                (State::Notifying, Action::NotifyFailure { within: receive.left(now, FOR_THE_RECORD) })
            }
        },
        (State::Notifying, Event::Sent(sent)) => match sent {
            Sent::Taken => complete(Outcome::Told),
            Sent::Wait(wait) if !is_last => release(Outcome::ReceiveFailed, pause.max(wait)),
            Sent::Later if !is_last => release(Outcome::ReceiveFailed, pause),
            Sent::Wait(_) | Sent::Later | Sent::Gone | Sent::Expired | Sent::Never => {
                complete(Outcome::Abandoned)
            }
        },
        (State::Releasing(outcome, after), Event::Released { .. }) => retry(outcome, after),
        (State::Completing(outcome), Event::Completed) => (State::Ended, end(outcome, Disposition::Delete)),
        // Not an answer to what was asked for: the loop is wrong, and a later receive starts anew.
        _ => (State::Ended, end(Outcome::ReceiveFailed, Disposition::Retry)),
    }
}

fn complete(outcome: Outcome) -> Next {
    (State::Completing(outcome), Action::Complete)
}

fn release(outcome: Outcome, after: Duration) -> Next {
    (State::Releasing(outcome, after), Action::Release)
}

fn retry(outcome: Outcome, after: Duration) -> Next {
    (State::Ended, end(outcome, Disposition::RetryAfter(after)))
}
