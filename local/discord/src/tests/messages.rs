//! Messages that the bot sends without an interaction.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{model, testing::TestApp};

async fn app() -> TestApp {
    TestApp::open(|_| json!({ "type": 5 })).await
}

fn channel(app: &TestApp) -> String {
    format!("/channels/{}", app.discord.status().unwrap().guilds[0].channels[0].id)
}

async fn post(app: &TestApp, body: Value) -> Value {
    let answer = app.call("POST", &format!("{}/messages", channel(app)), Some(body)).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body
}

fn code(body: &Value) -> u64 {
    body["code"].as_u64().unwrap()
}

#[tokio::test]
async fn a_message_is_written_read_edited_and_deleted() {
    let app = app().await;
    let made = post(&app, json!({ "content": " hello ", "embeds": [{ "title": "Sun" }] })).await;
    assert_eq!((&made["content"], &made["type"]), (&json!("hello"), &json!(0)));
    assert!(made["edited_timestamp"].is_null());
    let path = format!("{}/messages/{}", channel(&app), made["id"].as_str().unwrap());
    let edited = app.call("PATCH", &path, Some(json!({ "content": "bye" }))).await;
    assert!(edited.body["edited_timestamp"].is_string());
    assert_eq!(app.call("GET", &path, None).await.body, edited.body);
    assert_eq!(app.call("DELETE", &path, None).await.status, 204);
    let gone = app.call("GET", &path, None).await;
    assert_eq!((gone.status, code(&gone.body)), (404, 10008));
    let nowhere = app.call("GET", "/channels/1/messages", None).await;
    assert_eq!((nowhere.status, code(&nowhere.body)), (404, 10003));
}

#[tokio::test]
async fn a_message_becomes_one_of_components_alone_only_if_its_text_is_taken_away() {
    let app = app().await;
    let made = post(&app, json!({ "content": "hello", "embeds": [{ "title": "Sun" }] })).await;
    let path = format!("{}/messages/{}", channel(&app), made["id"].as_str().unwrap());
    let panel = json!({ "flags": 1 << 15, "components": [{ "type": 10, "content": "hi" }] });
    let refused = app.call("PATCH", &path, Some(panel.clone())).await;
    let inner = &refused.body["errors"]["content"]["_errors"][0]["code"];
    assert_eq!(
        (refused.status, inner.as_str()),
        (400, Some("MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"))
    );
    let mut bare = panel;
    bare["content"] = Value::Null;
    bare["embeds"] = json!([]);
    assert_eq!(app.call("PATCH", &path, Some(bare.clone())).await.status, 200);
    assert_eq!(app.call("PATCH", &path, Some(bare)).await.status, 200);
}

#[tokio::test]
async fn an_enforced_nonce_gives_the_earlier_message_for_a_few_minutes() {
    let app = app().await;
    let body = json!({ "content": "once", "nonce": "n1", "enforce_nonce": true });
    let first = post(&app, body.clone()).await;
    assert_eq!(first["nonce"], "n1");
    assert_eq!(post(&app, body.clone()).await["id"], first["id"]);
    let unforced = post(&app, json!({ "content": "once", "nonce": "n1" })).await;
    assert_ne!(unforced["id"], first["id"]);
    app.clock.advance(Duration::from_secs(10 * 60));
    assert_ne!(post(&app, body).await["id"], first["id"]);
    let path = format!("{}/messages", channel(&app));
    let long = app.call("POST", &path, Some(json!({ "content": "x", "nonce": "n".repeat(26) }))).await;
    assert_eq!(long.body["errors"]["nonce"]["_errors"][0]["code"], "NONCE_TYPE_TOO_LONG");
}

#[tokio::test]
async fn messages_are_listed_newest_first_and_in_pages() {
    let app = app().await;
    let mut ids = Vec::new();
    for content in ["one", "two", "three"] {
        ids.push(post(&app, json!({ "content": content })).await["id"].as_str().unwrap().to_owned());
    }
    let list = async |query: &str| {
        let path = format!("{}/messages{query}", channel(&app));
        let list = app.call("GET", &path, None).await.body;
        let contents = list.as_array().unwrap().iter().map(|message| message["content"].clone());
        Value::from(contents.collect::<Vec<_>>())
    };
    assert_eq!(list("").await, json!(["three", "two", "one"]));
    assert_eq!(list("?limit=1").await, json!(["three"]));
    assert_eq!(list(&format!("?before={}", ids[1])).await, json!(["one"]));
    assert_eq!(list(&format!("?after={}&limit=1", ids[0])).await, json!(["two"]));
    let many = app.call("GET", &format!("{}/messages?limit=101", channel(&app)), None).await;
    assert_eq!(many.body["errors"]["limit"]["_errors"][0]["code"], "NUMBER_TYPE_MAX");
}

#[tokio::test]
async fn a_reply_names_the_message_it_answers() {
    let app = app().await;
    let first = post(&app, json!({ "content": "question" })).await;
    let reference = json!({ "message_id": first["id"] });
    let reply = post(&app, json!({ "content": "answer", "message_reference": reference })).await;
    assert_eq!((&reply["type"], &reply["referenced_message"]["id"]), (&json!(19), &first["id"]));
    let path = format!("{}/messages", channel(&app));
    let body = json!({ "content": "answer", "message_reference": { "message_id": "1" } });
    let refused = app.call("POST", &path, Some(body)).await;
    let code = &refused.body["errors"]["message_reference"]["_errors"][0]["code"];
    assert_eq!(code, "MESSAGE_REFERENCE_UNKNOWN_MESSAGE");
}

#[tokio::test]
async fn reactions_and_pins_stay_on_the_message() {
    let app = app().await;
    let made = post(&app, json!({ "content": "hello" })).await;
    let path = format!("{}/messages/{}", channel(&app), made["id"].as_str().unwrap());
    let reaction = format!("{path}/reactions/%F0%9F%8E%B2");
    assert_eq!(app.call("PUT", &format!("{reaction}/@me"), None).await.status, 204);
    let message = app.call("GET", &path, None).await.body;
    assert_eq!(message["reactions"][0]["emoji"]["name"], "🎲");
    assert_eq!(app.call("GET", &reaction, None).await.body.as_array().unwrap().len(), 1);
    assert_eq!(app.call("DELETE", &format!("{reaction}/@me"), None).await.status, 204);
    // The bucket allows one reaction in 250 ms.
    app.clock.advance(Duration::from_secs(1));
    let unknown = app.call("PUT", &format!("{path}/reactions/dice/@me"), None).await;
    assert_eq!((unknown.status, code(&unknown.body)), (400, 10014));

    let pins = format!("{}/messages/pins", channel(&app));
    let pin = format!("{pins}/{}", made["id"].as_str().unwrap());
    assert_eq!(app.call("PUT", &pin, None).await.status, 204);
    assert_eq!(app.call("GET", &pins, None).await.body["items"][0]["message"]["pinned"], true);
    assert_eq!(app.call("DELETE", &pin, None).await.status, 204);
    assert_eq!(app.call("POST", &format!("{}/typing", channel(&app)), None).await.status, 204);
}

#[tokio::test]
async fn only_an_announcement_can_be_published_and_only_an_own_message_edited() {
    let app = app().await;
    let made = post(&app, json!({ "content": "hello" })).await;
    let path = format!("{}/messages/{}/crosspost", channel(&app), made["id"].as_str().unwrap());
    let refused = app.call("POST", &path, None).await;
    assert_eq!((refused.status, code(&refused.body)), (403, 50024));
}

#[tokio::test]
async fn a_poll_ends_by_the_stack_clock() {
    let app = app().await;
    app.clock.advance(Duration::from_secs(100 * 24 * 3600));
    let poll = json!({ "question": { "text": "Tea?" }, "duration": 2,
        "answers": [{ "poll_media": { "text": "Yes", "emoji": { "name": "🫖" } } }, { "poll_media": { "text": "No" } }] });
    let made = post(&app, json!({ "poll": poll })).await;
    let media = |at: usize| &made["poll"]["answers"][at]["poll_media"];
    assert_eq!(media(0), &json!({ "text": "Yes", "emoji": { "id": null, "name": "🫖" } }));
    assert_eq!(media(1), &json!({ "text": "No" }));
    let expiry: jiff::Timestamp = made["poll"]["expiry"].as_str().unwrap().parse().unwrap();
    let left = app.clock.now().duration_until(expiry).as_secs();
    assert!((2 * 3600 - 10..=2 * 3600).contains(&left), "{left}");
    assert_eq!(made["poll"]["answers"][1], json!({ "answer_id": 2, "poll_media": { "text": "No" } }));
    assert!(made["poll"].get("duration").is_none());
}

#[tokio::test]
async fn an_announcement_is_published_once() {
    let app = app().await;
    let status = app.discord.status().unwrap();
    let news = status.guilds[0].channels.iter().find(|channel| channel.name == "news").unwrap().id;
    let body = Some(json!({ "content": "hear, hear" }));
    let made = app.call("POST", &format!("/channels/{news}/messages"), body).await.body;
    let path = format!("/channels/{news}/messages/{}", made["id"].as_str().unwrap());
    let published = app.call("POST", &format!("{path}/crosspost"), None).await;
    assert_eq!((published.status, &published.body["flags"]), (200, &json!(1)));
    assert_eq!(app.call("GET", &path, None).await.body, published.body);
    let again = app.call("POST", &format!("{path}/crosspost"), None).await;
    assert_eq!((again.status, code(&again.body)), (400, 40033));
}

#[tokio::test]
async fn a_direct_message_channel_is_the_same_one_every_time() {
    let app = app().await;
    let user = app.discord.status().unwrap().users[1].id;
    let open = || app.call("POST", "/users/@me/channels", Some(json!({ "recipient_id": user })));
    let (first, second) = (open().await.body, open().await.body);
    assert_eq!((&first["id"], &first["type"]), (&second["id"], &json!(1)));
    assert_eq!(first["recipients"][0]["id"], json!(user));
    let path = format!("/channels/{}/messages", first["id"].as_str().unwrap());
    assert_eq!(app.call("POST", &path, Some(json!({ "content": "psst" }))).await.status, 200);
    let nobody = app.call("POST", "/users/@me/channels", Some(json!({ "recipient_id": "1" }))).await;
    assert_eq!((nobody.status, code(&nobody.body)), (403, 50007));
}

#[tokio::test]
async fn guilds_channels_members_and_users_can_be_looked_at() {
    let app = app().await;
    let status = app.discord.status().unwrap();
    let (guild, user) = (&status.guilds[0], &status.users[1]);
    let guilds = app.call("GET", "/users/@me/guilds", None).await.body;
    assert_eq!(guilds[0]["name"], json!(guild.name));
    let channels = app.call("GET", &format!("/guilds/{}/channels", guild.id), None).await.body;
    let rooms = guild.channels.iter().filter(|channel| channel.kind < 10).count();
    assert_eq!(channels.as_array().unwrap().len(), rooms, "threads are not channels of the guild");
    assert_eq!(app.call("GET", &channel(&app), None).await.body, channels[0]);
    let member = app.call("GET", &format!("/guilds/{}/members/{}", guild.id, user.id), None).await;
    assert_eq!(member.body["user"]["global_name"], json!(user.name));
    let shown = app.call("GET", &format!("/users/{}", user.id), None).await.body;
    assert_eq!(shown["id"], json!(user.id));
    let stranger = app.call("GET", "/users/1", None).await;
    assert_eq!((stranger.status, code(&stranger.body)), (404, 10013));
}

#[tokio::test]
async fn the_bot_has_no_access_to_a_guild_that_it_is_not_in() {
    let app = app().await;
    let channels = app.discord.inner.store.read(model::channels).unwrap();
    let lobby = channels.iter().find(|channel| channel.name == "lobby").unwrap().id;
    for (method, path) in
        [("GET", format!("/channels/{lobby}")), ("POST", format!("/channels/{lobby}/messages"))]
    {
        let refused = app.call(method, &path, Some(json!({ "content": "hello" }))).await;
        assert_eq!((refused.status, code(&refused.body)), (403, 50001), "{method}");
    }
}
