//! Threads: who sees them, who may write, and what wakes them.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    house::{Answer, House},
    places::{channel, guild, promote_with, user},
};
use crate::discord::world::permissions::MANAGE_THREADS;

const FINCH: &str = "Bartholomew Finch";

async fn house() -> House {
    House::open(|_| json!({ "type": 4, "data": { "content": "hello" } })).await
}

fn code(answer: &Answer) -> (u16, u64) {
    (answer.status, answer.body["code"].as_u64().unwrap_or(0))
}

async fn start(house: &House, kind: u8) -> String {
    let path = format!("/channels/{}/threads", channel(house, "general"));
    let made = house.call("POST", &path, Some(json!({ "name": "plans", "type": kind }))).await;
    assert_eq!((made.status, &made.body["type"]), (201, &json!(kind)), "{made:?}");
    format!("/channels/{}", made.body["id"].as_str().unwrap())
}

async fn write(house: &House, thread: &str) -> Answer {
    house.call("POST", &format!("{thread}/messages"), Some(json!({ "content": "word" }))).await
}

async fn change(house: &House, thread: &str, body: Value) -> Answer {
    house.call("PATCH", thread, Some(body)).await
}

#[tokio::test]
async fn a_thread_from_a_message_has_its_id_and_the_message_shows_it() {
    let house = house().await;
    let general = format!("/channels/{}", channel(&house, "general"));
    let message =
        house.call("POST", &format!("{general}/messages"), Some(json!({ "content": "tea?" }))).await;
    let one = format!("{general}/messages/{}", message.body["id"].as_str().unwrap());
    let made = house.call("POST", &format!("{one}/threads"), Some(json!({ "name": "tea" }))).await;
    assert_eq!((made.status, &made.body["id"], &made.body["type"]), (201, &message.body["id"], &json!(11)));
    assert_eq!(made.body["owner_id"], json!(house.discord.application_id()));
    let shown = house.call("GET", &one, None).await.body;
    assert_eq!((&shown["flags"], &shown["thread"]["name"]), (&json!(32), &json!("tea")));
    let inside = format!("/channels/{}/messages", made.body["id"].as_str().unwrap());
    let first = house.call("GET", &inside, None).await.body;
    assert_eq!((&first[0]["type"], &first[0]["referenced_message"]["content"]), (&json!(21), &json!("tea?")));
    write(&house, inside.trim_end_matches("/messages")).await;
    let counted = house.call("GET", inside.trim_end_matches("/messages"), None).await.body;
    assert_eq!(counted["message_count"], 1, "the first message is not counted");
    let path = format!("/channels/{}", channel(&house, "news"));
    let news = house.call("POST", &format!("{path}/messages"), Some(json!({ "content": "new!" }))).await;
    let path = format!("{path}/messages/{}/threads", news.body["id"].as_str().unwrap());
    let made = house.call("POST", &path, Some(json!({ "name": "talk" }))).await;
    assert_eq!((made.status, &made.body["type"]), (201, &json!(10)));
}

#[tokio::test]
async fn a_private_thread_is_seen_only_by_who_is_in_it_and_by_who_manages_threads() {
    let house = house().await;
    let thread = start(&house, 12).await;
    let id = thread.rsplit('/').next().unwrap().to_owned();
    let refused = house.discord.say(FINCH, &id, "/ping").await.unwrap_err();
    assert_eq!(refused.to_string(), format!("{FINCH} sees no channel `plans`"));
    assert!(house.discord.say("Leocadia Brandt", &id, "/ping").await.is_ok(), "a moderator sees it");
    let member = format!("{thread}/thread-members/{}", user(&house, FINCH));
    assert_eq!(house.call("PUT", &member, None).await.status, 204);
    assert!(house.discord.say(FINCH, &id, "/ping").await.is_ok());
    assert_eq!(house.call("DELETE", &member, None).await.status, 204, "its starter may");
    assert!(house.discord.say(FINCH, &id, "/ping").await.is_err());
    let left = house.call("DELETE", &format!("{thread}/thread-members/@me"), None).await;
    assert_eq!(left.status, 204);
    assert_eq!(code(&house.call("GET", &thread, None).await), (403, 50001));
}

#[tokio::test]
async fn a_message_wakes_an_archived_thread_but_not_a_locked_one() {
    let house = house().await;
    let thread = start(&house, 11).await;
    let first = write(&house, &thread).await.body["id"].as_str().unwrap().to_owned();
    let before = house.call("GET", &thread, None).await.body;
    house.clock.advance(Duration::from_secs(60));
    let archived = change(&house, &thread, json!({ "archived": true })).await.body;
    let turned = |thread: &Value| thread["thread_metadata"]["archive_timestamp"].clone();
    assert_ne!(turned(&before), turned(&archived));
    let edit = format!("{thread}/messages/{first}");
    assert_eq!(code(&change(&house, &edit, json!({ "content": "late" })).await), (400, 50083));
    let reaction = house.call("PUT", &format!("{edit}/reactions/%F0%9F%8E%B2/@me"), None).await;
    assert_eq!(code(&reaction), (400, 50083));
    assert_eq!(write(&house, &thread).await.status, 200);
    let awake = house.call("GET", &thread, None).await.body;
    assert_eq!((&awake["thread_metadata"]["archived"], &awake["message_count"]), (&json!(false), &json!(2)));
    assert_eq!(code(&change(&house, &thread, json!({ "locked": true })).await), (403, 50013));
    promote_with(&house, MANAGE_THREADS);
    assert_eq!(change(&house, &thread, json!({ "locked": true, "archived": true })).await.status, 200);
    assert_eq!(write(&house, &thread).await.status, 200, "who manages threads may write");
}

#[tokio::test]
async fn in_a_locked_thread_only_who_manages_threads_writes() {
    let house = house().await;
    let thread = start(&house, 11).await;
    let first = write(&house, &thread).await.body["id"].as_str().unwrap().to_owned();
    let lock = |db: &rusqlite::Transaction<'_>| {
        let id = thread.rsplit('/').next().unwrap().parse().unwrap();
        let mut thread = crate::discord::world::channel(db, id)?.unwrap();
        thread.thread.locked = true;
        crate::discord::world::save_channel(db, &thread)
    };
    house.discord.inner.store.write(lock).unwrap();
    assert_eq!(code(&write(&house, &thread).await), (400, 160_005));
    let edit = change(&house, &format!("{thread}/messages/{first}"), json!({ "content": "late" })).await;
    assert_eq!(code(&edit), (400, 160_005));
    assert_eq!(code(&change(&house, &thread, json!({ "archived": true })).await), (403, 50013));
}

#[tokio::test]
async fn nobody_uses_commands_in_a_thread_that_rests() {
    let house = house().await;
    let thread = start(&house, 11).await;
    let id = thread.rsplit('/').next().unwrap().to_owned();
    assert!(house.discord.say(FINCH, &id, "/ping").await.is_ok());
    change(&house, &thread, json!({ "archived": true })).await;
    let refused = house.discord.say(FINCH, &id, "/ping").await.unwrap_err();
    assert_eq!(refused.to_string(), format!("{FINCH} is not offered `/ping` here: the thread is archived"));
    change(&house, &thread, json!({ "archived": false })).await;
    assert!(house.discord.say(FINCH, &id, "/ping").await.is_ok());
}

#[tokio::test]
async fn active_threads_come_newest_first_with_the_membership_of_the_bot() {
    let house = house().await;
    let older = start(&house, 11).await;
    let newer = start(&house, 12).await;
    let path = format!("/guilds/{}/threads/active", guild(&house, 0).id);
    let ids = |answer: &Answer| -> Vec<String> {
        let threads = answer.body["threads"].as_array().unwrap().iter();
        threads.map(|thread| format!("/channels/{}", thread["id"].as_str().unwrap())).collect()
    };
    let listed = house.call("GET", &path, None).await;
    let tea = format!("/channels/{}", channel(&house, "tea-talk"));
    assert_eq!(ids(&listed), [newer.clone(), older.clone(), tea.clone()]);
    let members = listed.body["members"].as_array().unwrap();
    assert_eq!(members.len(), 2, "the bot is not in tea-talk");
    assert!(members.iter().all(|member| member["user_id"] == json!(house.discord.application_id())));
    change(&house, &older, json!({ "archived": true })).await;
    assert_eq!(ids(&house.call("GET", &path, None).await), [newer, tea]);
}

#[tokio::test]
async fn members_of_a_thread_are_listed_by_pages() {
    let house = house().await;
    let thread = start(&house, 11).await;
    for name in [FINCH, "Zdenka Vlasak"] {
        let member = format!("{thread}/thread-members/{}", user(&house, name));
        assert_eq!(house.call("PUT", &member, None).await.status, 204);
    }
    let all = house.call("GET", &format!("{thread}/thread-members"), None).await.body;
    assert_eq!(all.as_array().unwrap().len(), 3);
    assert!(all[0].get("member").is_none());
    let finch = user(&house, FINCH);
    let path = format!("{thread}/thread-members?with_member=true&limit=1&after={finch}");
    let page = house.call("GET", &path, None).await.body;
    assert_eq!(page.as_array().unwrap().len(), 1);
    assert_eq!(page[0]["member"]["user"]["global_name"], "Zdenka Vlasak");
}

#[tokio::test]
async fn a_thread_is_for_adults_if_its_channel_is() {
    let house = house().await;
    let card = json!([{ "name": "cards", "description": "x", "nsfw": true }]);
    house.register(card).await;
    let path = format!("/channels/{}/threads", channel(&house, "cellar"));
    house.call("POST", &path, Some(json!({ "name": "below", "type": 11 }))).await;
    assert!(house.discord.say("Zdenka Vlasak", "below", "/cards").await.is_ok());
    assert!(house.discord.say("Zdenka Vlasak", "tea-talk", "/cards").await.is_err());
}
