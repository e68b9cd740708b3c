//! Items of the previous version, of a later one, and with unknown attributes.

use domain::{
    breaker::{Dependency, Open},
    flags::Edit,
};
use serde_json::{Value, json};
use steward_aws::{
    Breakers, Cached, Claim, Claims, ComponentState, DiscordLimits, Lease, Purpose, Seconds,
    tables::EPHEMERAL,
};

use crate::fixture::{Fixture, days, interaction, now};

/// Items of the table Ephemeral from before they had a version.
fn unnumbered() -> [Value; 5] {
    let (expires_at, soon) = ((now() + days(1)).as_second(), now().as_millisecond() + 60_000);
    let (expires_at, soon) = (json!({"N": expires_at.to_string()}), json!({"N": soon.to_string()}));
    [
        json!({
            "pk": {"S": "IDEM#jobs#1"}, "status": {"S": "INPROGRESS"}, "holder": {"S": "7"},
            "lease_until": soon, "expires_at": expires_at,
        }),
        json!({"pk": {"S": "CACHE#a"}, "value": {"S": "b"}, "fetched_at": soon, "expires_at": expires_at}),
        json!({"pk": {"S": "STATE#a"}, "state": {"B": "AP8="}, "expires_at": expires_at}),
        json!({
            "pk": {"S": "BREAKER#open-meteo-forecasts"}, "holder": {"S": "7"}, "open_until": soon,
            "failed_probes": {"N": "0"}, "expires_at": expires_at,
        }),
        json!({"pk": {"S": "DISCORD#LIMITS"}, "closed_until": soon, "expires_at": expires_at}),
    ]
}

#[tokio::test]
async fn what_was_written_without_a_version_is_of_the_first() {
    let fixture = Fixture::open().await;
    unnumbered().iter().for_each(|item| fixture.plant_in(EPHEMERAL.name, item));
    let aws = fixture.aws();
    let soon = now() + jiff::SignedDuration::from_secs(60);
    let claim = aws
        .store::<Claims>()
        .claim("jobs", interaction(1), Lease { holder: 8, until: soon }, Purpose::Attempt, now())
        .await;
    assert_eq!(claim, Ok(Claim::Busy(soon)));
    let cached = Cached { value: "b".to_owned(), fetched_at: soon, expires_at: Seconds(now() + days(1)) };
    assert_eq!(aws.store::<Cached>().get("a", now()).await, Ok(Some(cached)));
    assert_eq!(aws.store().get("a", now()).await, Ok(Some(ComponentState(vec![0, 255]))));
    let open = Open { until: soon, failed_probes: 0 };
    assert_eq!(aws.store::<Breakers>().load(Dependency::Forecasts, now()).await, Ok(Some(open)));
    assert_eq!(aws.store::<DiscordLimits>().load().await.unwrap().closed_until, Some(soon));
}

#[tokio::test]
async fn what_a_later_version_has_written_is_a_fault() {
    let fixture = Fixture::open().await;
    for mut item in unnumbered() {
        item["v"] = json!({"N": "2"});
        fixture.plant_in(EPHEMERAL.name, &item);
    }
    let aws = fixture.aws();
    let claim = aws
        .store::<Claims>()
        .claim("jobs", interaction(1), Lease { holder: 8, until: now() }, Purpose::Attempt, now())
        .await;
    assert_eq!(claim.unwrap_err().code, "version 2");
    assert_eq!(aws.store::<Cached>().get("a", now()).await.unwrap_err().code, "version 2");
    assert_eq!(aws.store::<ComponentState>().get("a", now()).await.unwrap_err().code, "version 2");
    let open = aws.store::<Breakers>().load(Dependency::Forecasts, now()).await;
    assert_eq!(open.unwrap_err().code, "version 2");
    assert_eq!(aws.store::<DiscordLimits>().load().await.unwrap_err().code, "version 2");
}

#[tokio::test]
async fn an_attribute_of_another_version_survives_a_change() {
    let fixture = Fixture::open().await;
    let mut flags = json!({
        "pk": {"S": "FLAGS"}, "sk": {"S": "CURRENT"}, "v": {"N": "1"}, "version": {"N": "7"},
        "flags": {"M": {"help": {"M": {"percent": {"N": "10"}}}}}, "note": {"S": "by another version"},
    });
    fixture.plant(&flags);
    fixture.flags().edit("help", &Edit::Percent(20), now()).await.unwrap();
    flags["version"] = json!({"N": "8"});
    flags["flags"]["M"]["help"]["M"]["percent"] = json!({"N": "20"});
    assert_eq!(fixture.items(), [flags]);
}
