//! Guilds, their members and their rooms, changed by the bot.

use std::time::Duration;

use axum::http::Request;
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};

use super::{
    house::{Answer, House},
    places::{channel, guild, promote, promote_with, role, user},
};
use crate::discord::{
    delivery,
    world::{self, permissions},
};

const FINCH: &str = "Bartholomew Finch";

async fn house() -> House {
    let button = json!({ "type": 2, "style": 1, "label": "Go", "custom_id": "go" });
    let card = json!({ "content": "hello", "components": [{ "type": 1, "components": [button] }] });
    let house = House::open(|_| json!({ "type": 5 })).await;
    let path = format!("/channels/{}/messages", channel(&house, "general"));
    assert_eq!(house.call("POST", &path, Some(card)).await.status, 200);
    house
}

fn member(house: &House, name: &str) -> String {
    format!("/guilds/{}/members/{}", guild(house, 0).id, user(house, name))
}

fn code(answer: &Answer) -> (u16, u64) {
    (answer.status, answer.body["code"].as_u64().unwrap_or(0))
}

async fn change(house: &House, path: &str, body: Value) -> Answer {
    house.call("PATCH", path, Some(body)).await
}

#[tokio::test]
async fn a_role_that_is_given_counts_at_once_and_ends_when_it_is_taken() {
    let house = house().await;
    let role = format!("{}/roles/{}", member(&house, FINCH), role(&house, "Muted"));
    assert_eq!(house.call("PUT", &role, None).await.status, 204);
    let id = house.discord.say(FINCH, "general", "/ping").await.unwrap();
    house.first_step(id).await;
    let held: u64 = house.last()["member"]["permissions"].as_str().unwrap().parse().unwrap();
    assert_eq!(held & permissions::SEND_MESSAGES, 0);
    assert_eq!(house.call("DELETE", &role, None).await.status, 204);
    let shown = house.call("GET", &member(&house, FINCH), None).await.body;
    assert_eq!(shown["roles"], json!([]));
}

#[tokio::test]
async fn the_timed_out_neither_use_commands_nor_press_until_it_ends() {
    let house = house().await;
    let path = format!("/channels/{}/messages", channel(&house, "general"));
    let message: crate::discord::Snowflake =
        house.call("GET", &path, None).await.body[0]["id"].as_str().unwrap().parse().unwrap();
    let until = house.clock.now() + jiff::SignedDuration::from_hours(1);
    let wanted = json!({ "communication_disabled_until": until.to_string() });
    let silenced = change(&house, &member(&house, FINCH), wanted).await;
    assert_eq!(silenced.status, 200);
    assert!(silenced.body["communication_disabled_until"].as_str().unwrap().ends_with("+00:00"));
    assert!(house.discord.say(FINCH, "general", "/ping").await.is_err());
    let refused = house.discord.press(FINCH, message, "go").await.unwrap_err();
    assert_eq!(refused.to_string(), format!("{FINCH} is timed out"));
    assert!(house.discord.press("Zdenka Vlasak", message, "go").await.is_ok());
    house.clock.advance(Duration::from_secs(3601));
    assert!(house.discord.press(FINCH, message, "go").await.is_ok());
    assert!(house.discord.say(FINCH, "general", "/ping").await.is_ok());
}

#[tokio::test]
async fn a_timeout_lasts_at_most_four_weeks_and_spares_administrators() {
    let house = house().await;
    let at = |days: i64| {
        let until = house.clock.now() + jiff::SignedDuration::from_hours(24 * days);
        json!({ "communication_disabled_until": until.to_string() })
    };
    let finch = member(&house, FINCH);
    assert_eq!(change(&house, &finch, at(28)).await.status, 200);
    assert_eq!(code(&change(&house, &finch, at(29)).await), (400, 50035));
    let write = |db: &rusqlite::Transaction<'_>| {
        let mut guild = crate::discord::world::guilds(db)?.remove(0);
        for role in guild.roles.iter_mut().filter(|role| role.name == "Muted") {
            role.permissions = permissions::ADMINISTRATOR;
        }
        crate::discord::world::save_guild(db, &guild)
    };
    house.discord.inner.store.write(write).unwrap();
    let role = format!("{finch}/roles/{}", role(&house, "Muted"));
    assert_eq!(house.call("PUT", &role, None).await.status, 204);
    assert_eq!(code(&change(&house, &finch, at(1)).await), (403, 50013));
}

#[tokio::test]
async fn only_roles_below_its_own_are_the_bots_to_give_but_holders_of_any_rank_may_get_them() {
    let house = house().await;
    let owner = format!("{}/roles/{}", member(&house, "Ottilie Quandt"), role(&house, "Muted"));
    assert_eq!(house.call("PUT", &owner, None).await.status, 204, "the rank of the role counts");
    let own = format!("{}/roles/{}", member(&house, FINCH), role(&house, "Steward"));
    assert_eq!(code(&house.call("PUT", &own, None).await), (403, 50013));
    promote(&house);
    assert_eq!(code(&house.call("DELETE", &member(&house, "Ottilie Quandt"), None).await), (403, 50013));
}

#[tokio::test]
async fn the_bot_has_what_the_roles_allow_that_it_gave_itself() {
    let house = house().await;
    let id = guild(&house, 0).id;
    let bot = format!("/guilds/{id}/members/{}", house.discord.application_id());
    let leocadia = member(&house, "Leocadia Brandt");
    assert_eq!(code(&house.call("DELETE", &leocadia, None).await), (403, 50013));
    let moderator = format!("{bot}/roles/{}", role(&house, "Moderator"));
    assert_eq!(house.call("PUT", &moderator, None).await.status, 204);
    let shown = house.call("GET", &bot, None).await.body;
    assert_eq!(shown["roles"].as_array().unwrap().len(), 2);
    assert_eq!(house.call("DELETE", &leocadia, None).await.status, 204);
    let members = house.discord.inner.store.read(|db| world::members(db, id)).unwrap();
    assert_eq!(members.len(), 3, "the bot is no member of its own table");
}

#[tokio::test]
async fn a_name_is_shown_where_the_member_acts() {
    let house = house().await;
    let path = member(&house, FINCH);
    assert_eq!(code(&change(&house, &path, json!({ "nick": "Barty" })).await), (403, 50013));
    promote(&house);
    assert_eq!(change(&house, &path, json!({ "nick": "Barty" })).await.body["nick"], "Barty");
    let id = house.discord.say(FINCH, "general", "/ping").await.unwrap();
    house.first_step(id).await;
    assert_eq!(house.last()["member"]["nick"], "Barty");
    let own = format!("/guilds/{}/members/@me", guild(&house, 0).id);
    change(&house, &own, json!({ "nick": "Jeeves" })).await;
    let bot = format!("/guilds/{}/members/{}", guild(&house, 0).id, house.discord.application_id());
    let bot = house.call("GET", &bot, None).await.body;
    assert_eq!((&bot["nick"], &bot["user"]["bot"]), (&json!("Jeeves"), &json!(true)));
}

#[tokio::test]
async fn a_kicked_member_is_gone_from_the_guild_and_from_its_threads() {
    let house = house().await;
    let finch = member(&house, FINCH);
    assert_eq!(code(&house.call("DELETE", &finch, None).await), (403, 50013));
    promote_with(&house, permissions::KICK_MEMBERS);
    let thread = format!("/channels/{}/thread-members", channel(&house, "tea-talk"));
    house.call("PUT", &format!("{thread}/{}", user(&house, FINCH)), None).await;
    assert_eq!(house.call("DELETE", &finch, None).await.status, 204);
    assert_eq!(code(&house.call("GET", &finch, None).await), (404, 10007));
    assert_eq!(house.call("GET", &thread, None).await.body.as_array().unwrap().len(), 1);
    assert!(house.discord.say(FINCH, "general", "/ping").await.is_err());
    let path = format!("/guilds/{}?with_counts=true", guild(&house, 0).id);
    let counted = house.call("GET", &path, None).await.body;
    assert_eq!(counted["approximate_member_count"], 4, "three people and the bot");
}

#[tokio::test]
async fn members_are_listed_by_id_a_page_at_a_time() {
    let house = house().await;
    let all = format!("/guilds/{}/members", guild(&house, 0).id);
    let first = house.call("GET", &all, None).await.body;
    assert_eq!(first.as_array().unwrap().len(), 1);
    let after = first[0]["user"]["id"].as_str().unwrap();
    let rest = house.call("GET", &format!("{all}?limit=1000&after={after}"), None).await.body;
    assert_eq!(rest.as_array().unwrap().len(), 4);
    let ids = rest.as_array().unwrap().iter().map(|member| member["user"]["id"].as_str().unwrap());
    assert!(ids.map(|id| id.parse::<u64>().unwrap()).is_sorted());
}

#[tokio::test]
async fn a_room_is_changed_by_who_manages_channels_and_the_change_counts() {
    let house = house().await;
    let weather = format!("/channels/{}", channel(&house, "weather"));
    assert_eq!(code(&change(&house, &weather, json!({ "topic": "Rain" })).await), (403, 50013));
    promote(&house);
    let body = json!({ "name": "Rain and  Sun", "topic": "Both", "nsfw": true, "permission_overwrites": [
        { "id": guild(&house, 0).id, "type": 0, "deny": permissions::USE_APPLICATION_COMMANDS.to_string() }] });
    let changed = change(&house, &weather, body).await.body;
    assert_eq!((&changed["name"], &changed["topic"]), (&json!("rain-and-sun"), &json!("Both")));
    assert_eq!(house.call("GET", &weather, None).await.body, changed);
    let refused = house.discord.say(FINCH, "rain-and-sun", "/ping").await.unwrap_err();
    let needs = "it needs USE_APPLICATION_COMMANDS";
    assert_eq!(refused.to_string(), format!("{FINCH} is not offered `/ping` here: {needs}"));
}

#[tokio::test]
async fn messages_around_one_are_half_before_it_and_half_after() {
    let house = house().await;
    let path = format!("/channels/{}/messages", channel(&house, "weather"));
    let mut ids = Vec::new();
    for number in 0..7 {
        house.clock.advance(Duration::from_secs(2));
        let made = house.call("POST", &path, Some(json!({ "content": number.to_string() }))).await;
        ids.push(made.body["id"].as_str().unwrap().to_owned());
    }
    let read = async |query: &str| -> Vec<String> {
        let list = house.call("GET", &format!("{path}?{query}"), None).await.body;
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
    let house = house().await;
    let role = format!("{}/roles/{}", member(&house, FINCH), role(&house, "Muted"));
    for (reason, status) in [("%C3%A4".repeat(512), 204), ("%C3%A4".repeat(513), 400)] {
        let request = Request::put(house.url(&role))
            .header("user-agent", "DiscordBot (https://steward.invalid, 0)")
            .header("authorization", format!("Bot {}", house.discord.bot_token()))
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
    let house = house().await;
    let told = async |path: String, what: &str| {
        house.call("GET", &path, None).await.headers[format!("x-ratelimit-{what}")].clone()
    };
    let roles = |index| format!("/guilds/{}/roles", guild(&house, index).id);
    let first = told(roles(0), "bucket").await;
    // It is called the same in every guild: clients put the guild beside the name.
    assert_eq!(first, told(roles(1), "bucket").await);
    assert_ne!(first, told(format!("/guilds/{}", guild(&house, 0).id), "bucket").await);
    assert_eq!(told(roles(0), "remaining").await, "48");
    assert_eq!(told(roles(1), "remaining").await, "48");
    let (finch, zdenka) = (member(&house, FINCH), member(&house, "Zdenka Vlasak"));
    assert_eq!(told(finch, "remaining").await, "49");
    assert_eq!(told(zdenka, "remaining").await, "48", "people share a bucket of their guild");
}
