use proptest::prelude::*;

use super::{super::Ended, *};
use crate::{
    InteractionId,
    job::{Target, Visibility},
};

const CREATED_AT_MS: u64 = 1_800_000_000_000;
/// When a watchdog runs: 12.5 minutes after the interaction's creation.
const RUNS_MS: u64 = 750_000;
/// [`deadline::reply_until`], from when a job that has not ended is given up.
const REPLY_MS: u64 = 840_000;
/// [`deadline::work_ends`], from when the user is told without the table.
const WORK_ENDS_MS: u64 = 870_000;
/// [`deadline::notify_until`].
const LAST_MS: u64 = 885_000;

fn at(ms: u64) -> Timestamp {
    Timestamp::from_millisecond((CREATED_AT_MS + ms) as i64).unwrap()
}

fn receive(count: u32, begun_ms: u64) -> Receive {
    Receive {
        interaction: InteractionId::new((CREATED_AT_MS - 1_420_070_400_000) << 22).unwrap(),
        count,
        ends: at(begun_ms + 30_000),
        target: Target::New(Visibility::Ephemeral),
        is_known: true,
        is_redriven: false,
        jitter: 0,
    }
}

fn mine(failure: Failure, was_killed: bool) -> Claimed {
    Claimed::Mine { attempts: 1, failure, was_killed, closed_until: None }
}

/// The names of its actions, and how it ended, given this claim, this answer of the table to later writes and
/// this result of sending.
fn run_with(
    receive: Receive,
    begun_ms: u64,
    claimed: Claimed,
    is_certain: bool,
    sent: Sent,
) -> (Vec<&'static str>, Ended) {
    let (mut run, mut event) = (WatchdogRun::new(receive), Event::Received);
    let mut did = Vec::new();
    loop {
        let (next, action) = run.next(event, at(begun_ms));
        run = next;
        (event, _) = match action {
            Action::Claim => (Event::Claimed(claimed), did.push("claim")),
            Action::GiveUp(Cause::Unfinished) => (Event::Recorded { is_certain }, did.push("give up")),
            Action::NotifyFailure { .. } => (Event::Sent(sent), did.push("tell")),
            Action::RecordNotified => (Event::Recorded { is_certain }, did.push("record")),
            Action::Release { is_attempt: false } => {
                (Event::Released { lease_left: Duration::ZERO }, did.push("release"))
            }
            Action::End(ended) => return (did, ended),
            other => panic!("a watchdog does not {other:?}"),
        };
    }
}

fn run(begun_ms: u64, claimed: Claimed, sent: Sent) -> (Vec<&'static str>, Ended) {
    run_with(receive(1, begun_ms), begun_ms, claimed, true, sent)
}

fn after(ms: u64) -> Disposition {
    Disposition::RetryAfter(Duration::from_millis(ms))
}

#[test]
fn the_user_of_a_job_that_was_killed_is_told_and_that_of_one_that_is_done_is_not() {
    let (did, ended) = run(RUNS_MS, mine(Failure::None, true), Sent::Accepted);
    assert_eq!((did, ended.outcome), (vec!["claim", "give up", "tell", "record"], Outcome::Notified));
    let (did, ended) = run(RUNS_MS, Claimed::Done, Sent::Accepted);
    assert_eq!((did, ended.outcome), (vec!["claim"], Outcome::NotNeeded));
}

#[test]
fn a_job_that_is_still_in_the_queue_has_until_its_reply_can_no_longer_be_given() {
    let (did, ended) = run(RUNS_MS, mine(Failure::None, false), Sent::Accepted);
    assert_eq!((did, ended.message), (vec!["claim", "release"], after(REPLY_MS - RUNS_MS)));
    let (did, _) = run(REPLY_MS, mine(Failure::None, false), Sent::Accepted);
    assert_eq!(did, ["claim", "give up", "tell", "record"]);
}

#[test]
fn a_failure_that_stands_in_the_claim_is_told_once() {
    let (did, _) = run(REPLY_MS, mine(Failure::Untold, false), Sent::Accepted);
    assert_eq!(did, ["claim", "tell", "record"]);
    let (did, ended) = run(REPLY_MS, mine(Failure::Told, false), Sent::Accepted);
    assert_eq!((did, ended.message), (vec!["claim", "release"], Disposition::Delete));
}

#[test]
fn a_receive_that_is_at_the_job_may_end() {
    let busy = Claimed::Busy { lease_until: at(RUNS_MS + 20_000) };
    let (did, ended) = run(RUNS_MS, busy, Sent::Accepted);
    assert_eq!((did, ended), (vec!["claim"], Ended { outcome: Outcome::Waiting, message: after(20_000) }));
    let (did, ended) = run(WORK_ENDS_MS, busy, Sent::Accepted);
    assert_eq!((did, ended.message), (vec!["claim"], after(2_000)), "another delivery of the watchdog");
    let (did, ended) = run(LAST_MS - 3_000, busy, Sent::Accepted);
    assert_eq!((did, ended.outcome), (vec!["claim", "tell"], Outcome::Notified));
}

#[test]
fn a_watchdog_whose_table_is_down_tells_when_no_receive_can_be_at_work_any_more() {
    for (count, ms) in [(1, 2_000), (2, 8_000), (3, 20_000), (9, 60_000)] {
        let (did, ended) =
            run_with(receive(count, RUNS_MS), RUNS_MS, Claimed::Unknown, false, Sent::Accepted);
        assert_eq!((did, ended.message), (vec!["claim", "release"], after(ms)));
    }
    let (_, ended) = run(WORK_ENDS_MS - 500, Claimed::Unknown, Sent::Accepted);
    assert_eq!(ended.message, after(500));
    let (did, ended) = run(WORK_ENDS_MS, Claimed::Unknown, Sent::Accepted);
    assert_eq!((did, ended.outcome), (vec!["claim", "tell"], Outcome::Notified));
    let killed = mine(Failure::None, true);
    let (did, _) = run_with(receive(1, RUNS_MS), RUNS_MS, killed, false, Sent::Accepted);
    assert_eq!(did, ["claim", "give up", "release"], "an uncertain record is no record");
    let (did, _) = run_with(receive(1, WORK_ENDS_MS), WORK_ENDS_MS, killed, false, Sent::Accepted);
    assert_eq!(did, ["claim", "give up", "tell"]);
}

#[test]
fn a_watchdog_that_discord_makes_wait_90_seconds_tells_then() {
    let killed = mine(Failure::None, true);
    let (_, ended) = run(RUNS_MS, killed, Sent::Wait(Duration::from_secs(90)));
    assert_eq!((ended.outcome, ended.message), (Outcome::Waiting, after(90_000)));
    let (did, ended) = run(RUNS_MS + 90_000, mine(Failure::Untold, false), Sent::Accepted);
    assert_eq!((did, ended.outcome), (vec!["claim", "tell", "record"], Outcome::Notified));
}

#[test]
fn discord_is_asked_again_until_a_little_before_the_token_expires() {
    let untold = mine(Failure::Untold, false);
    let (_, ended) = run(REPLY_MS, untold, Sent::Later);
    assert_eq!(ended.message, after(2_000));
    let (_, ended) = run(LAST_MS - 1_000, untold, Sent::Later);
    assert_eq!(ended.message, after(1_000));
    for (begun_ms, sent) in [
        (LAST_MS, Sent::Later),
        (LAST_MS - 1_000, Sent::Wait(Duration::from_millis(1_001))),
        (REPLY_MS, Sent::Never),
        (REPLY_MS, Sent::Expired),
        (LAST_MS + 1, Sent::Accepted),
    ] {
        let (did, ended) = run(begun_ms, untold, sent);
        let expected = Ended { outcome: Outcome::Abandoned, message: Disposition::Delete };
        assert_eq!(ended, expected, "{begun_ms} {sent:?} {did:?}");
    }
}

fn any_time() -> impl Strategy<Value = Duration> {
    (0_u64..120).prop_map(Duration::from_secs)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_watchdog_tells_once_releases_its_claim_and_ends_when_its_time_is_over(
        count in 1_u32..=60,
        begun_ms in 700_000_u64..1_000_000,
        lease in any_time(),
        claim in 0_usize..7,
        is_certain: bool,
        sent in 0_usize..7,
        wait in any_time(),
        jitter in 0_u32..1_000,
    ) {
        let lease_until = at(begun_ms) + lease;
        let claimed = [
            mine(Failure::None, true), mine(Failure::None, false), mine(Failure::Untold, false),
            mine(Failure::Told, false), Claimed::Done, Claimed::Busy { lease_until }, Claimed::Unknown,
        ][claim];
        let answers = [
            Sent::Accepted, Sent::Gone, Sent::UnknownWebhook, Sent::Expired, Sent::Wait(wait), Sent::Later,
            Sent::Never,
        ];
        let receive = Receive { jitter, ..receive(count, begun_ms) };
        let (did, ended) = run_with(receive, begun_ms, claimed, is_certain, answers[sent]);
        if begun_ms >= LAST_MS {
            prop_assert_eq!(ended.message, Disposition::Delete, "{:?}", did);
        }
        if let Disposition::RetryAfter(after) = ended.message {
            let comes_back = at(begun_ms) + after;
            let is_busy = did == ["claim"];
            prop_assert!(comes_back <= at(LAST_MS) || is_busy, "{did:?} {ended:?}");
        }
        let told = did.iter().filter(|it| **it == "tell").count();
        prop_assert!(told <= 1);
        if begun_ms < WORK_ENDS_MS && told == 1 {
            let is_recorded = matches!(claimed, Claimed::Mine { failure: Failure::Untold, .. })
                || did.contains(&"give up") && is_certain;
            prop_assert!(is_recorded, "no effect may follow: {did:?}");
        }
        if matches!(claimed, Claimed::Done | Claimed::Mine { failure: Failure::Told, .. }) {
            prop_assert_eq!(told, 0);
        }
        if matches!(claimed, Claimed::Mine { .. }) {
            let freed = did.iter().filter(|it| ["record", "release"].contains(it)).count();
            prop_assert!(freed == 1 || told == 1 && !is_certain, "{did:?}");
        }
    }
}
