//! The shared state of a circuit breaker.

use domain::breaker::{Change, Changed, Dependency, Open};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use steward_aws::Breakers;

use crate::fixture::{Fixture, now};

const DEPENDENCY: Dependency = Dependency::Forecasts;

fn after(ms: i64) -> Timestamp {
    now() + SignedDuration::from_millis(ms)
}

fn open(until_ms: i64, failed_probes: u32) -> Option<Open> {
    Some(Open { until: after(until_ms), failed_probes })
}

async fn change(fixture: &Fixture, holder: &str, seen: Option<Open>, next: Option<Open>) -> Changed {
    let breakers = fixture.aws().store::<Breakers>();
    breakers.change(DEPENDENCY, holder, Change { seen, next }, now()).await.unwrap()
}

async fn load(fixture: &Fixture, of: Dependency, at: Timestamp) -> Option<Open> {
    fixture.aws().store::<Breakers>().load(of, at).await.unwrap()
}

#[tokio::test]
async fn it_opens_once_is_probed_opens_for_longer_and_closes() {
    let fixture = Fixture::open().await;
    assert_eq!(load(&fixture, DEPENDENCY, now()).await, None);
    let way = [None, open(10_000, 0), open(15_000, 0), open(30_001, 1), open(35_001, 1), None];
    for step in way.windows(2) {
        assert_eq!(change(&fixture, "a", step[0], step[1]).await, Changed::Made);
        assert_eq!(load(&fixture, DEPENDENCY, now()).await, step[1]);
        let late = change(&fixture, "b", open(1, 0), open(9_000, 0)).await;
        assert_eq!(late, Changed::Otherwise(step[1]), "of what has changed since");
    }
    assert_eq!(load(&fixture, Dependency::Geocoding, now()).await, None, "another's");
    assert_eq!(change(&fixture, "b", None, open(10_000, 0)).await, Changed::Made, "again");
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_known_again_by_its_maker_alone() {
    let fixture = Fixture::open().await;
    for (seen, next) in [(None, open(10_000, 0)), (open(10_000, 0), open(15_000, 0)), (open(15_000, 0), None)]
    {
        for _ in 0..2 {
            assert_eq!(change(&fixture, "a", seen, next).await, Changed::Made);
        }
        if next.is_some() {
            assert_eq!(change(&fixture, "b", seen, next).await, Changed::Otherwise(next));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_environments_that_go_for_the_probe_in_the_same_instant_one_gets_it() {
    let fixture = Fixture::open().await;
    assert_eq!(change(&fixture, "a", None, open(0, 0)).await, Changed::Made);
    let tries = (0..16).map(|environment: u32| {
        let fixture = fixture.clone();
        tokio::spawn(
            async move { change(&fixture, &environment.to_string(), open(0, 0), open(5_000, 0)).await },
        )
    });
    let mut made = 0;
    for tried in tries.collect::<Vec<_>>() {
        match tried.await.unwrap() {
            Changed::Made => made += 1,
            Changed::Otherwise(stored) => assert_eq!(stored, open(5_000, 0)),
        }
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn nobody_minds_one_that_nobody_has_probed_for_an_hour() {
    let fixture = Fixture::open().await;
    change(&fixture, "a", None, open(10_000, 7)).await;
    let expected = json!({
        "pk": {"S": "BREAKER#open-meteo-forecasts"},
        "v": {"N": "1"},
        "holder": {"S": "a"},
        "open_until": {"N": after(10_000).as_millisecond().to_string()},
        "failed_probes": {"N": "7"},
        "expires_at": {"N": (now().as_second() + 3_610).to_string()},
    });
    assert_eq!(fixture.ephemeral_items(), [expected]);
    assert_eq!(load(&fixture, DEPENDENCY, after(3_609_000)).await, open(10_000, 7));
    let later = after(3_610_000);
    assert_eq!(load(&fixture, DEPENDENCY, later).await, None, "it is still in the table, and expired");
    let again = Change { seen: None, next: open(3_620_000, 0) };
    let breakers = fixture.aws().store::<Breakers>();
    assert_eq!(breakers.change(DEPENDENCY, "b", again, later).await, Ok(Changed::Made));
}
