//! What is stored of guilds, members, buttons, limits and breakers, in the DynamoDB emulator.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod breakers;
mod buckets;
mod claims;
mod connections;
mod discord_limits;
mod fixture;
mod flags;
mod retries;
mod settings;
mod versions;

use domain::{Home, repeat::Name, weather::Coordinates};
use jiff::SignedDuration;
use serde_json::json;
use steward_aws::ComponentState;

use fixture::{Fixture, interaction, now, user};

#[tokio::test]
async fn a_home_is_remembered_moved_and_forgotten() {
    let fixture = Fixture::open().await;
    let homes = fixture.aws().store::<Home>();
    let home = |east, shared| {
        Home::new(Coordinates::from_hundredths(4_886, east).unwrap(), Name::of("Paris"), shared)
    };
    assert_eq!(homes.get(user(1), now()).await, Ok(None));
    for (id, stays) in [(8, home(235, true)), (10, home(-1, false))] {
        homes.set(user(1), &stays, interaction(id), now()).await.unwrap();
        homes.set(user(1), &stays, interaction(id), now()).await.unwrap();
        assert_eq!(homes.get(user(1), now()).await, Ok(Some(stays)));
    }
    homes.set(user(1), &home(0, true), interaction(9), now()).await.unwrap();
    assert_eq!(homes.get(user(1), now()).await, Ok(Some(home(-1, false))), "a late repetition moves nobody");
    let stored = json!({
        "pk": {"S": "USER#1"}, "sk": {"S": "HOME"}, "owner": {"S": "USER#1"}, "v": {"N": "1"},
        "place": {"S": "4886:-1"}, "label": {"S": "Paris"}, "shared": {"BOOL": false},
        "changed_at": {"N": now().as_millisecond().to_string()}, "changed_by_interaction": {"N": "10"},
    });
    assert_eq!(fixture.items(), [stored]);
    assert_eq!(homes.get(user(2), now()).await, Ok(None));
    assert_eq!(homes.forget(user(1), interaction(9), now()).await, Ok(Some(home(-1, false))), "set later");
    for _ in 0..2 {
        assert_eq!(homes.forget(user(1), interaction(11), now()).await, Ok(None));
        assert_eq!(homes.get(user(1), now()).await, Ok(None));
    }
    assert_eq!(homes.set(user(1), &home(0, true), interaction(10), now()).await, Ok(None), "forgotten since");
    assert_eq!(homes.get(user(1), now()).await, Ok(None));
    homes.set(user(1), &home(0, true), interaction(12), now()).await.unwrap();
    assert_eq!(homes.get(user(1), now()).await, Ok(Some(home(0, true))));
}

#[tokio::test]
async fn a_home_of_an_unknown_version_is_a_fault_and_is_not_overwritten() {
    let fixture = Fixture::open().await;
    let later =
        json!({"pk": {"S": "USER#1"}, "sk": {"S": "HOME"}, "owner": {"S": "USER#1"}, "v": {"N": "2"}});
    fixture.plant(&later);
    let homes = fixture.aws().store::<Home>();
    assert_eq!(homes.get(user(1), now()).await.unwrap_err().code, "version 2");
    let home = Home::new(Coordinates::from_hundredths(0, 0).unwrap(), Name::of(""), false);
    assert_eq!(homes.set(user(1), &home, interaction(1), now()).await.unwrap_err().code, "version 2");
    assert_eq!(fixture.items(), [later]);
}

#[tokio::test]
async fn the_state_of_a_button_is_found_until_its_time_is_over() {
    let fixture = Fixture::open().await;
    let kept = fixture.aws().store::<ComponentState>();
    let state = ComponentState(vec![0, 255, 10, 128]);
    for _ in 0..2 {
        kept.put("a", &state, now()).await.unwrap();
    }
    let found =
        |seconds| kept.get("a", now() + SignedDuration::from_hours(24) - SignedDuration::from_secs(seconds));
    assert_eq!(found(86_400).await, Ok(Some(state.clone())));
    assert_eq!(found(1).await, Ok(Some(state)));
    assert_eq!(found(0).await, Ok(None), "it is still in the table, and expired");
    assert_eq!(kept.get("b", now()).await, Ok(None));
}
