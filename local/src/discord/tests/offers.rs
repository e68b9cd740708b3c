//! Which commands are offered to whom, and by whose installation.

use serde_json::{Value, json};

use super::house::House;
use crate::discord::{
    Error, Seen,
    world::{self, permissions::EVERYONE},
};

const OUTSIDER: &str = "Emeric Vanterpool";

fn hello(_: &Value) -> Value {
    json!({ "type": 4, "data": { "content": "hello" } })
}

async fn house(commands: Value) -> House {
    let house = House::open(hello).await;
    assert_eq!(house.register(commands).await.status, 200);
    house
}

fn command(name: &str, more: Value) -> Value {
    let mut command = json!({ "name": name, "description": "x" });
    for (key, value) in more.as_object().unwrap() {
        command[key] = value.clone();
    }
    command
}

async fn sent(house: &House, user: &str, channel: &str, line: &str) -> Value {
    let id = house.discord.say(user, channel, line).await.unwrap();
    house.settled(id).await;
    house.last()
}

#[tokio::test]
async fn a_command_is_offered_only_to_whom_it_is_for_and_where() {
    let house = house(json!([
        command("settings", json!({ "default_member_permissions": "32" })),
        command("purge", json!({ "default_member_permissions": "8192" })),
        command("reset", json!({ "default_member_permissions": "0" })),
        command("cards", json!({ "nsfw": true })),
        command("secret", json!({ "contexts": [1] })),
        command("rooms", json!({ "contexts": [0] })),
    ]))
    .await;
    let (zdenka, leocadia, ottilie) = ("Zdenka Vlasak", "Leocadia Brandt", "Ottilie Quandt");
    for (user, channel, name, why) in [
        (zdenka, "general", "settings", "it needs MANAGE_GUILD"),
        (leocadia, "general", "reset", "it needs ADMINISTRATOR"),
        (zdenka, "general", "cards", "it needs an age-restricted channel"),
        (zdenka, "general", "secret", "it is not for guilds"),
        (zdenka, "dm", "rooms", "it is not for direct messages with the application"),
        (OUTSIDER, "dm", "secret", "it is not a command of a user installation"),
    ] {
        let refused = house.discord.say(user, channel, &format!("/{name}")).await.unwrap_err();
        assert_eq!(refused.to_string(), format!("{user} is not offered `/{name}` here: {why}"));
    }
    assert!(house.received.lock().unwrap().is_empty());
    for (user, channel, line) in [
        (ottilie, "general", "/settings"),
        (ottilie, "general", "/reset"),
        (leocadia, "general", "/purge"),
        (zdenka, "cellar", "/cards"),
        (zdenka, "dm", "/secret"),
    ] {
        sent(&house, user, channel, line).await;
    }
}

#[tokio::test]
async fn a_user_installation_goes_everywhere_with_its_user() {
    let house =
        house(json!([command("note", json!({ "integration_types": [0, 1], "contexts": [0, 1, 2] }))])).await;
    for (channel, context) in [("lobby", 0), ("dm", 1), ("Sunday walk", 2)] {
        let sent = sent(&house, OUTSIDER, channel, "/note").await;
        let user = if context == 0 { &sent["member"]["user"] } else { &sent["user"] };
        assert_eq!(sent["context"], context, "{channel}");
        assert_eq!(sent["authorizing_integration_owners"], json!({ "1": user["id"] }), "{channel}");
    }
    let refused = house.discord.say("Bartholomew Finch", "lobby", "/note").await.unwrap_err();
    let expected = "Bartholomew Finch is not offered `/note` here: nobody here has installed it";
    assert_eq!(refused.to_string(), expected);
    let member = sent(&house, "Bartholomew Finch", "general", "/note").await;
    assert_eq!(member["authorizing_integration_owners"], json!({ "0": member["guild_id"] }));
}

/// The outsider's guild, in which everyone may do this and no more.
fn allow(house: &House, permissions: u64) {
    let write = |db: &rusqlite::Transaction<'_>| {
        let lobby = world::channels(db)?.into_iter().find(|channel| channel.name == "lobby").unwrap();
        let world::Place::Guild(id) = lobby.place else { panic!("the lobby is in a guild") };
        let mut guild = world::any_guild(db, id)?.unwrap();
        guild.roles[0].permissions = permissions;
        world::save_guild(db, &guild)
    };
    house.discord.inner.store.write::<_, Error>(write).unwrap();
}

#[tokio::test]
async fn who_may_not_use_external_apps_gets_every_answer_of_one_alone() {
    let house = house(json!([command("mine", json!({ "integration_types": [0, 1] }))])).await;
    let private = async |user: &str, channel: &str| {
        let id = house.discord.say(user, channel, "/mine").await.unwrap();
        let first = house.settled(id).await.message().unwrap()["flags"] == 64;
        let more = house.call("POST", &house.webhook(), Some(json!({ "content": "more" }))).await;
        assert_eq!(first, more.body["flags"] == 64, "{:?}", more.body);
        house.clock.advance(std::time::Duration::from_secs(2));
        first
    };
    assert!(!private(OUTSIDER, "lobby").await);
    allow(&house, EVERYONE & !(1 << 50));
    assert!(private(OUTSIDER, "lobby").await);
    assert!(!private(OUTSIDER, "Sunday walk").await, "nobody has permissions among friends");
    assert!(!private("Bartholomew Finch", "general").await, "the guild has installed it");
}

#[tokio::test]
async fn a_deferred_answer_of_an_external_app_is_private_too() {
    let house = House::open(|_| json!({ "type": 5 })).await;
    house.register(json!([command("mine", json!({ "integration_types": [1] }))])).await;
    allow(&house, EVERYONE & !(1 << 50));
    let id = house.discord.say(OUTSIDER, "lobby", "/mine").await.unwrap();
    assert_eq!(house.first_step(id).await.steps[0].seen, Seen::Thinking { private: true });
    let edited = house.edit_original(json!({ "content": "done" })).await;
    assert_eq!((edited.status, &edited.body["flags"]), (200, &json!(64)));
}
