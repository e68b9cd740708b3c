//! Which commands are offered to which users, and by which installation.

use serde_json::{Value, json};

use crate::{
    Error, Seen,
    model::{self, permissions::EVERYONE},
    testing::TestApp,
};

const OUTSIDER: &str = "Emeric Vanterpool";

fn hello(_: &Value) -> Value {
    json!({ "type": 4, "data": { "content": "hello" } })
}

async fn app(commands: Value) -> TestApp {
    let app = TestApp::open(hello).await;
    assert_eq!(app.register(commands).await.status, 200);
    app
}

fn command(name: &str, more: Value) -> Value {
    let mut command = json!({ "name": name, "description": "x" });
    for (key, value) in more.as_object().unwrap() {
        command[key] = value.clone();
    }
    command
}

async fn sent(app: &TestApp, user: &str, channel: &str, line: &str) -> Value {
    let id = app.discord.say(user, channel, line).await.unwrap();
    app.settled(id).await;
    app.last()
}

#[tokio::test]
async fn a_command_is_offered_only_to_whom_it_is_for_and_where() {
    let app = app(json!([
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
        let refused = app.discord.say(user, channel, &format!("/{name}")).await.unwrap_err();
        assert_eq!(refused.to_string(), format!("{user} is not offered `/{name}` here: {why}"));
    }
    assert!(app.received.lock().unwrap().is_empty());
    for (user, channel, line) in [
        (ottilie, "general", "/settings"),
        (ottilie, "general", "/reset"),
        (leocadia, "general", "/purge"),
        (zdenka, "cellar", "/cards"),
        (zdenka, "dm", "/secret"),
    ] {
        sent(&app, user, channel, line).await;
    }
}

#[tokio::test]
async fn a_user_installation_goes_everywhere_with_its_user() {
    let app =
        app(json!([command("note", json!({ "integration_types": [0, 1], "contexts": [0, 1, 2] }))])).await;
    for (channel, context) in [("lobby", 0), ("dm", 1), ("Sunday walk", 2)] {
        let sent = sent(&app, OUTSIDER, channel, "/note").await;
        let user = if context == 0 { &sent["member"]["user"] } else { &sent["user"] };
        assert_eq!(sent["context"], context, "{channel}");
        assert_eq!(sent["authorizing_integration_owners"], json!({ "1": user["id"] }), "{channel}");
    }
    let refused = app.discord.say("Bartholomew Finch", "lobby", "/note").await.unwrap_err();
    let expected = "Bartholomew Finch is not offered `/note` here: nobody here has installed it";
    assert_eq!(refused.to_string(), expected);
    let member = sent(&app, "Bartholomew Finch", "general", "/note").await;
    assert_eq!(member["authorizing_integration_owners"], json!({ "0": member["guild_id"] }));
}

/// Sets the permissions of @everyone in the outsider's guild.
fn allow(app: &TestApp, permissions: u64) {
    let write = |db: &rusqlite::Transaction<'_>| {
        let lobby = model::channels(db)?.into_iter().find(|channel| channel.name == "lobby").unwrap();
        let model::ChannelContext::Guild(id) = lobby.place else { panic!("the lobby is in a guild") };
        let mut guild = model::any_guild(db, id)?.unwrap();
        guild.roles[0].permissions = permissions;
        model::save_guild(db, &guild)
    };
    app.discord.inner.store.write::<_, Error>(write).unwrap();
}

#[tokio::test]
async fn who_may_not_use_external_apps_gets_every_answer_of_one_alone() {
    let app = app(json!([command("mine", json!({ "integration_types": [0, 1] }))])).await;
    let private = async |user: &str, channel: &str| {
        let id = app.discord.say(user, channel, "/mine").await.unwrap();
        let first = app.settled(id).await.message().unwrap()["flags"] == 64;
        let more = app.call("POST", &app.webhook(), Some(json!({ "content": "more" }))).await;
        assert_eq!(first, more.body["flags"] == 64, "{:?}", more.body);
        app.clock.advance(std::time::Duration::from_secs(2));
        first
    };
    assert!(!private(OUTSIDER, "lobby").await);
    allow(&app, EVERYONE & !(1 << 50));
    assert!(private(OUTSIDER, "lobby").await);
    assert!(!private(OUTSIDER, "Sunday walk").await, "nobody has permissions among friends");
    assert!(!private("Bartholomew Finch", "general").await, "the guild has installed it");
}

#[tokio::test]
async fn a_deferred_answer_of_an_external_app_is_private_too() {
    let app = TestApp::open(|_| json!({ "type": 5 })).await;
    app.register(json!([command("mine", json!({ "integration_types": [1] }))])).await;
    allow(&app, EVERYONE & !(1 << 50));
    let id = app.discord.say(OUTSIDER, "lobby", "/mine").await.unwrap();
    assert_eq!(app.first_step(id).await.steps[0].seen, Seen::Thinking { private: true });
    let edited = app.edit_original(json!({ "content": "done" })).await;
    assert_eq!((edited.status, &edited.body["flags"]), (200, &json!(64)));
}
