//! The notable courses of a receive, from the claim to its end.

use super::*;

/// The story of a job of which this is the n-th attempt and whose work ends with a fault of this kind.
fn failing(attempts: u32, begun_ms: u64, kind: FaultKind) -> Run {
    story(receive(attempts, PUBLIC, begun_ms), begun_ms, |action| match action {
        Action::Claim => Some(Event::Claimed(mine(attempts, Failure::None))),
        Action::Work { .. } => Some(Event::Worked(Worked::Fault(kind))),
        _ => None,
    })
}

#[test]
fn a_job_is_claimed_worked_edited_and_completed() {
    let run = story(receive(1, PUBLIC, 1_000), 1_000, |_| None);
    assert_eq!(run.names(), ["Claim", "Work", "Edit", "Complete"]);
    assert_eq!(run.ended, Ended { outcome: Outcome::Edited, message: Disposition::Delete });
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
fn a_fault_that_lasts_is_told_at_once_and_one_that_may_pass_has_four_attempts() {
    let lasting = failing(1, 1_000, FaultKind::Lasting);
    assert_eq!(lasting.names(), ["Claim", "Work", "GiveUp", "NotifyFailure", "Complete"]);
    assert_eq!(lasting.ended.outcome, Outcome::Notified);
    for (attempts, seconds) in [(1, 2), (2, 8), (3, 20)] {
        let run = failing(attempts, 1_000, FaultKind::Passing);
        assert_eq!(run.names(), ["Claim", "Work", "Release"]);
        assert!(run.had(|action, _| *action == Action::Release { is_attempt: true }));
        assert_eq!(run.retries_after(), Duration::from_secs(seconds));
    }
    let last = failing(4, 1_000, FaultKind::Passing);
    assert_eq!(last.names(), ["Claim", "Work", "GiveUp", "NotifyFailure", "DeadLetter", "Complete"]);
    assert_eq!(last.ended, Ended { outcome: Outcome::Notified, message: Disposition::Delete });
}

#[test]
fn a_service_that_is_unavailable_is_waited_out_and_costs_no_attempt() {
    for (attempts, seconds) in [(1, 2), (2, 8), (3, 20), (4, 40)] {
        let run = failing(attempts, 1_000, FaultKind::Unavailable);
        assert!(run.had(|action, _| *action == Action::Release { is_attempt: false }), "{run:?}");
        assert_eq!(
            (run.retries_after(), run.ended.outcome),
            (Duration::from_secs(seconds), Outcome::Waiting)
        );
    }
    let begun_ms = 14 * 60_000 - 3_020;
    let last = failing(1, begun_ms, FaultKind::Unavailable);
    assert_eq!(last.names(), ["Claim", "Work", "GiveUp", "NotifyFailure", "DeadLetter", "Complete"]);
}

#[test]
fn three_pauses_that_discord_asks_for_and_one_failure_are_one_failure() {
    let held = |attempts| {
        story(receive(attempts, PUBLIC, 1_000), 1_000, move |action| match action {
            Action::Claim => Some(Event::Claimed(mine(1, Failure::None))),
            Action::Edit { .. } => Some(Event::Sent(Sent::Wait(Duration::from_secs(50)))),
            _ => None,
        })
    };
    for count in 1..=3 {
        let run = held(count);
        assert_eq!(run.names(), ["Claim", "Work", "Edit", "Release"]);
        assert!(run.had(|action, _| *action == Action::Release { is_attempt: false }));
        assert_eq!(run.retries_after(), Duration::from_secs(50));
    }
    assert_eq!(failing(1, 1_000, FaultKind::Passing).names(), ["Claim", "Work", "Release"]);
}

#[test]
fn a_job_whose_failure_stands_in_the_claim_is_not_done_any_more() {
    let claimed = |failure| {
        story(receive(2, PUBLIC, 40_000), 40_000, move |action| {
            (*action == Action::Claim).then_some(Event::Claimed(mine(2, failure)))
        })
    };
    assert_eq!(claimed(Failure::Untold).names(), ["Claim", "NotifyFailure", "DeadLetter", "Complete"]);
    assert_eq!(claimed(Failure::Told).names(), ["Claim", "DeadLetter", "Complete"]);
}

#[test]
fn a_job_whose_attempts_were_all_killed_is_given_up() {
    let run = story(receive(5, PUBLIC, 600_000), 600_000, |action| {
        (*action == Action::Claim).then_some(Event::Claimed(mine(5, Failure::None)))
    });
    assert_eq!(run.names(), ["Claim", "GiveUp", "NotifyFailure", "DeadLetter", "Complete"]);
    assert!(run.had(|action, _| *action == Action::GiveUp(Cause::Killed)));
}

#[test]
fn a_job_of_an_unknown_command_comes_back_every_30_seconds_until_it_is_too_late() {
    let unknown = |begun_ms| {
        let receive = Receive { is_known: false, ..receive(9, PUBLIC, begun_ms) };
        story(receive, begun_ms, |_| None)
    };
    let early = unknown(300_000);
    assert_eq!((early.names().len(), early.retries_after()), (0, Duration::from_secs(30)));
    assert_eq!(early.ended.outcome, Outcome::AnotherVersion);
    let late = unknown(14 * 60_000 + 1);
    assert_eq!(late.names(), ["Claim", "GiveUp", "DeadLetter", "Release"], "its watchdog may still tell");
    assert!(late.had(|action, _| *action == Action::GiveUp(Cause::UnknownCommand)));
}

#[test]
fn a_redriven_job_is_done_however_late_and_has_one_attempt() {
    let late_ms = 3 * 3_600_000;
    let redriven = Receive { is_redriven: true, ..receive(1, PUBLIC, late_ms) };
    let done = story(redriven, late_ms, |_| None);
    assert_eq!(
        (done.names(), done.ended.outcome),
        (vec!["Claim".into(), "Work".into(), "Complete".into()], Outcome::Expired)
    );
    for kind in [FaultKind::Passing, FaultKind::Unavailable, FaultKind::Timeout] {
        let failed = story(redriven, late_ms, |action| {
            matches!(action, Action::Work { .. }).then_some(Event::Worked(Worked::Fault(kind)))
        });
        assert_eq!(failed.names(), ["Claim", "Work", "GiveUp", "DeadLetter", "Complete"]);
    }
    let late = story(receive(1, PUBLIC, late_ms), late_ms, |_| None);
    assert_eq!(
        late.names(),
        ["Claim", "GiveUp", "DeadLetter", "Complete"],
        "one that was not redriven is not done"
    );
}

#[test]
fn a_table_or_queue_that_does_not_take_the_end_of_a_job_gets_it_again() {
    let unrecorded = story(receive(4, PUBLIC, 1_000), 1_000, |action| match action {
        Action::Claim => Some(Event::Claimed(mine(4, Failure::None))),
        Action::Work { .. } => Some(Event::Worked(Worked::Fault(FaultKind::Passing))),
        Action::GiveUp(_) => Some(Event::Recorded { is_certain: false }),
        _ => None,
    });
    assert_eq!(unrecorded.names(), ["Claim", "Work", "GiveUp", "Release"]);
    let refused = story(receive(4, PUBLIC, 1_000), 1_000, |action| match action {
        Action::Claim => Some(Event::Claimed(mine(4, Failure::Told))),
        Action::DeadLetter => Some(Event::DeadLettered { accepted: false }),
        _ => None,
    });
    assert_eq!(
        (refused.names(), refused.retries_after()),
        (vec!["Claim".into(), "DeadLetter".into(), "Release".into()], Duration::from_secs(40))
    );
}

#[test]
fn an_unknown_webhook_is_waited_for_during_30_seconds_and_then_the_job_is_complete() {
    let unknown = |action: &Action| is_to_discord(action).then_some(Event::Sent(Sent::UnknownWebhook));
    let early = story(receive(1, PUBLIC, 1_000), 1_000, unknown);
    assert_eq!(early.retries_after(), Duration::from_secs(2));
    let late = story(receive(4, PUBLIC, 31_000), 31_000, unknown);
    assert_eq!(late.names(), ["Claim", "Work", "Edit", "Complete"]);
    assert_eq!(late.ended, Ended { outcome: Outcome::Unreachable, message: Disposition::Delete });
}

#[test]
fn what_waits_for_one_moment_comes_back_over_several_seconds_and_never_before_it() {
    let asked = Duration::from_secs(20);
    let waits = [0, 250, 500, 999].map(|jitter| {
        let receive = Receive { jitter, ..receive(1, PUBLIC, 1_000) };
        let run = story(receive, 1_000, |action| {
            matches!(action, Action::Edit { .. }).then_some(Event::Sent(Sent::Wait(asked)))
        });
        run.retries_after().as_millis()
    });
    assert_eq!(waits, [20_000, 22_500, 25_000, 29_990]);
}
