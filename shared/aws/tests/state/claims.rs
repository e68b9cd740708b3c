//! Claims: attempts are counted, a failure for good stays, and only an operator takes it back.

use domain::attempt::Failure;
use jiff::SignedDuration;
use steward_aws::{Claim, Claims, Held, Lease, Purpose, Store};

use crate::fixture::{Fixture, interaction, now};

fn lease(holder: u64) -> Lease {
    Lease { holder, until: now() + SignedDuration::from_secs(30) }
}

async fn claimed(claims: &Store<Claims>, holder: u64, purpose: Purpose) -> Claim {
    claims.claim("jobs", interaction(1), lease(holder), purpose, now()).await.unwrap()
}

async fn held(claims: &Store<Claims>, holder: u64, purpose: Purpose) -> Held {
    let claim = claimed(claims, holder, purpose).await;
    let Claim::Mine(held) = claim else { panic!("{claim:?}") };
    held
}

#[tokio::test]
async fn only_attempts_are_counted() {
    let fixture = Fixture::open().await;
    let claims = fixture.aws().store::<Claims>();
    for (holder, is_attempt, attempts) in
        [(1, false, 1), (2, true, 1), (3, true, 2), (4, false, 3), (5, true, 3)]
    {
        assert_eq!(held(&claims, holder, Purpose::Attempt).await.attempts, attempts, "{holder}");
        assert_eq!(claimed(&claims, 99, Purpose::Attempt).await, Claim::Busy(lease(0).until));
        claims.release("jobs", interaction(1), holder, is_attempt).await.unwrap();
    }
    assert_eq!(held(&claims, 6, Purpose::Inspection).await.attempts, 3, "a watchdog's look is none");
    claims.release("jobs", interaction(1), 6, false).await.unwrap();
}

#[tokio::test]
async fn a_claim_of_ones_own_is_recognised_and_counts_once() {
    let fixture = Fixture::open().await;
    let claims = fixture.aws().store::<Claims>();
    assert_eq!(held(&claims, 1, Purpose::Attempt).await.attempts, 1);
    assert_eq!(held(&claims, 1, Purpose::Attempt).await.attempts, 1);
}

#[tokio::test]
async fn a_holder_that_did_not_release_its_claim_was_killed() {
    let fixture = Fixture::open().await;
    let claims = fixture.aws().store::<Claims>();
    let ended = Lease { holder: 1, until: now() };
    claims.claim("jobs", interaction(1), ended, Purpose::Attempt, now()).await.unwrap();
    assert!(held(&claims, 2, Purpose::Inspection).await.was_killed);
    claims.release("jobs", interaction(1), 2, false).await.unwrap();
    assert!(!held(&claims, 3, Purpose::Inspection).await.was_killed);
}

#[tokio::test]
async fn a_failure_for_good_stays_until_an_operator_sends_the_work_back() {
    let fixture = Fixture::open().await;
    let claims = fixture.aws().store::<Claims>();
    assert_eq!(held(&claims, 1, Purpose::Attempt).await.failure(), Failure::None);
    assert_eq!(claims.give_up("jobs", interaction(1), 1, "act: as asked").await, Ok(true));
    assert_eq!(claims.give_up("jobs", interaction(1), 2, "act: of another").await, Ok(false));
    claims.release("jobs", interaction(1), 1, true).await.unwrap();
    let second = held(&claims, 2, Purpose::Attempt).await;
    assert_eq!((second.failure(), second.gave_up.as_deref()), (Failure::Untold, Some("act: as asked")));
    claims.record_told("jobs", interaction(1), 2).await.unwrap();
    assert_eq!(held(&claims, 3, Purpose::Attempt).await.failure(), Failure::Told);
    claims.complete("jobs", interaction(1), now()).await.unwrap();
    assert_eq!(claimed(&claims, 4, Purpose::Attempt).await, Claim::Done);
    let redriven = held(&claims, 5, Purpose::Redrive).await;
    assert_eq!((redriven.failure(), redriven.attempts), (Failure::None, 4));
    claims.complete("jobs", interaction(1), now()).await.unwrap();
    assert_eq!(claimed(&claims, 6, Purpose::Redrive).await, Claim::Done, "what has been done is done once");
}
