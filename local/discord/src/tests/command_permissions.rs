//! Command permissions of guilds, and the daily limit of new commands.

use std::time::Duration;

use serde_json::{Value, json};

use super::places::{channel, guild, role, user};
use crate::testing::{Answer, TestApp};

const FINCH: &str = "Bartholomew Finch";
const ZDENKA: &str = "Zdenka Vlasak";
const OFF_HERE: &str = "the guild has switched it off in this channel";
const NOT_FOR_THEM: &str = "the guild has not allowed it to them";

async fn app() -> TestApp {
    TestApp::open(|_| json!({ "type": 5 })).await
}

async fn id_of(app: &TestApp, name: &str) -> String {
    let all = format!("/applications/{}/commands", app.discord.application_id());
    let list = app.call("GET", &all, None).await.body;
    let found = list.as_array().unwrap().iter().find(|command| command["name"] == name);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

/// A call with the bearer token of the application's owner.
async fn owner(app: &TestApp, method: &str, path: &str, body: Option<Value>) -> Answer {
    let authorization = format!("Bearer {}", app.discord.bearer_token());
    app.json(method, path, &authorization, body).await
}

fn path(app: &TestApp, command: &str) -> String {
    let (application, guild) = (app.discord.application_id(), guild(app, 0).id);
    format!("/applications/{application}/guilds/{guild}/commands/{command}/permissions")
}

async fn permit(app: &TestApp, command: &str, entries: Value) {
    let body = Some(json!({ "permissions": entries }));
    let answer = owner(app, "PUT", &path(app, command), body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn entry(kind: u8, id: impl ToString, permission: bool) -> Value {
    json!({ "id": id.to_string(), "type": kind, "permission": permission })
}

async fn obstacle(app: &TestApp, user: &str, channel: &str, line: &str) -> Option<String> {
    let refused = app.discord.say(user, channel, line).await.err()?;
    refused.to_string().split_once(" here: ").map(|(_, why)| why.to_owned())
}

#[tokio::test]
async fn overwrites_for_roles_people_and_channels_take_effect_in_what_is_offered() {
    let app = app().await;
    let ping = id_of(&app, "ping").await;
    let everyone = guild(&app, 0).id;
    permit(
        &app,
        &ping,
        json!([
            entry(1, everyone, false),
            entry(1, role(&app, "Moderator"), true),
            entry(2, user(&app, FINCH), true),
            entry(3, channel(&app, "weather"), false),
        ]),
    )
    .await;
    let why = |user, channel| obstacle(&app, user, channel, "/ping");
    assert_eq!(why(ZDENKA, "general").await.as_deref(), Some(NOT_FOR_THEM));
    assert_eq!(why("Leocadia Brandt", "general").await, None);
    assert_eq!(why(FINCH, "general").await, None);
    assert_eq!(why(FINCH, "tea-talk").await, None);
    assert_eq!(why(FINCH, "weather").await.as_deref(), Some(OFF_HERE));
    assert_eq!(why("Ottilie Quandt", "weather").await, None, "the owner may all");
    assert_eq!(why("Hannelore Kiesewetter", "stammtisch").await, None, "another guild said nothing");
}

#[tokio::test]
async fn one_channel_can_be_opened_where_all_are_closed_and_its_threads_with_it() {
    let app = app().await;
    let ping = id_of(&app, "ping").await;
    let all_channels = guild(&app, 0).id.to_string().parse::<u64>().unwrap() - 1;
    permit(&app, &ping, json!([entry(3, all_channels, false), entry(3, channel(&app, "general"), true),]))
        .await;
    let why = |channel| obstacle(&app, FINCH, channel, "/ping");
    assert_eq!(why("general").await, None);
    assert_eq!(why("tea-talk").await, None);
    assert_eq!(why("weather").await.as_deref(), Some(OFF_HERE));
    assert_eq!(obstacle(&app, FINCH, "dm", "/ping").await, None);
}

#[tokio::test]
async fn an_overwrite_opens_what_by_default_is_for_administrators() {
    let app = app().await;
    app.register(json!([{ "name": "reset", "description": "x", "default_member_permissions": "0" }])).await;
    let reset = id_of(&app, "reset").await;
    let why = || obstacle(&app, FINCH, "general", "/reset");
    assert_eq!(why().await.as_deref(), Some("it needs ADMINISTRATOR"));
    permit(&app, &reset, json!([entry(2, user(&app, FINCH), true)])).await;
    assert_eq!(why().await, None);
}

#[tokio::test]
async fn a_test_can_say_what_the_administrators_of_a_guild_would() {
    let app = app().await;
    let (guild, ping) = (guild(&app, 0).id, id_of(&app, "ping").await);
    let said = json!([entry(1, guild, false)]);
    app.discord.set_command_permissions(guild, ping.parse().unwrap(), said.clone()).unwrap();
    assert_eq!(obstacle(&app, FINCH, "general", "/ping").await.as_deref(), Some(NOT_FOR_THEM));
    let read = app.call("GET", &path(&app, &ping), None).await.body;
    assert_eq!(read["permissions"], said);
}

#[tokio::test]
async fn what_is_said_of_the_application_counts_for_commands_of_which_nothing_is_said() {
    let app = app().await;
    let (application, ping) = (app.discord.application_id().to_string(), id_of(&app, "ping").await);
    permit(&app, &application, json!([entry(1, guild(&app, 0).id, false)])).await;
    assert_eq!(obstacle(&app, FINCH, "general", "/ping").await.as_deref(), Some(NOT_FOR_THEM));
    permit(&app, &ping, json!([entry(1, guild(&app, 0).id, true)])).await;
    assert_eq!(obstacle(&app, FINCH, "general", "/ping").await, None);
    let weather = obstacle(&app, FINCH, "general", "/weather place:Paris").await;
    assert_eq!(weather.as_deref(), Some(NOT_FOR_THEM));
}

#[tokio::test]
async fn a_command_that_is_renamed_or_deleted_loses_its_permissions() {
    let app = app().await;
    let all = format!("/applications/{}/commands", app.discord.application_id());
    for (name, method, body) in
        [("ping", "PATCH", Some(json!({ "name": "pong" }))), ("coins", "DELETE", None)]
    {
        let command = id_of(&app, name).await;
        permit(&app, &command, json!([entry(1, guild(&app, 0).id, false)])).await;
        app.call(method, &format!("{all}/{command}"), body).await;
        assert_eq!(app.call("GET", &path(&app, &command), None).await.status, 404, "{name}");
    }
    let weather = id_of(&app, "weather").await;
    permit(&app, &weather, json!([entry(1, guild(&app, 0).id, false)])).await;
    app.register(crate::testing::definitions()).await;
    assert_eq!(app.call("GET", &path(&app, &weather), None).await.status, 200, "it kept its name");
    app.register(json!([])).await;
    let left = path(&app, "x").replace("/x/permissions", "/permissions");
    assert_eq!(app.call("GET", &left, None).await.body, json!([]));
}

#[tokio::test]
async fn two_hundred_new_commands_are_the_most_of_a_day_in_each_scope() {
    let app = app().await;
    let register = async |names: std::ops::Range<usize>| {
        app.clock.advance(Duration::from_secs(1));
        let commands: Value = names.map(|n| json!({ "name": format!("n{n}"), "description": "x" })).collect();
        app.register(commands).await
    };
    // Three commands were registered when the app was opened.
    assert_eq!(register(0..100).await.status, 200);
    assert_eq!(register(0..100).await.status, 200, "old names do not count");
    assert_eq!(register(100..197).await.status, 200);
    let refused = register(200..201).await;
    assert_eq!((refused.status, &refused.body["code"]), (429, &json!(30034)));
    let wait = refused.body["retry_after"].as_f64().unwrap();
    assert!(wait > 23.0 * 3600.0 && wait <= 24.0 * 3600.0, "{wait}");
    assert_eq!(register(100..197).await.status, 200, "what is there can still be changed");
    let guild = guild(&app, 0).id;
    let own = format!("/applications/{}/guilds/{guild}/commands", app.discord.application_id());
    let other = json!({ "name": "beer", "description": "x" });
    assert_eq!(app.call("POST", &own, Some(other)).await.status, 201, "a guild counts for itself");
    app.clock.advance(Duration::from_secs_f64(wait));
    assert_eq!(register(200..201).await.status, 200);
}

#[tokio::test]
async fn the_owners_token_registers_commands_and_opens_nothing_else() {
    let app = app().await;
    let all = format!("/applications/{}/commands", app.discord.application_id());
    let command = Some(json!({ "name": "beer", "description": "x" }));
    assert_eq!(owner(&app, "POST", &all, command).await.status, 201);
    assert_eq!(owner(&app, "GET", "/applications/@me", None).await.status, 401);
    let wrong = app.raw("GET", &all, "Bearer wrong", "application/json", String::new()).await;
    assert_eq!(wrong.status, 401);
}
