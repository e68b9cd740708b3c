//! What is decided at a limit: the longest wait, the last moment for a reply.

use super::*;

/// [`deadline::reply_until`], in milliseconds after the interaction's creation.
const LAST_MS: u64 = 14 * 60_000;
/// When the last try for a reply begins.
const LAST_TRY_MS: u64 = LAST_MS - 3_000;

/// Begins at one second, with this event after the claim and everything else a success.
fn claimed(count: u32, claimed: Claimed) -> Run {
    let event = move |action: &Action| (*action == Action::Claim).then_some(Event::Claimed(claimed));
    story(receive(count, PUBLIC, 1_000), 1_000, event)
}

/// With this result of editing the deferred message.
fn edited(count: u32, begun_ms: u64, sent: Sent) -> Run {
    let event = move |action: &Action| matches!(action, Action::Edit { .. }).then_some(Event::Sent(sent));
    story(receive(count, PUBLIC, begun_ms), begun_ms, event)
}

/// With a failure that stands in the claim, and this result of telling the user.
fn told(count: u32, begun_ms: u64, sent: Sent) -> Run {
    story(receive(count, PUBLIC, begun_ms), begun_ms, |action| match action {
        Action::Claim => Some(Event::Claimed(mine(4, Failure::Untold))),
        Action::NotifyFailure { .. } => Some(Event::Sent(sent)),
        _ => None,
    })
}

#[test]
fn a_reply_that_discord_refuses_is_replaced_by_an_error_message() {
    let run = edited(1, 1_000, Sent::Never);
    assert_eq!(run.names(), ["Claim", "Work", "Edit", "GiveUp", "NotifyFailure", "Complete"]);
    assert_eq!(run.ended.outcome, Outcome::Notified);
    // Claim and Work take 10 ms each, and so does the request.
    let late = edited(1, LAST_MS - 25, Sent::Never);
    assert_eq!(late.names(), ["Claim", "Work", "Edit", "GiveUp", "DeadLetter", "Release"]);
}

#[test]
fn a_reply_that_discord_does_not_take_in_time_is_a_dead_letter_and_left_to_the_watchdog() {
    // The request ends 30 ms after the beginning.
    let before = edited(1, LAST_TRY_MS - 31, Sent::Later);
    assert_eq!(before.retries_after(), Duration::from_millis(1));
    let last = edited(1, LAST_TRY_MS - 30, Sent::Later);
    assert_eq!(last.names(), ["Claim", "Work", "Edit", "GiveUp", "NotifyFailure", "DeadLetter", "Complete"]);
    assert_eq!(last.ended, Ended { outcome: Outcome::Notified, message: Disposition::Delete });
    let late = edited(1, LAST_MS - 29, Sent::Later);
    assert_eq!(late.names(), ["Claim", "Work", "Edit", "GiveUp", "DeadLetter", "Release"]);
    assert_eq!(late.ended, Ended { outcome: Outcome::LeftToWatchdog, message: Disposition::Delete });
    let redriven = Receive { is_redriven: true, ..receive(1, PUBLIC, LAST_MS) };
    assert_eq!(story(redriven, LAST_MS, |_| None).names(), ["Claim", "Work", "Complete"]);
}

#[test]
fn the_last_try_answers_a_rejection_in_public_if_the_deferred_message_cannot_be_deleted() {
    let run = |begun_ms| {
        let run = story(receive(1, PUBLIC, begun_ms), begun_ms, |action| match action {
            Action::Work { .. } => Some(Event::Worked(Worked::Rejection)),
            Action::Delete { .. } => Some(Event::Sent(Sent::Later)),
            _ => None,
        });
        run.names()
    };
    assert_eq!(run(1_000), ["Claim", "Work", "Delete", "Release"]);
    assert_eq!(run(LAST_TRY_MS), ["Claim", "Work", "Delete", "Edit", "Complete"]);
}

#[test]
fn a_job_waits_for_a_rate_limit_that_ends_before_the_token_and_works_if_none_does() {
    let closed = |until_ms| {
        let closed_until = Some(at(until_ms));
        claimed(1, Claimed::Mine { attempts: 1, failure: Failure::None, was_killed: false, closed_until })
    };
    let waits = closed(LAST_MS);
    assert_eq!(
        (waits.names(), waits.ended.outcome),
        (vec!["Claim".into(), "Release".into()], Outcome::DiscordRateLimited)
    );
    assert_eq!(waits.retries_after(), Duration::from_millis(LAST_MS - 1_010));
    assert_eq!(closed(LAST_MS + 1).names(), ["Claim", "Work", "Edit", "Complete"]);
}

#[test]
fn a_claim_that_may_have_been_made_is_released_and_costs_no_attempt() {
    let waits = [1, 2, 3, 9].map(|count| claimed(count, Claimed::Unknown));
    assert_eq!(waits.each_ref().map(|run| run.retries_after().as_secs()), [2, 8, 20, 60]);
    assert!(waits[0].had(|action, _| *action == Action::Release { is_attempt: false }));
    let held = story(receive(1, PUBLIC, 1_000), 1_000, |action| match action {
        Action::Claim => Some(Event::Claimed(Claimed::Unknown)),
        Action::Release { .. } => Some(Event::Released { lease_left: Duration::from_secs(29) }),
        _ => None,
    });
    assert_eq!(held.retries_after(), Duration::from_secs(29), "until its lease expires");
}

#[test]
fn a_wait_is_the_queues_own_unless_it_is_too_long_to_be_waited_out_in_place() {
    let waits = [2_000, 2_001].map(|ms| edited(2, 1_000, Sent::Wait(Duration::from_millis(ms))));
    assert_eq!(waits.each_ref().map(Run::retries_after), [8_000, 2_001].map(Duration::from_millis));
    let left = Duration::from_millis(LAST_MS - 1_030);
    assert_eq!(edited(1, 1_000, Sent::Wait(left)).retries_after(), left);
    let longer = edited(1, 1_000, Sent::Wait(left + Duration::from_millis(1)));
    assert_eq!(
        longer.names(),
        ["Claim", "Work", "Edit", "GiveUp", "NotifyFailure", "DeadLetter", "Complete"]
    );
}

#[test]
fn each_step_leaves_time_for_those_that_may_follow() {
    let run = story(receive(1, PUBLIC, 1_000), 1_000, |action| match action {
        Action::Edit { .. } => Some(Event::Sent(Sent::Never)),
        _ => None,
    });
    let within = run.steps.iter().filter_map(|(action, _)| match action {
        Action::Work { within } | Action::Edit { within } | Action::NotifyFailure { within } => {
            Some(within.as_secs_f64().round())
        }
        _ => None,
    });
    assert_eq!(within.collect::<Vec<_>>(), [16.0, 22.0, 26.0]);
}

#[test]
fn a_user_whom_discord_does_not_let_be_told_is_told_later_or_by_the_watchdog() {
    let waits = told(2, 1_000, Sent::Later);
    assert_eq!((waits.names().len(), waits.retries_after()), (3, Duration::from_secs(8)));
    let last = told(2, LAST_TRY_MS, Sent::Later);
    assert_eq!(last.names(), ["Claim", "NotifyFailure", "DeadLetter", "Release"]);
    assert_eq!(last.ended, Ended { outcome: Outcome::LeftToWatchdog, message: Disposition::Delete });
    let too_long = told(2, 1_000, Sent::Wait(Duration::from_secs(3_600)));
    assert_eq!(too_long.names(), ["Claim", "NotifyFailure", "DeadLetter", "Release"]);
    let never = told(2, 1_000, Sent::Never);
    assert_eq!(
        (never.names().last().unwrap().as_str(), never.ended.outcome),
        ("Complete", Outcome::Abandoned)
    );
}
