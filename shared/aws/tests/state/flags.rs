//! The stored feature flags.

use domain::{Flags, flags::Edit};
use serde_json::json;

use crate::fixture::{Fixture, guild, now};

#[tokio::test]
async fn flags_are_one_item_that_says_what_an_operator_said() {
    let fixture = Fixture::open().await;
    let flags = fixture.flags();
    assert_eq!(flags.load((), now()).await, Ok(Flags::default()));
    flags.edit("Convert units", &Edit::Percent(10), now()).await.unwrap();
    let after = flags.edit("weather", &Edit::Override(guild(), Some(false)), now()).await.unwrap();
    assert_eq!(flags.load((), now()).await, Ok(after.clone()));
    assert!(!after.is_on("weather", Some(guild())) && after.is_on("weather", None));
    let expected = json!({
        "pk": {"S": "FLAGS"}, "sk": {"S": "CURRENT"}, "v": {"N": "1"}, "version": {"N": "2"},
        "flags": {"M": {
            "Convert units": {"M": {"percent": {"N": "10"}}},
            "weather": {"M": {"percent": {"N": "100"}, "off": {"SS": [guild().to_string()]}}},
        }},
    });
    assert_eq!(fixture.items(), [expected]);
}

#[tokio::test]
async fn operators_who_change_flags_at_once_both_get_what_they_want() {
    let fixture = Fixture::open().await;
    let (one, other) = (fixture.flags(), fixture.flags());
    let (weather, help) = tokio::join!(
        one.edit("weather", &Edit::Percent(1), now()),
        other.edit("help", &Edit::Percent(2), now()),
    );
    weather.unwrap();
    help.unwrap();
    let both = Flags::default().apply("weather", &Edit::Percent(1)).apply("help", &Edit::Percent(2));
    assert_eq!(fixture.flags().load((), now()).await, Ok(both));
}

#[tokio::test]
async fn flags_of_an_unknown_version_are_a_fault_and_are_not_overwritten() {
    let fixture = Fixture::open().await;
    let later = json!({"pk": {"S": "FLAGS"}, "sk": {"S": "CURRENT"}, "v": {"N": "2"}});
    fixture.plant(&later);
    assert_eq!(fixture.flags().load((), now()).await.unwrap_err().code, "version 2");
    fixture.flags().edit("weather", &Edit::Percent(1), now()).await.unwrap_err();
    assert_eq!(fixture.items(), [later]);
}
