//! What is decided at a limit: the last receive, the longest wait, the last moment for a reply.

use super::*;

/// [`deadline::reply_until`], in milliseconds after the interaction's creation.
const LAST_MS: u64 = 14 * 60_000;

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

/// With a fault of the command, and this result of notifying the user.
fn told(count: u32, begun_ms: u64, sent: Sent) -> Run {
    story(receive(count, PUBLIC, begun_ms), begun_ms, |action| match action {
        Action::Work { .. } => Some(Event::Worked(Worked::Fault(FaultKind::Passing))),
        Action::NotifyFailure { .. } => Some(Event::Sent(sent)),
        Action::AskWatchdog => Some(Event::WatchdogAsked { has_notified: false }),
        _ => None,
    })
}

fn retried(run: &Run) -> Duration {
    let Disposition::RetryAfter(after) = run.ended.message else { panic!("{run:?}") };
    after
}

#[test]
fn a_reply_that_discord_refuses_is_replaced_by_an_error_message() {
    let run = edited(1, 1_000, Sent::Never);
    assert_eq!(run.names(), ["Claim", "Work", "Edit", "NotifyFailure", "Complete"]);
    assert_eq!(run.ended.outcome, Outcome::Notified);
    // Claim and Work take 10 ms each, and so does the request.
    let late = edited(1, LAST_MS - 25, Sent::Never);
    assert_eq!((late.names().last().unwrap().as_str(), late.ended.outcome), ("Complete", Outcome::Expired));
}

#[test]
fn a_reply_that_fails_after_the_last_moment_has_expired() {
    let run = |begun_ms| edited(1, begun_ms, Sent::Later).ended;
    assert_eq!(run(LAST_MS - 30).message, Disposition::RetryAfter(Duration::from_secs(2)));
    assert_eq!(run(LAST_MS - 29), Ended { outcome: Outcome::Expired, message: Disposition::Delete });
}

#[test]
fn the_last_receive_answers_a_rejection_in_public_if_the_deferred_message_cannot_be_deleted() {
    let run = |count| {
        let run = story(receive(count, PUBLIC, 1_000), 1_000, |action| match action {
            Action::Work { .. } => Some(Event::Worked(Worked::Rejection)),
            Action::Delete { .. } => Some(Event::Sent(Sent::Later)),
            _ => None,
        });
        run.names()
    };
    assert_eq!(run(1), ["Claim", "Work", "Delete", "Release"]);
    assert_eq!(run(4), ["Claim", "Work", "Delete", "Edit", "Complete"]);
}

#[test]
fn a_job_waits_for_a_rate_limit_that_ends_before_the_token_and_works_if_none_does() {
    let closed = |until_ms| claimed(1, Claimed::Mine { closed_until: Some(at(until_ms)) });
    let waits = closed(LAST_MS);
    assert_eq!(
        (waits.names(), waits.ended.outcome),
        (vec!["Claim".into(), "Release".into()], Outcome::DiscordRateLimited)
    );
    assert_eq!(retried(&waits), Duration::from_millis(LAST_MS - 1_010));
    assert_eq!(closed(LAST_MS + 1).names(), ["Claim", "Work", "Edit", "Complete"]);
}

#[test]
fn only_the_receive_before_the_last_waits_until_an_unknown_claim_expires() {
    let waits = [1, 2, 3].map(|count| retried(&claimed(count, Claimed::Unknown)).as_secs());
    assert_eq!(waits, [2, 8, 29]);
}

#[test]
fn a_wait_is_the_queues_own_unless_it_is_too_long_to_be_waited_out_in_place() {
    let waits = [2_000, 2_001].map(|ms| edited(2, 1_000, Sent::Wait(Duration::from_millis(ms))));
    assert_eq!(waits.each_ref().map(retried), [8_000, 2_001].map(Duration::from_millis));
    let left = Duration::from_millis(LAST_MS - 1_030);
    assert_eq!(retried(&edited(1, 1_000, Sent::Wait(left))), left);
    let longer = edited(1, 1_000, Sent::Wait(left + Duration::from_millis(1)));
    assert_eq!(longer.ended.outcome, Outcome::Expired);
}

#[test]
fn editing_leaves_time_for_an_error_message_where_one_may_follow() {
    let within = |count, target| {
        let run = story(receive(count, target, 1_000), 1_000, |_| None);
        let edit = |(action, _): &(Action, Event)| match action {
            Action::Edit { within } => Some(within.as_secs_f64().round()),
            _ => None,
        };
        run.steps.iter().find_map(edit).unwrap()
    };
    let in_place = Target::InPlace(Visibility::Public);
    let all = [within(1, PUBLIC), within(4, PUBLIC), within(1, in_place), within(4, in_place)];
    assert_eq!(all, [24.0, 24.0, 28.0, 24.0]);
}

#[test]
fn a_user_who_could_not_be_told_in_time_is_counted_as_expired_unless_another_receive_is_at_it() {
    assert_eq!(told(4, 1_000, Sent::Later).ended.outcome, Outcome::ReceiveFailed);
    assert_eq!(told(4, LAST_MS, Sent::Later).ended.outcome, Outcome::Expired);
    let busy = story(receive(4, PUBLIC, LAST_MS), LAST_MS, |action| match action {
        Action::Claim => Some(Event::Claimed(Claimed::Busy { lease_until: at(LAST_MS + 5_000) })),
        Action::AskWatchdog => Some(Event::WatchdogAsked { has_notified: false }),
        _ => None,
    });
    assert_eq!((busy.names().len(), busy.ended.outcome), (3, Outcome::Busy));
}
