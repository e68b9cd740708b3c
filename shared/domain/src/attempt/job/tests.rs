//! Properties that hold for any order of events; the notable cases are in the modules.

use proptest::{collection, prelude::*, sample};

use super::{super::Ended, *};
use crate::InteractionId;

mod limits;
mod stories;

const CREATED_AT_MS: u64 = 1_800_000_000_000;

fn interaction() -> InteractionId {
    InteractionId::new((CREATED_AT_MS - 1_420_070_400_000) << 22).unwrap()
}

/// A time, in milliseconds after the interaction's creation.
fn at(ms: u64) -> Timestamp {
    Timestamp::from_millisecond((CREATED_AT_MS + ms) as i64).unwrap()
}

const TARGETS: [Target; 4] = [
    Target::New(Visibility::Ephemeral),
    Target::New(Visibility::Public),
    Target::InPlace(Visibility::Ephemeral),
    Target::InPlace(Visibility::Public),
];

fn receive(count: u32, target: Target, begun_ms: u64) -> Receive {
    Receive {
        interaction: interaction(),
        count,
        ends: at(begun_ms + 30_000),
        target,
        is_known: true,
        is_redriven: false,
        jitter: 0,
    }
}

/// All actions, and the event after each.
#[derive(Debug)]
struct Run {
    steps: Vec<(Action, Event)>,
    ended: Ended,
    ended_ms: u64,
}

impl Run {
    fn did(&self, is_it: impl Fn(&Action) -> bool) -> usize {
        self.steps.iter().filter(|(action, _)| is_it(action)).count()
    }

    fn had(&self, is_it: impl Fn(&Action, &Event) -> bool) -> bool {
        self.steps.iter().any(|(action, event)| is_it(action, event))
    }

    fn names(&self) -> Vec<String> {
        let name = |action: &Action| format!("{action:?}").split([' ', '{', '(']).next().unwrap().to_owned();
        self.steps.iter().map(|(action, _)| name(action)).collect()
    }

    fn retries_after(&self) -> Duration {
        let Disposition::RetryAfter(after) = self.ended.message else { panic!("{self:?}") };
        after
    }
}

/// Runs the receive to its end. `answer` returns the event after each action, and how many milliseconds it
/// took.
fn run(receive: Receive, begun_ms: u64, mut answer: impl FnMut(&Action, u64) -> (Event, u64)) -> Run {
    let (mut attempt, mut event, mut now_ms) = (JobAttempt::new(receive), Event::Received, begun_ms);
    let mut steps = Vec::new();
    loop {
        let (next, action) = attempt.next(event, at(now_ms));
        attempt = next;
        if let Action::End(ended) = action {
            return Run { steps, ended, ended_ms: now_ms };
        }
        assert!(steps.len() < 20, "it does not end: {steps:?}");
        let (answered, took) = answer(&action, now_ms);
        now_ms += took;
        steps.push((action, answered));
        event = answered;
    }
}

fn is_to_discord(action: &Action) -> bool {
    matches!(
        action,
        Action::Edit { .. } | Action::Delete { .. } | Action::FollowUp { .. } | Action::NotifyFailure { .. }
    )
}

fn one_of<T: Copy>(pick: usize, all: &[T]) -> T {
    all[pick % all.len()]
}

fn mine(attempts: u32, failure: Failure) -> Claimed {
    Claimed::Mine { attempts, failure, was_killed: false, closed_until: None }
}

/// One of the possible events after an action.
fn possible(action: &Action, pick: usize, wait_ms: u64, now_ms: u64) -> Event {
    let wait = Duration::from_millis(wait_ms);
    let lease_until = at(now_ms + wait_ms);
    let closed_until = Some(lease_until);
    let sent = [
        Sent::Accepted,
        Sent::Gone,
        Sent::UnknownWebhook,
        Sent::Expired,
        Sent::Wait(wait),
        Sent::Later,
        Sent::Never,
    ];
    match action {
        Action::Claim => Event::Claimed(one_of(
            pick,
            &[
                mine(1, Failure::None),
                mine(2, Failure::None),
                mine(4, Failure::None),
                mine(5, Failure::None),
                mine(3, Failure::Untold),
                mine(3, Failure::Told),
                Claimed::Mine { attempts: 1, failure: Failure::None, was_killed: true, closed_until },
                Claimed::Done,
                Claimed::Busy { lease_until },
                Claimed::Unknown,
            ],
        )),
        Action::Work { .. } => Event::Worked(one_of(
            pick,
            &[
                Worked::Reply(Visibility::Ephemeral),
                Worked::Reply(Visibility::Public),
                Worked::Rejection,
                Worked::Fault(FaultKind::Passing),
                Worked::Fault(FaultKind::Unavailable),
                Worked::Fault(FaultKind::Timeout),
                Worked::Fault(FaultKind::Lasting),
            ],
        )),
        Action::Edit { .. }
        | Action::Delete { .. }
        | Action::FollowUp { .. }
        | Action::NotifyFailure { .. } => Event::Sent(one_of(pick, &sent)),
        Action::GiveUp(_) | Action::RecordNotified => {
            Event::Recorded { is_certain: one_of(pick, &[true, false]) }
        }
        Action::DeadLetter => Event::DeadLettered { accepted: one_of(pick, &[true, false]) },
        Action::Release { .. } => Event::Released { lease_left: one_of(pick, &[Duration::ZERO, wait]) },
        Action::Complete => Event::Completed,
        Action::End(_) => unreachable!("it is over"),
    }
}

prop_compose! {
    /// A receive with random events.
    fn any_run()(
        count in 1_u32..=60,
        target in sample::select(&TARGETS[..]),
        begun_ms in prop_oneof![0_u64..60_000, 0_u64..1_000_000],
        is_known in prop::bool::weighted(0.8),
        is_redriven in prop::bool::weighted(0.2),
        jitter in 0_u32..1_000,
        answers in collection::vec((any::<usize>(), 0_u64..120_000, 0_u64..9_000), 20),
    ) -> (Receive, u64, Run) {
        let receive = Receive { is_known, is_redriven, jitter, ..receive(count, target, begun_ms) };
        let mut answers = answers.into_iter();
        let run = run(receive, begun_ms, |action, now_ms| {
            let (pick, wait_ms, took) = answers.next().unwrap();
            (possible(action, pick, wait_ms, now_ms), took)
        });
        (receive, begun_ms, run)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_command_runs_at_most_once_a_receive_and_only_under_a_claim((_, _, run) in any_run()) {
        let works = run.did(|action| matches!(action, Action::Work { .. }));
        let claimed = run.had(|_, event| matches!(event, Event::Claimed(Claimed::Mine { .. })));
        prop_assert!(works <= 1 && (works == 0 || claimed), "{run:?}");
    }

    #[test]
    fn a_job_whose_user_may_have_been_told_that_it_failed_is_not_done((receive, begun_ms, run) in any_run()) {
        if run.did(|action| matches!(action, Action::Work { .. })) > 0 {
            let claimed = run.steps.iter().position(|(action, _)| *action == Action::Claim).unwrap();
            let has_failed = matches!(
                run.steps[claimed].1,
                Event::Claimed(Claimed::Mine { failure: Failure::Untold | Failure::Told, .. })
            );
            prop_assert!(!has_failed, "{run:?}");
            prop_assert!(receive.is_known, "{run:?}");
        }
        if receive.is_too_late(at(begun_ms)) && !receive.is_redriven {
            prop_assert_eq!(run.did(|action| matches!(action, Action::Work { .. })), 0, "{:?}", run);
        }
    }

    #[test]
    fn the_user_is_told_of_a_failure_only_when_it_stands_in_the_claim((_, _, run) in any_run()) {
        if let Some(told) = run.steps.iter().position(|(action, _)| matches!(action, Action::NotifyFailure { .. })) {
            let stands = run.steps[..told].iter().any(|(_, event)| {
                matches!(
                    event,
                    Event::Recorded { is_certain: true }
                        | Event::Claimed(Claimed::Mine { failure: Failure::Untold, .. })
                )
            });
            prop_assert!(stands, "{run:?}");
        }
    }

    #[test]
    fn after_what_discord_has_taken_nothing_more_is_sent_to_it((_, _, run) in any_run()) {
        let accepted = run.steps.iter().position(|(action, event)| {
            is_to_discord(action) && !matches!(action, Action::Delete { .. }) && *event == Event::Sent(Sent::Accepted)
        });
        if let Some(accepted) = accepted {
            let after = &run.steps[accepted + 1..];
            prop_assert!(!after.iter().any(|(action, _)| is_to_discord(action)), "{run:?}");
        }
    }

    #[test]
    fn a_message_is_deleted_only_if_its_work_is_completed_or_given_up_for_certain((_, _, run) in any_run()) {
        if run.ended.message == Disposition::Delete {
            let is_completed = run.did(|action| *action == Action::Complete) == 1;
            let was_done = run.had(|_, event| *event == Event::Claimed(Claimed::Done));
            let is_dead_letter = run.had(|_, event| *event == Event::DeadLettered { accepted: true });
            let is_recorded = run.had(|_, event| *event == Event::Recorded { is_certain: true });
            prop_assert!(is_completed || was_done || is_dead_letter || is_recorded, "{run:?}");
        }
    }

    #[test]
    fn what_is_completed_never_comes_back((_, _, run) in any_run()) {
        if run.did(|action| *action == Action::Complete) > 0 {
            prop_assert_eq!(run.ended.message, Disposition::Delete, "{:?}", run.steps);
        }
    }

    #[test]
    fn a_dead_letter_is_one_whose_failure_stands_in_the_claim((_, _, run) in any_run()) {
        if let Some(dead) = run.steps.iter().position(|(action, _)| *action == Action::DeadLetter) {
            let stands = run.steps[..dead].iter().any(|(_, event)| {
                let failure = if let Event::Claimed(Claimed::Mine { failure, .. }) = event { *failure } else { Failure::None };
                *event == Event::Recorded { is_certain: true } || failure != Failure::None
            });
            prop_assert!(stands, "{run:?}");
        }
    }

    #[test]
    fn nothing_is_sent_when_the_reply_can_no_longer_be_given((receive, begun_ms, run) in any_run()) {
        if receive.is_too_late(at(begun_ms)) {
            let sent = run.did(|action| {
                is_to_discord(action) && !matches!(action, Action::FollowUp { .. })
            });
            prop_assert!(sent == 0, "{run:?}");
        }
    }

    #[test]
    fn a_claim_that_is_ours_is_completed_or_released((_, _, run) in any_run()) {
        if run.had(|_, event| matches!(event, Event::Claimed(Claimed::Mine { .. }))) {
            let settled = run.did(|action| matches!(action, Action::Complete | Action::Release { .. }));
            prop_assert_eq!(settled, 1, "{:?}", run);
        }
    }

    #[test]
    fn what_comes_back_comes_back_no_sooner_than_after_two_seconds_unless_its_time_runs_out((receive, _, run) in any_run()) {
        let is_busy = run.ended.outcome == Outcome::Busy;
        if let (Disposition::RetryAfter(after), false) = (run.ended.message, is_busy) {
            let ends = at(run.ended_ms) + after + Duration::from_secs(10);
            prop_assert!(after >= Duration::from_secs(2) || ends >= receive.reply_until(), "{run:?}");
        }
    }

    #[test]
    fn a_job_that_waits_for_a_service_has_a_last_try_before_the_reply_can_no_longer_be_given((receive, _, run) in any_run()) {
        let was_released = run.had(|_, event| *event == Event::Released { lease_left: Duration::ZERO });
        if let (Disposition::RetryAfter(after), Outcome::Waiting, true) = (run.ended.message, run.ended.outcome, was_released) {
            let is_last = receive.pause_in_time(Duration::ZERO, at(run.ended_ms)).is_none();
            prop_assert!(is_last || at(run.ended_ms) + after < receive.reply_until() + Duration::from_secs(10), "{run:?}");
        }
    }

    #[test]
    fn waiting_is_no_attempt((_, _, run) in any_run()) {
        if run.had(|action, _| *action == Action::Release { is_attempt: true }) {
            let has_failed = run.had(|_, event| matches!(event, Event::Worked(Worked::Fault(FaultKind::Passing | FaultKind::Timeout))));
            let is_unrecorded = run.had(|_, event| *event == Event::Recorded { is_certain: false });
            prop_assert!(has_failed || is_unrecorded, "{run:?}");
        }
    }

    #[test]
    fn every_action_has_its_answer_and_none_ends_as_a_mistake_of_the_loop((_, _, run) in any_run()) {
        prop_assert_ne!(run.ended.message, Disposition::Retry, "{:?}", run);
    }
}

const PUBLIC: Target = Target::New(Visibility::Public);

/// Everything succeeds, except what `odd` overrides.
fn story(receive: Receive, begun_ms: u64, odd: impl Fn(&Action) -> Option<Event>) -> Run {
    run(receive, begun_ms, |action, now_ms| {
        // The first possible event is the successful one.
        (odd(action).unwrap_or_else(|| possible(action, 0, 0, now_ms)), 10)
    })
}
