//! Threads: who sees them, who may write, and what unarchives them.

use std::time::Duration;

use serde_json::{Value, json};

use super::places::{channel, guild, promote_with, user};
use crate::{
    model::permissions::MANAGE_THREADS,
    testing::{Answer, TestApp},
};

const FINCH: &str = "Bartholomew Finch";

async fn app() -> TestApp {
    TestApp::open(|_| json!({ "type": 4, "data": { "content": "hello" } })).await
}

fn code(answer: &Answer) -> (u16, u64) {
    (answer.status, answer.body["code"].as_u64().unwrap_or(0))
}

async fn start(app: &TestApp, kind: u8) -> String {
    let path = format!("/channels/{}/threads", channel(app, "general"));
    let made = app.call("POST", &path, Some(json!({ "name": "plans", "type": kind }))).await;
    assert_eq!((made.status, &made.body["type"]), (201, &json!(kind)), "{made:?}");
    format!("/channels/{}", made.body["id"].as_str().unwrap())
}

async fn write(app: &TestApp, thread: &str) -> Answer {
    app.call("POST", &format!("{thread}/messages"), Some(json!({ "content": "word" }))).await
}

async fn change(app: &TestApp, thread: &str, body: Value) -> Answer {
    app.call("PATCH", thread, Some(body)).await
}

#[tokio::test]
async fn a_thread_from_a_message_has_its_id_and_the_message_shows_it() {
    let app = app().await;
    let general = format!("/channels/{}", channel(&app, "general"));
    let message = app.call("POST", &format!("{general}/messages"), Some(json!({ "content": "tea?" }))).await;
    let one = format!("{general}/messages/{}", message.body["id"].as_str().unwrap());
    let made = app.call("POST", &format!("{one}/threads"), Some(json!({ "name": "tea" }))).await;
    assert_eq!((made.status, &made.body["id"], &made.body["type"]), (201, &message.body["id"], &json!(11)));
    assert_eq!(made.body["owner_id"], json!(app.discord.application_id()));
    let shown = app.call("GET", &one, None).await.body;
    assert_eq!((&shown["flags"], &shown["thread"]["name"]), (&json!(32), &json!("tea")));
    let inside = format!("/channels/{}/messages", made.body["id"].as_str().unwrap());
    let first = app.call("GET", &inside, None).await.body;
    assert_eq!((&first[0]["type"], &first[0]["referenced_message"]["content"]), (&json!(21), &json!("tea?")));
    write(&app, inside.trim_end_matches("/messages")).await;
    let counted = app.call("GET", inside.trim_end_matches("/messages"), None).await.body;
    assert_eq!(counted["message_count"], 1, "the first message is not counted");
    let path = format!("/channels/{}", channel(&app, "news"));
    let news = app.call("POST", &format!("{path}/messages"), Some(json!({ "content": "new!" }))).await;
    let path = format!("{path}/messages/{}/threads", news.body["id"].as_str().unwrap());
    let made = app.call("POST", &path, Some(json!({ "name": "talk" }))).await;
    assert_eq!((made.status, &made.body["type"]), (201, &json!(10)));
}

#[tokio::test]
async fn a_private_thread_is_seen_only_by_who_is_in_it_and_by_who_manages_threads() {
    let app = app().await;
    let thread = start(&app, 12).await;
    let id = thread.rsplit('/').next().unwrap().to_owned();
    let refused = app.discord.say(FINCH, &id, "/ping").await.unwrap_err();
    assert_eq!(refused.to_string(), format!("{FINCH} sees no channel `plans`"));
    assert!(app.discord.say("Leocadia Brandt", &id, "/ping").await.is_ok(), "a moderator sees it");
    let member = format!("{thread}/thread-members/{}", user(&app, FINCH));
    assert_eq!(app.call("PUT", &member, None).await.status, 204);
    assert!(app.discord.say(FINCH, &id, "/ping").await.is_ok());
    assert_eq!(app.call("DELETE", &member, None).await.status, 204, "its starter may");
    assert!(app.discord.say(FINCH, &id, "/ping").await.is_err());
    let left = app.call("DELETE", &format!("{thread}/thread-members/@me"), None).await;
    assert_eq!(left.status, 204);
    assert_eq!(code(&app.call("GET", &thread, None).await), (403, 50001));
}

#[tokio::test]
async fn a_message_wakes_an_archived_thread_but_not_a_locked_one() {
    let app = app().await;
    let thread = start(&app, 11).await;
    let first = write(&app, &thread).await.body["id"].as_str().unwrap().to_owned();
    let before = app.call("GET", &thread, None).await.body;
    app.clock.advance(Duration::from_secs(60));
    let archived = change(&app, &thread, json!({ "archived": true })).await.body;
    let turned = |thread: &Value| thread["thread_metadata"]["archive_timestamp"].clone();
    assert_ne!(turned(&before), turned(&archived));
    let edit = format!("{thread}/messages/{first}");
    assert_eq!(code(&change(&app, &edit, json!({ "content": "late" })).await), (400, 50083));
    let reaction = app.call("PUT", &format!("{edit}/reactions/%F0%9F%8E%B2/@me"), None).await;
    assert_eq!(code(&reaction), (400, 50083));
    assert_eq!(write(&app, &thread).await.status, 200);
    let awake = app.call("GET", &thread, None).await.body;
    assert_eq!((&awake["thread_metadata"]["archived"], &awake["message_count"]), (&json!(false), &json!(2)));
    assert_eq!(code(&change(&app, &thread, json!({ "locked": true })).await), (403, 50013));
    promote_with(&app, MANAGE_THREADS);
    assert_eq!(change(&app, &thread, json!({ "locked": true, "archived": true })).await.status, 200);
    assert_eq!(write(&app, &thread).await.status, 200, "who manages threads may write");
}

#[tokio::test]
async fn in_a_locked_thread_only_who_manages_threads_writes() {
    let app = app().await;
    let thread = start(&app, 11).await;
    let first = write(&app, &thread).await.body["id"].as_str().unwrap().to_owned();
    let lock = |db: &rusqlite::Transaction<'_>| {
        let id = thread.rsplit('/').next().unwrap().parse().unwrap();
        let mut thread = crate::model::channel(db, id)?.unwrap();
        thread.thread.locked = true;
        crate::model::save_channel(db, &thread)
    };
    app.discord.inner.store.write(lock).unwrap();
    assert_eq!(code(&write(&app, &thread).await), (400, 160_005));
    let edit = change(&app, &format!("{thread}/messages/{first}"), json!({ "content": "late" })).await;
    assert_eq!(code(&edit), (400, 160_005));
    assert_eq!(code(&change(&app, &thread, json!({ "archived": true })).await), (403, 50013));
}

#[tokio::test]
async fn nobody_uses_commands_in_a_thread_that_rests() {
    let app = app().await;
    let thread = start(&app, 11).await;
    let id = thread.rsplit('/').next().unwrap().to_owned();
    assert!(app.discord.say(FINCH, &id, "/ping").await.is_ok());
    change(&app, &thread, json!({ "archived": true })).await;
    let refused = app.discord.say(FINCH, &id, "/ping").await.unwrap_err();
    assert_eq!(refused.to_string(), format!("{FINCH} is not offered `/ping` here: the thread is archived"));
    change(&app, &thread, json!({ "archived": false })).await;
    assert!(app.discord.say(FINCH, &id, "/ping").await.is_ok());
}

#[tokio::test]
async fn active_threads_come_newest_first_with_the_membership_of_the_bot() {
    let app = app().await;
    let older = start(&app, 11).await;
    let newer = start(&app, 12).await;
    let path = format!("/guilds/{}/threads/active", guild(&app, 0).id);
    let ids = |answer: &Answer| -> Vec<String> {
        let threads = answer.body["threads"].as_array().unwrap().iter();
        threads.map(|thread| format!("/channels/{}", thread["id"].as_str().unwrap())).collect()
    };
    let listed = app.call("GET", &path, None).await;
    let tea = format!("/channels/{}", channel(&app, "tea-talk"));
    assert_eq!(ids(&listed), [newer.clone(), older.clone(), tea.clone()]);
    let members = listed.body["members"].as_array().unwrap();
    assert_eq!(members.len(), 2, "the bot is not in tea-talk");
    assert!(members.iter().all(|member| member["user_id"] == json!(app.discord.application_id())));
    change(&app, &older, json!({ "archived": true })).await;
    assert_eq!(ids(&app.call("GET", &path, None).await), [newer, tea]);
}

#[tokio::test]
async fn members_of_a_thread_are_listed_by_pages() {
    let app = app().await;
    let thread = start(&app, 11).await;
    for name in [FINCH, "Zdenka Vlasak"] {
        let member = format!("{thread}/thread-members/{}", user(&app, name));
        assert_eq!(app.call("PUT", &member, None).await.status, 204);
    }
    let all = app.call("GET", &format!("{thread}/thread-members"), None).await.body;
    assert_eq!(all.as_array().unwrap().len(), 3);
    assert!(all[0].get("member").is_none());
    let finch = user(&app, FINCH);
    let path = format!("{thread}/thread-members?with_member=true&limit=1&after={finch}");
    let page = app.call("GET", &path, None).await.body;
    assert_eq!(page.as_array().unwrap().len(), 1);
    assert_eq!(page[0]["member"]["user"]["global_name"], "Zdenka Vlasak");
}

#[tokio::test]
async fn a_thread_is_for_adults_if_its_channel_is() {
    let app = app().await;
    let card = json!([{ "name": "cards", "description": "x", "nsfw": true }]);
    app.register(card).await;
    let path = format!("/channels/{}/threads", channel(&app, "cellar"));
    app.call("POST", &path, Some(json!({ "name": "below", "type": 11 }))).await;
    assert!(app.discord.say("Zdenka Vlasak", "below", "/cards").await.is_ok());
    assert!(app.discord.say("Zdenka Vlasak", "tea-talk", "/cards").await.is_err());
}
