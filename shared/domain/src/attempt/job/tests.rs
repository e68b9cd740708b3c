//! Properties that hold for any order of events, and the notable cases.

use proptest::{collection, prelude::*, sample};

use super::{super::Ended, *};
use crate::{InteractionId, attempt::JobState};

mod limits;

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
    Receive { interaction: interaction(), count, ends: at(begun_ms + 30_000), target }
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
        let name = |action: &Action| format!("{action:?}").split([' ', '{']).next().unwrap().to_owned();
        self.steps.iter().map(|(action, _)| name(action)).collect()
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

/// One of the possible events after an action.
fn possible(action: &Action, pick: usize, wait_ms: u64, now_ms: u64) -> Event {
    let wait = Duration::from_millis(wait_ms);
    let lease_until = at(now_ms + wait_ms);
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
        Action::SetWatchdog => Event::WatchdogSet,
        Action::Claim => Event::Claimed(one_of(
            pick,
            &[
                Claimed::Mine { closed_until: None },
                Claimed::Mine { closed_until: None },
                Claimed::Mine { closed_until: None },
                Claimed::Mine { closed_until: Some(lease_until) },
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
                Worked::Fault(FaultKind::Timeout),
                Worked::Fault(FaultKind::Lasting),
            ],
        )),
        Action::Edit { .. }
        | Action::Delete { .. }
        | Action::FollowUp { .. }
        | Action::NotifyFailure { .. } => Event::Sent(one_of(pick, &sent)),
        Action::AskWatchdog => Event::WatchdogAsked { has_notified: one_of(pick, &[true, false]) },
        Action::SilenceWatchdog => Event::WatchdogSilenced,
        Action::AskJob => Event::JobAsked(JobState::Free),
        Action::Release => Event::Released { lease_left: one_of(pick, &[Duration::ZERO, wait]) },
        Action::Record => Event::Recorded,
        Action::SendAgain { .. } => Event::SentAgain { accepted: one_of(pick, &[true, false]) },
        Action::Complete => Event::Completed,
        Action::End(_) => unreachable!("it is over"),
    }
}

prop_compose! {
    /// A receive with random events.
    fn any_run()(
        count in 1_u32..=5,
        target in sample::select(&TARGETS[..]),
        begun_ms in prop_oneof![0_u64..60_000, 0_u64..1_000_000],
        answers in collection::vec((any::<usize>(), 0_u64..120_000, 0_u64..9_000), 20),
    ) -> (Receive, u64, Run) {
        let receive = receive(count, target, begun_ms);
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
    fn what_discord_has_taken_is_completed_and_nothing_is_sent_after_it((_, _, run) in any_run()) {
        let accepted = run.steps.iter().position(|(action, event)| {
            is_to_discord(action) && !matches!(action, Action::Delete { .. }) && *event == Event::Sent(Sent::Accepted)
        });
        if let Some(accepted) = accepted {
            let after: Vec<_> = run.steps[accepted + 1..].iter().map(|(action, _)| *action).collect();
            prop_assert!(
                after == [Action::Complete] || after == [Action::SilenceWatchdog],
                "{run:?}"
            );
        }
    }

    #[test]
    fn a_message_is_deleted_only_if_its_work_is_completed_or_another_message_has_it((_, _, run) in any_run()) {
        if run.ended.message == Disposition::Delete {
            let is_completed = run.did(|action| *action == Action::Complete) == 1;
            let was_done = run.had(|_, event| *event == Event::Claimed(Claimed::Done));
            let is_sent_again = run.had(|_, event| *event == Event::SentAgain { accepted: true });
            prop_assert!(is_completed || was_done || is_sent_again, "{run:?}");
        }
    }

    #[test]
    fn what_is_completed_never_comes_back((_, _, run) in any_run()) {
        if run.did(|action| *action == Action::Complete) > 0 {
            prop_assert_eq!(run.ended.message, Disposition::Delete, "{:?}", run.steps);
        }
    }

    #[test]
    fn a_job_that_becomes_a_dead_letter_has_its_reason_beside_it((receive, _, run) in any_run()) {
        if receive.is_last() && run.ended.message != Disposition::Delete {
            prop_assert!(run.did(|action| *action == Action::Record) == 1, "{run:?}");
            prop_assert_eq!(run.ended.message, Disposition::RetryAfter(Duration::ZERO));
        }
    }

    #[test]
    fn the_last_receive_tells_the_user_unless_discord_does_not_take_it((receive, _, run) in any_run()) {
        let became_dead_letter = receive.is_last() && run.ended.message != Disposition::Delete;
        if became_dead_letter && !receive.is_too_late(at(run.ended_ms)) {
            let tried = run.did(is_to_discord) > 0;
            let watchdog_has = run.had(|_, event| *event == Event::WatchdogAsked { has_notified: true });
            let is_put_off = run.had(|_, event| *event == Event::SentAgain { accepted: false });
            prop_assert!(tried || watchdog_has || is_put_off, "{run:?}");
        }
    }

    #[test]
    fn nothing_is_sent_when_the_reply_can_no_longer_be_given((receive, begun_ms, run) in any_run()) {
        if receive.is_too_late(at(begun_ms)) {
            prop_assert!(run.did(is_to_discord) == 0, "{run:?}");
        }
    }

    #[test]
    fn a_claim_that_is_ours_is_completed_or_given_back((_, _, run) in any_run()) {
        if run.had(|_, event| matches!(event, Event::Claimed(Claimed::Mine { .. }))) {
            let settled = run.did(|action| matches!(action, Action::Complete | Action::Release));
            prop_assert_eq!(settled, 1, "{:?}", run);
        }
    }

    #[test]
    fn what_comes_back_while_others_wait_comes_back_no_sooner_than_after_two_seconds((receive, _, run) in any_run()) {
        let is_busy = run.ended.outcome == Outcome::Busy;
        if let (Disposition::RetryAfter(after), false, false) = (run.ended.message, receive.is_last(), is_busy) {
            // A throttled job is retried sooner right before the token expires.
            let is_rate_limited = run.ended.outcome == Outcome::DiscordRateLimited;
            prop_assert!(after >= Duration::from_secs(2) || is_rate_limited, "{run:?}");
        }
    }

    #[test]
    fn every_action_has_its_answer_and_none_ends_as_a_mistake_of_the_loop((_, _, run) in any_run()) {
        prop_assert_ne!(run.ended.message, Disposition::Retry, "{:?}", run);
    }
}

/// Everything succeeds, except what `odd` overrides.
fn story(receive: Receive, begun_ms: u64, odd: impl Fn(&Action) -> Option<Event>) -> Run {
    run(receive, begun_ms, |action, now_ms| {
        // The first possible event is the successful one.
        (odd(action).unwrap_or_else(|| possible(action, 0, 0, now_ms)), 10)
    })
}

const PUBLIC: Target = Target::New(Visibility::Public);

#[test]
fn a_job_is_claimed_worked_edited_and_completed() {
    let run = story(receive(1, PUBLIC, 1_000), 1_000, |_| None);
    assert_eq!(run.names(), ["Claim", "Work", "Edit", "Complete"]);
    assert_eq!(run.ended, Ended { outcome: Outcome::Edited, message: Disposition::Delete });
}

#[test]
fn the_second_and_third_receive_set_a_watchdog_first() {
    let first = |count| story(receive(count, PUBLIC, 1_000), 1_000, |_| None).names()[0].clone();
    assert_eq!([1, 2, 3, 4].map(first), ["Claim", "SetWatchdog", "SetWatchdog", "Claim"]);
    let late = story(receive(2, PUBLIC, 15 * 60_000), 15 * 60_000, |_| None);
    assert_eq!(late.names()[0], "Claim", "nobody could be told any more");
}

#[test]
fn a_rejection_of_a_public_command_is_for_the_user_alone() {
    let rejected =
        |action: &Action| matches!(action, Action::Work { .. }).then_some(Event::Worked(Worked::Rejection));
    let public = story(receive(1, PUBLIC, 1_000), 1_000, rejected);
    assert_eq!(public.names(), ["Claim", "Work", "Delete", "FollowUp", "Complete"]);
    assert!(public.had(|action, _| matches!(action, Action::FollowUp { to: Visibility::Ephemeral, .. })));
    let private = story(receive(1, Target::New(Visibility::Ephemeral), 1_000), 1_000, rejected);
    assert_eq!(private.names(), ["Claim", "Work", "Edit", "Complete"]);
    let button = story(receive(1, Target::InPlace(Visibility::Public), 1_000), 1_000, rejected);
    assert_eq!(button.names(), ["Claim", "Work", "FollowUp", "Complete"]);
}

#[test]
fn a_fault_that_lasts_is_told_at_once_and_one_that_may_pass_comes_back() {
    let failing = |kind| {
        move |action: &Action| {
            matches!(action, Action::Work { .. }).then_some(Event::Worked(Worked::Fault(kind)))
        }
    };
    let lasting = story(receive(1, PUBLIC, 1_000), 1_000, failing(FaultKind::Lasting));
    assert_eq!(lasting.names(), ["Claim", "Work", "NotifyFailure", "Complete"]);
    assert_eq!(lasting.ended.outcome, Outcome::Notified);
    for (count, seconds) in [(1, 2), (2, 8), (3, 20)] {
        let run = story(receive(count, PUBLIC, 1_000), 1_000, failing(FaultKind::Passing));
        assert_eq!(run.ended.message, Disposition::RetryAfter(Duration::from_secs(seconds)));
    }
    let last = story(receive(4, PUBLIC, 1_000), 1_000, failing(FaultKind::Passing));
    assert_eq!(last.names(), ["Claim", "Work", "Release", "Record", "NotifyFailure", "SilenceWatchdog"]);
    assert_eq!(last.ended.outcome, Outcome::Notified);
}

#[test]
fn an_unknown_webhook_is_waited_for_during_30_seconds_and_then_the_job_is_complete() {
    let unknown = |action: &Action| is_to_discord(action).then_some(Event::Sent(Sent::UnknownWebhook));
    let early = story(receive(1, PUBLIC, 1_000), 1_000, unknown);
    assert_eq!(early.ended.message, Disposition::RetryAfter(Duration::from_secs(2)));
    let late = story(receive(4, PUBLIC, 31_000), 31_000, unknown);
    assert_eq!(late.names(), ["Claim", "Work", "Edit", "Complete"]);
    assert_eq!(late.ended, Ended { outcome: Outcome::Unreachable, message: Disposition::Delete });
}

#[test]
fn a_throttled_job_waits_as_long_as_discord_says_and_its_waiting_is_no_failure() {
    let throttled = |action: &Action| {
        let wait = Event::Sent(Sent::Wait(Duration::from_secs(50)));
        matches!(action, Action::Edit { .. }).then_some(wait)
    };
    let first = story(receive(1, PUBLIC, 1_000), 1_000, throttled);
    assert_eq!(first.names(), ["Claim", "Work", "Edit", "Release"]);
    assert_eq!(first.ended.message, Disposition::RetryAfter(Duration::from_secs(50)));
    let last = story(receive(4, PUBLIC, 1_000), 1_000, throttled);
    assert_eq!(last.names(), ["Claim", "Work", "Edit", "Release", "SendAgain"]);
    assert_eq!(last.ended, Ended { outcome: Outcome::DiscordRateLimited, message: Disposition::Delete });
    let too_long = story(receive(1, PUBLIC, 14 * 60_000 - 20_000), 14 * 60_000 - 20_000, throttled);
    assert_eq!(too_long.ended.outcome, Outcome::Expired);
}

#[test]
fn the_watchdog_is_asked_before_the_user_is_told_a_second_time() {
    let begun_ms = 12 * 60_000 + 40_000;
    let busy = |action: &Action| {
        let lease_until = at(begun_ms + 5_000);
        (*action == Action::Claim).then_some(Event::Claimed(Claimed::Busy { lease_until }))
    };
    let told = story(receive(4, PUBLIC, begun_ms), begun_ms, busy);
    assert_eq!(told.names(), ["Claim", "Record", "AskWatchdog"]);
    assert_eq!(told.ended.outcome, Outcome::Notified);
}

#[test]
fn the_last_receive_does_not_meet_a_claim_that_may_have_been_made() {
    let unknown = |action: &Action| (*action == Action::Claim).then_some(Event::Claimed(Claimed::Unknown));
    let third = story(receive(3, PUBLIC, 1_000), 1_000, unknown);
    let Disposition::RetryAfter(after) = third.ended.message else { panic!("{third:?}") };
    assert!(after > Duration::from_secs(29), "the claim lasts as long as the invocation: {after:?}");
}
