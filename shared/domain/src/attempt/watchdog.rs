//! One receive of a watchdog message, which sends an error message if the user still has no reply shortly
//! before the interaction's token expires.

use std::time::Duration;

use jiff::Timestamp;

use super::{Action, COMPLETE_RESERVE, Claimed, Course, Disposition, Event, JobState, Receive, Sent, end};
use crate::{deadline, job::retry_in, measurement::Outcome};

/// One receive of a watchdog message: claim it, read the state of the job, notify the user if the job is
/// not done, complete.
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
    /// The claim is being released. The receive then ends with this outcome, and the message becomes
    /// visible again after this time.
    Releasing(Outcome, Duration),
    Completing(Outcome),
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
            // A receive of the job is running. If there is time, wait for its result.
            JobState::Busy { lease_until } if !is_last && lease_until < receive.reply_until() => {
                release(Outcome::Waiting, deadline::left(now, lease_until))
            }
            JobState::Unknown if !is_last => release(Outcome::ReceiveFailed, pause),
            // If in doubt, notify: an unneeded error message is better than none.
            JobState::Busy { .. } | JobState::Unknown | JobState::Free => {
                (State::Notifying, Action::NotifyFailure { within: receive.left(now, COMPLETE_RESERVE) })
            }
        },
        (State::Notifying, Event::Sent(sent)) => match sent {
            Sent::Accepted => complete(Outcome::Notified),
            Sent::Wait(wait) if !is_last => release(Outcome::ReceiveFailed, pause.max(wait)),
            Sent::Later if !is_last => release(Outcome::ReceiveFailed, pause),
            Sent::Wait(_) | Sent::Later | Sent::Gone | Sent::UnknownWebhook | Sent::Expired | Sent::Never => {
                complete(Outcome::Abandoned)
            }
        },
        (State::Releasing(outcome, after), Event::Released { .. }) => retry(outcome, after),
        (State::Completing(outcome), Event::Completed) => (State::Ended, end(outcome, Disposition::Delete)),
        // The event does not answer the last action, which is a defect of the loop. A later receive starts
        // over.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::Ended, *};
    use crate::{
        InteractionId,
        job::{MAX_RECEIVES, Target, Visibility},
    };

    const CREATED_AT_MS: u64 = 1_800_000_000_000;
    /// When a watchdog runs: 12.5 minutes after the interaction's creation.
    const WATCHDOG_RUNS_MS: u64 = 750_000;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_millisecond((CREATED_AT_MS + ms) as i64).unwrap()
    }

    fn receive(count: u32, begun_ms: u64) -> Receive {
        let interaction = InteractionId::new((CREATED_AT_MS - 1_420_070_400_000) << 22).unwrap();
        let target = Target::New(Visibility::Ephemeral);
        Receive { interaction, count, ends: at(begun_ms + 30_000), target }
    }

    /// The names of its actions, and how it ended, given this state of the job and this result of sending.
    fn run(count: u32, begun_ms: u64, job: JobState, sent: Sent) -> (Vec<&'static str>, Ended) {
        let (mut run, mut event) = (WatchdogRun::new(receive(count, begun_ms)), Event::Received);
        let mut did = Vec::new();
        loop {
            let (next, action) = run.next(event, at(begun_ms));
            run = next;
            (event, _) = match action {
                Action::Claim => (Event::Claimed(Claimed::Mine { closed_until: None }), did.push("claim")),
                Action::AskJob => (Event::JobAsked(job), did.push("ask")),
                Action::NotifyFailure { .. } => (Event::Sent(sent), did.push("tell")),
                Action::Release => (Event::Released { lease_left: Duration::ZERO }, did.push("release")),
                Action::Complete => (Event::Completed, did.push("complete")),
                Action::End(ended) => return (did, ended),
                other => panic!("a watchdog does not {other:?}"),
            };
        }
    }

    #[test]
    fn a_user_whose_job_is_in_no_hands_is_told_and_one_whose_job_is_done_is_not() {
        let (did, ended) = run(1, WATCHDOG_RUNS_MS, JobState::Free, Sent::Accepted);
        assert_eq!((did, ended.outcome), (vec!["claim", "ask", "tell", "complete"], Outcome::Notified));
        let (did, ended) = run(1, WATCHDOG_RUNS_MS, JobState::Done, Sent::Accepted);
        assert_eq!((did, ended.outcome), (vec!["claim", "ask", "complete"], Outcome::NotNeeded));
    }

    #[test]
    fn a_receive_that_is_at_the_job_may_end_if_there_is_time() {
        let busy = |lease_ms| JobState::Busy { lease_until: at(lease_ms) };
        let (did, ended) = run(1, WATCHDOG_RUNS_MS, busy(WATCHDOG_RUNS_MS + 20_000), Sent::Accepted);
        assert_eq!((did, ended.outcome), (vec!["claim", "ask", "release"], Outcome::Waiting));
        assert_eq!(ended.message, Disposition::RetryAfter(Duration::from_secs(20)));
        let (_, ended) = run(1, WATCHDOG_RUNS_MS, busy(839_999), Sent::Accepted);
        assert_eq!(ended.outcome, Outcome::Waiting);
        for (count, lease_ms) in [(MAX_RECEIVES, WATCHDOG_RUNS_MS + 20_000), (1, 840_000)] {
            let (_, ended) = run(count, WATCHDOG_RUNS_MS, busy(lease_ms), Sent::Accepted);
            assert_eq!(ended.outcome, Outcome::Notified, "receive {count}, lease until {lease_ms}");
        }
    }

    #[test]
    fn discord_is_asked_again_until_the_last_receive() {
        let wait = Sent::Wait(Duration::from_secs(15));
        let (_, ended) = run(1, WATCHDOG_RUNS_MS, JobState::Free, wait);
        assert_eq!(ended.message, Disposition::RetryAfter(Duration::from_secs(15)));
        let (_, ended) = run(MAX_RECEIVES, WATCHDOG_RUNS_MS, JobState::Free, wait);
        assert_eq!((ended.outcome, ended.message), (Outcome::Abandoned, Disposition::Delete));
    }

    #[test]
    fn what_is_unknown_is_asked_again_until_the_last_receive() {
        for (job, sent, last) in [
            (JobState::Unknown, Sent::Accepted, Outcome::Notified),
            (JobState::Free, Sent::Later, Outcome::Abandoned),
        ] {
            for (count, seconds) in [(1, 2), (2, 8), (3, 20)] {
                let (_, ended) = run(count, WATCHDOG_RUNS_MS, job, sent);
                let message = Disposition::RetryAfter(Duration::from_secs(seconds));
                assert_eq!(ended, Ended { outcome: Outcome::ReceiveFailed, message });
            }
            assert_eq!(run(MAX_RECEIVES, WATCHDOG_RUNS_MS, job, sent).1.outcome, last);
        }
    }

    fn any_time() -> impl Strategy<Value = Duration> {
        (0_u64..120).prop_map(Duration::from_secs)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_watchdog_is_never_a_dead_letter_for_what_discord_says(
            count in 1_u32..=5,
            begun_ms in 700_000_u64..900_000,
            lease in any_time(),
            job in 0_usize..4,
            sent in 0_usize..7,
            wait in any_time(),
        ) {
            let lease_until = at(begun_ms) + lease;
            let job = [JobState::Done, JobState::Busy { lease_until }, JobState::Free, JobState::Unknown][job];
            let answers = [
                Sent::Accepted, Sent::Gone, Sent::UnknownWebhook, Sent::Expired, Sent::Wait(wait), Sent::Later,
                Sent::Never,
            ];
            let (did, ended) = run(count, begun_ms, job, answers[sent]);
            let receive = receive(count, begun_ms);
            if receive.is_last() {
                prop_assert_eq!(ended.message, Disposition::Delete, "{:?}", did);
            }
            if receive.is_too_late(at(begun_ms)) || job == JobState::Done {
                prop_assert!(!did.contains(&"tell"), "{did:?}");
            }
            let settled = did.iter().filter(|it| ["complete", "release"].contains(it)).count();
            prop_assert_eq!(settled, 1);
        }
    }
}
