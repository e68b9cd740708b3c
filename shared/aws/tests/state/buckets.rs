//! Rate limits that several environments count concurrently.

use domain::{
    gcra::{Decision, Gcra},
    rate::{Bucket, BucketOwner, Class, InteractionKind, Unshared},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use steward_aws::SharedDecision;

use crate::fixture::{Fixture, guild, now, user};

const LIMIT: Gcra = Gcra::new(5, 1_000);

fn of_user(id: u64) -> Bucket {
    Bucket { owner: BucketOwner::User(user(id)), class: Class::Normal, kind: InteractionKind::Command }
}

fn after(ms: i64) -> Timestamp {
    now() + SignedDuration::from_millis(ms)
}

/// One request, of an environment that knows nothing of the bucket.
const ONE: Unshared = Unshared { requests: 1, is_in_use: false };

async fn decide(
    fixture: &Fixture,
    bucket: Bucket,
    limit: Gcra,
    unshared: Unshared,
    at: Timestamp,
) -> Decision {
    match fixture.buckets().decide(bucket, limit, unshared, at).await.unwrap() {
        SharedDecision::Decided(decision) => decision,
        SharedDecision::Throttled => panic!("throttled"),
    }
}

async fn ask(fixture: &Fixture, bucket: Bucket, at: Timestamp) -> Decision {
    decide(fixture, bucket, LIMIT, ONE, at).await
}

#[tokio::test]
async fn a_burst_is_let_in_and_then_one_in_each_period() {
    let fixture = Fixture::open().await;
    for ms in [0, 1, 2, 3, 4] {
        assert_eq!(
            ask(&fixture, of_user(1), after(ms)).await,
            Decision::Allowed { tat: after(1_000 * (ms + 1)) }
        );
    }
    for ms in [5, 999] {
        assert_eq!(ask(&fixture, of_user(1), after(ms)).await, Decision::Wait { until: after(1_000) });
    }
    assert_eq!(ask(&fixture, of_user(1), after(1_000)).await, Decision::Allowed { tat: after(6_000) });
    assert_eq!(ask(&fixture, of_user(1), after(1_001)).await, Decision::Wait { until: after(2_000) });
    assert_eq!(ask(&fixture, of_user(1), after(9_000)).await, Decision::Allowed { tat: after(10_000) });
}

#[tokio::test]
async fn each_bucket_is_counted_for_itself() {
    let fixture = Fixture::open().await;
    let narrow = Gcra::new(1, 60_000);
    let pressed = Bucket { kind: InteractionKind::Component, ..of_user(1) };
    let heavy = Bucket { class: Class::Heavy, ..of_user(1) };
    let together = Bucket { owner: BucketOwner::Guild(guild()), ..of_user(1) };
    // A user with the same id as the guild.
    let namesake = of_user(guild().get());
    for bucket in [of_user(1), of_user(2), pressed, heavy, together, namesake] {
        let first = decide(&fixture, bucket, narrow, ONE, now()).await;
        assert_eq!(first, Decision::Allowed { tat: after(60_000) }, "{bucket:?}");
        let second = decide(&fixture, bucket, narrow, ONE, now()).await;
        assert_eq!(second, Decision::Wait { until: after(60_000) }, "{bucket:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn environments_that_ask_at_once_never_let_in_more_than_one_would() {
    let fixture = Fixture::open().await;
    for (round, second) in [0, 2, 60].into_iter().enumerate() {
        let asks = (0..8).flat_map(|environment| (0..5).map(move |ms| (environment, ms))).map(|(_, ms)| {
            // A client per environment; their clocks differ a little, and so does what they know of the bucket.
            let fixture = fixture.clone();
            let at = after(second * 1_000 + ms);
            let unshared = Unshared { requests: 1, is_in_use: ms % 2 == 0 };
            tokio::spawn(async move { decide(&fixture, of_user(1), LIMIT, unshared, at).await })
        });
        let asks: Vec<_> = asks.collect();
        let mut let_in = 0;
        for decided in asks {
            let_in += usize::from(matches!(decided.await.unwrap(), Decision::Allowed { .. }));
        }
        assert_eq!(let_in, [5, 2, 5][round], "after {second} s");
    }
}

#[tokio::test]
async fn a_bucket_is_one_number_that_expires_when_it_is_empty_whatever_it_held() {
    let fixture = Fixture::open().await;
    ask(&fixture, of_user(1), now()).await;
    ask(&fixture, of_user(1), now()).await;
    let expected = json!({
        "pk": {"S": "RATE#USER#1#normal#command"},
        "v": {"N": "1"},
        "tat": {"N": after(2_000).as_millisecond().to_string()},
        "expires_at": {"N": (now().as_second() + 6).to_string()},
    });
    assert_eq!(fixture.ephemeral_items(), [expected]);
}

#[tokio::test]
async fn what_an_environment_has_counted_alone_is_counted_with_the_request_that_shares_it() {
    let fixture = Fixture::open().await;
    let four = |is_in_use| Unshared { requests: 4, is_in_use };
    let shared = |is_in_use, ms| decide(&fixture, of_user(1), LIMIT, four(is_in_use), after(ms));
    assert_eq!(shared(true, 0).await, Decision::Allowed { tat: after(4_000) }, "it only saves a write");
    // There is room for one, and the other three have been let in already.
    assert_eq!(shared(false, 0).await, Decision::Allowed { tat: after(8_000) });
    assert_eq!(shared(true, 3_999).await, Decision::Wait { until: after(4_000) });
    let stored = &fixture.ephemeral_items()[0];
    assert_eq!(stored["expires_at"]["N"], (now().as_second() + 9).to_string());
}
