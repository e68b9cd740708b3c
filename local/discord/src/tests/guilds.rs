//! Guilds, members and channels, changed by the bot.

use std::time::Duration;

use axum::http::Request;
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};

use super::places::{channel, guild, promote, promote_with, role, user};
use crate::{
    delivery,
    model::{self, permissions},
    testing::{Answer, TestApp},
};

const FINCH: &str = "Bartholomew Finch";

async fn app() -> TestApp {
    let button = json!({ "type": 2, "style": 1, "label": "Go", "custom_id": "go" });
    let card = json!({ "content": "hello", "components": [{ "type": 1, "components": [button] }] });
    let app = TestApp::open(|_| json!({ "type": 5 })).await;
    let path = format!("/channels/{}/messages", channel(&app, "general"));
    assert_eq!(app.call("POST", &path, Some(card)).await.status, 200);
    app
}

fn member(app: &TestApp, name: &str) -> String {
    format!("/guilds/{}/members/{}", guild(app, 0).id, user(app, name))
}

fn code(answer: &Answer) -> (u16, u64) {
    (answer.status, answer.body["code"].as_u64().unwrap_or(0))
}

async fn change(app: &TestApp, path: &str, body: Value) -> Answer {
    app.call("PATCH", path, Some(body)).await
}

#[tokio::test]
async fn a_role_that_is_given_counts_at_once_and_ends_when_it_is_taken() {
    let app = app().await;
    let role = format!("{}/roles/{}", member(&app, FINCH), role(&app, "Muted"));
    assert_eq!(app.call("PUT", &role, None).await.status, 204);
    let id = app.discord.say(FINCH, "general", "/ping").await.unwrap();
    app.first_step(id).await;
    let held: u64 = app.last()["member"]["permissions"].as_str().unwrap().parse().unwrap();
    assert_eq!(held & permissions::SEND_MESSAGES, 0);
    assert_eq!(app.call("DELETE", &role, None).await.status, 204);
    let shown = app.call("GET", &member(&app, FINCH), None).await.body;
    assert_eq!(shown["roles"], json!([]));
}

#[tokio::test]
async fn the_timed_out_neither_use_commands_nor_press_until_it_ends() {
    let app = app().await;
    let path = format!("/channels/{}/messages", channel(&app, "general"));
    let message: crate::Snowflake =
        app.call("GET", &path, None).await.body[0]["id"].as_str().unwrap().parse().unwrap();
    let until = app.clock.now() + jiff::SignedDuration::from_hours(1);
    let wanted = json!({ "communication_disabled_until": until.to_string() });
    let silenced = change(&app, &member(&app, FINCH), wanted).await;
    assert_eq!(silenced.status, 200);
    assert!(silenced.body["communication_disabled_until"].as_str().unwrap().ends_with("+00:00"));
    assert!(app.discord.say(FINCH, "general", "/ping").await.is_err());
    let refused = app.discord.press(FINCH, message, "go").await.unwrap_err();
    assert_eq!(refused.to_string(), format!("{FINCH} is timed out"));
    assert!(app.discord.press("Zdenka Vlasak", message, "go").await.is_ok());
    app.clock.advance(Duration::from_secs(3601));
    assert!(app.discord.press(FINCH, message, "go").await.is_ok());
    assert!(app.discord.say(FINCH, "general", "/ping").await.is_ok());
}

#[tokio::test]
async fn a_timeout_lasts_at_most_four_weeks_and_spares_administrators() {
    let app = app().await;
    let at = |days: i64| {
        let until = app.clock.now() + jiff::SignedDuration::from_hours(24 * days);
        json!({ "communication_disabled_until": until.to_string() })
    };
    let finch = member(&app, FINCH);
    assert_eq!(change(&app, &finch, at(28)).await.status, 200);
    assert_eq!(code(&change(&app, &finch, at(29)).await), (400, 50035));
    let write = |db: &rusqlite::Transaction<'_>| {
        let mut guild = crate::model::guilds(db)?.remove(0);
        for role in guild.roles.iter_mut().filter(|role| role.name == "Muted") {
            role.permissions = permissions::ADMINISTRATOR;
        }
        crate::model::save_guild(db, &guild)
    };
    app.discord.inner.store.write(write).unwrap();
    let role = format!("{finch}/roles/{}", role(&app, "Muted"));
    assert_eq!(app.call("PUT", &role, None).await.status, 204);
    assert_eq!(code(&change(&app, &finch, at(1)).await), (403, 50013));
}

#[tokio::test]
async fn only_roles_below_its_own_are_the_bots_to_give_but_holders_of_any_rank_may_get_them() {
    let app = app().await;
    let owner = format!("{}/roles/{}", member(&app, "Ottilie Quandt"), role(&app, "Muted"));
    assert_eq!(app.call("PUT", &owner, None).await.status, 204, "the rank of the role counts");
    let own = format!("{}/roles/{}", member(&app, FINCH), role(&app, "Steward"));
    assert_eq!(code(&app.call("PUT", &own, None).await), (403, 50013));
    promote(&app);
    assert_eq!(code(&app.call("DELETE", &member(&app, "Ottilie Quandt"), None).await), (403, 50013));
}

#[tokio::test]
async fn the_bot_has_what_the_roles_allow_that_it_gave_itself() {
    let app = app().await;
    let id = guild(&app, 0).id;
    let bot = format!("/guilds/{id}/members/{}", app.discord.application_id());
    let leocadia = member(&app, "Leocadia Brandt");
    assert_eq!(code(&app.call("DELETE", &leocadia, None).await), (403, 50013));
    let moderator = format!("{bot}/roles/{}", role(&app, "Moderator"));
    assert_eq!(app.call("PUT", &moderator, None).await.status, 204);
    let shown = app.call("GET", &bot, None).await.body;
    assert_eq!(shown["roles"].as_array().unwrap().len(), 2);
    assert_eq!(app.call("DELETE", &leocadia, None).await.status, 204);
    let members = app.discord.inner.store.read(|db| model::members(db, id)).unwrap();
    assert_eq!(members.len(), 3, "the bot is no member of its own table");
}

#[tokio::test]
async fn a_name_is_shown_where_the_member_acts() {
    let app = app().await;
    let path = member(&app, FINCH);
    assert_eq!(code(&change(&app, &path, json!({ "nick": "Barty" })).await), (403, 50013));
    promote(&app);
    assert_eq!(change(&app, &path, json!({ "nick": "Barty" })).await.body["nick"], "Barty");
    let id = app.discord.say(FINCH, "general", "/ping").await.unwrap();
    app.first_step(id).await;
    assert_eq!(app.last()["member"]["nick"], "Barty");
    let own = format!("/guilds/{}/members/@me", guild(&app, 0).id);
    change(&app, &own, json!({ "nick": "Jeeves" })).await;
    let bot = format!("/guilds/{}/members/{}", guild(&app, 0).id, app.discord.application_id());
    let bot = app.call("GET", &bot, None).await.body;
    assert_eq!((&bot["nick"], &bot["user"]["bot"]), (&json!("Jeeves"), &json!(true)));
}

#[tokio::test]
async fn a_kicked_member_is_gone_from_the_guild_and_from_its_threads() {
    let app = app().await;
    let finch = member(&app, FINCH);
    assert_eq!(code(&app.call("DELETE", &finch, None).await), (403, 50013));
    promote_with(&app, permissions::KICK_MEMBERS);
    let thread = format!("/channels/{}/thread-members", channel(&app, "tea-talk"));
    app.call("PUT", &format!("{thread}/{}", user(&app, FINCH)), None).await;
    assert_eq!(app.call("DELETE", &finch, None).await.status, 204);
    assert_eq!(code(&app.call("GET", &finch, None).await), (404, 10007));
    assert_eq!(app.call("GET", &thread, None).await.body.as_array().unwrap().len(), 1);
    assert!(app.discord.say(FINCH, "general", "/ping").await.is_err());
    let path = format!("/guilds/{}?with_counts=true", guild(&app, 0).id);
    let counted = app.call("GET", &path, None).await.body;
    assert_eq!(counted["approximate_member_count"], 4, "three people and the bot");
}

#[tokio::test]
async fn members_are_listed_by_id_a_page_at_a_time() {
    let app = app().await;
    let all = format!("/guilds/{}/members", guild(&app, 0).id);
    let first = app.call("GET", &all, None).await.body;
    assert_eq!(first.as_array().unwrap().len(), 1);
    let after = first[0]["user"]["id"].as_str().unwrap();
    let rest = app.call("GET", &format!("{all}?limit=1000&after={after}"), None).await.body;
    assert_eq!(rest.as_array().unwrap().len(), 4);
    let ids = rest.as_array().unwrap().iter().map(|member| member["user"]["id"].as_str().unwrap());
    assert!(ids.map(|id| id.parse::<u64>().unwrap()).is_sorted());
}

#[tokio::test]
async fn a_room_is_changed_by_who_manages_channels_and_the_change_counts() {
    let app = app().await;
    let weather = format!("/channels/{}", channel(&app, "weather"));
    assert_eq!(code(&change(&app, &weather, json!({ "topic": "Rain" })).await), (403, 50013));
    promote(&app);
    let body = json!({ "name": "Rain and  Sun", "topic": "Both", "nsfw": true, "permission_overwrites": [
        { "id": guild(&app, 0).id, "type": 0, "deny": permissions::USE_APPLICATION_COMMANDS.to_string() }] });
    let changed = change(&app, &weather, body).await.body;
    assert_eq!((&changed["name"], &changed["topic"]), (&json!("rain-and-sun"), &json!("Both")));
    assert_eq!(app.call("GET", &weather, None).await.body, changed);
    let refused = app.discord.say(FINCH, "rain-and-sun", "/ping").await.unwrap_err();
    let needs = "it needs USE_APPLICATION_COMMANDS";
    assert_eq!(refused.to_string(), format!("{FINCH} is not offered `/ping` here: {needs}"));
}

#[tokio::test]
async fn messages_around_one_are_half_before_it_and_half_after() {
    let app = app().await;
    let path = format!("/channels/{}/messages", channel(&app, "weather"));
    let mut ids = Vec::new();
    for number in 0..7 {
        app.clock.advance(Duration::from_secs(2));
        let made = app.call("POST", &path, Some(json!({ "content": number.to_string() }))).await;
        ids.push(made.body["id"].as_str().unwrap().to_owned());
    }
    let read = async |query: &str| -> Vec<String> {
        let list = app.call("GET", &format!("{path}?{query}"), None).await.body;
        let contents = list.as_array().unwrap().iter().map(|message| message["content"].as_str().unwrap());
        contents.map(str::to_owned).collect()
    };
    assert_eq!(read(&format!("around={}&limit=5", ids[3])).await, ["5", "4", "3", "2", "1"]);
    assert_eq!(read(&format!("around={}&limit=4", ids[0])).await, ["2", "1", "0"]);
    assert_eq!(read(&format!("before={}&limit=2", ids[3])).await, ["2", "1"]);
    assert_eq!(read(&format!("after={}&limit=2", ids[3])).await, ["5", "4"]);
    assert_eq!(read("limit=3").await, ["6", "5", "4"]);
}

#[tokio::test]
async fn a_reason_for_the_audit_log_has_five_hundred_and_twelve_characters_at_most() {
    let app = app().await;
    let role = format!("{}/roles/{}", member(&app, FINCH), role(&app, "Muted"));
    for (reason, status) in [("%C3%A4".repeat(512), 204), ("%C3%A4".repeat(513), 400)] {
        let request = Request::put(app.url(&role))
            .header("user-agent", "DiscordBot (https://steward.invalid, 0)")
            .header("authorization", format!("Bot {}", app.discord.bot_token()))
            .header("x-audit-log-reason", reason)
            .body(Full::default())
            .unwrap();
        let answer = delivery::client().request(request).await.unwrap();
        assert_eq!(answer.status(), status);
        answer.into_body().collect().await.unwrap();
    }
}

#[tokio::test]
async fn each_route_has_a_bucket_and_each_guild_its_own() {
    let app = app().await;
    let told = async |path: String, what: &str| {
        app.call("GET", &path, None).await.headers[format!("x-ratelimit-{what}")].clone()
    };
    let roles = |index| format!("/guilds/{}/roles", guild(&app, index).id);
    let first = told(roles(0), "bucket").await;
    // The bucket has the same name in every guild; clients combine it with the guild.
    assert_eq!(first, told(roles(1), "bucket").await);
    assert_ne!(first, told(format!("/guilds/{}", guild(&app, 0).id), "bucket").await);
    assert_eq!(told(roles(0), "remaining").await, "48");
    assert_eq!(told(roles(1), "remaining").await, "48");
    let (finch, zdenka) = (member(&app, FINCH), member(&app, "Zdenka Vlasak"));
    assert_eq!(told(finch, "remaining").await, "49");
    assert_eq!(told(zdenka, "remaining").await, "48", "people share a bucket of their guild");
}
