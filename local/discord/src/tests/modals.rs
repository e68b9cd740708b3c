//! Modals are submitted once, file types are checked, and components of ephemeral messages.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Seen, Snowflake, render, testing::TestApp};

const FINCH: &str = "Bartholomew Finch";

fn bot(interaction: &Value) -> Value {
    let data = &interaction["data"];
    match (interaction["type"].as_u64(), data["name"].as_str().or(data["custom_id"].as_str())) {
        (Some(2), Some("form")) => json!({ "type": 9, "data": { "custom_id": "form", "title": "Form",
            "components": [
                { "type": 18, "label": "x", "component": { "type": 4, "custom_id": "text", "style": 1 } },
                { "type": 18, "label": "x", "component": { "type": 19, "custom_id": "file", "required": false,
                    "file_types": ["image", ".pdf"] } }] } }),
        // This value makes the application fail.
        (Some(5), _) if data["components"][0]["component"]["value"] == "fail" => json!(500),
        (Some(3), Some("later")) => json!({ "type": 6 }),
        (Some(3), _) => json!({ "type": 7, "data": { "content": "changed" } }),
        _ => json!({ "type": 4, "data": { "content": "hello", "flags": 64, "components": [{ "type": 1,
            "components": [
                { "type": 2, "style": 1, "label": "Now", "custom_id": "now" },
                { "type": 2, "style": 1, "label": "Later", "custom_id": "later" },
                { "type": 2, "style": 5, "label": "Elsewhere", "url": "https://x.org" }] }] } }),
    }
}

async fn app() -> TestApp {
    let app = TestApp::open(bot).await;
    let file = json!({ "type": 11, "name": "file", "description": "x", "file_types": ["video", ".PNG"] });
    let commands = json!([
        { "name": "form", "description": "x" },
        { "name": "ping", "description": "x" },
        { "name": "send", "description": "x", "options": [file] },
    ]);
    assert_eq!(app.register(commands).await.status, 200);
    app
}

async fn open_form(app: &TestApp) -> Snowflake {
    let opened = app.say("/form").await;
    assert!(matches!(app.settled(opened).await.steps[0].seen, Seen::Modal { .. }));
    opened
}

async fn refusal(app: &TestApp, opened: Snowflake, text: &str) -> String {
    let refused = app.discord.submit(FINCH, opened, &[("text", &[text])]).await;
    refused.unwrap_err().to_string()
}

#[tokio::test]
async fn a_form_is_closed_once_it_was_sent() {
    let app = app().await;
    let opened = open_form(&app).await;
    let id = app.discord.submit(FINCH, opened, &[("text", &["word"])]).await.unwrap();
    let closed = "the form was sent already, and is closed";
    assert_eq!(refusal(&app, opened, "while it is under way").await, closed);
    assert!(!app.settled(id).await.failed());
    assert_eq!(refusal(&app, opened, "afterwards").await, closed);
    let again = open_form(&app).await;
    assert!(app.discord.submit(FINCH, again, &[("text", &["word"])]).await.is_ok());
}

#[tokio::test]
async fn a_form_to_which_nobody_responded_can_be_sent_again() {
    let app = app().await;
    let opened = open_form(&app).await;
    let id = app.discord.submit(FINCH, opened, &[("text", &["fail"])]).await.unwrap();
    assert!(app.settled(id).await.failed());
    let id = app.discord.submit(FINCH, opened, &[("text", &["word"])]).await.unwrap();
    assert!(!app.settled(id).await.failed());
}

#[tokio::test]
async fn a_form_dies_with_the_token_of_the_interaction_that_opened_it() {
    let app = app().await;
    let opened = open_form(&app).await;
    app.clock.advance(Duration::from_secs(15 * 60 - 5));
    assert!(app.discord.submit(FINCH, opened, &[]).await.unwrap_err().to_string().contains("is required"));
    app.clock.advance(Duration::from_secs(5));
    assert_eq!(refusal(&app, opened, "late").await, "the form is too old: its token has expired");
}

#[tokio::test]
async fn a_field_and_an_option_take_only_files_of_their_kinds() {
    let app = app().await;
    for name in ["a.png", "b.PDF", "c.txt", "d.mov"] {
        app.discord.upload(FINCH, name, "x").unwrap();
    }
    for (name, field, option) in
        [("a.png", true, true), ("b.PDF", true, false), ("c.txt", false, false), ("d.mov", false, true)]
    {
        let opened = open_form(&app).await;
        let filled: [(&str, &[&str]); 2] = [("text", &["word"]), ("file", &[name])];
        let sent = app.discord.submit(FINCH, opened, &filled).await;
        assert_eq!(sent.is_ok(), field, "{name} {sent:?}");
        let said = app.discord.say(FINCH, "general", &format!("/send file:{name}")).await;
        assert_eq!(said.is_ok(), option, "{name} {said:?}");
    }
    let refused = app.discord.say(FINCH, "general", "/send file:c.txt").await.unwrap_err();
    assert_eq!(refused.to_string(), "the option `file` takes video, .PNG, not `c.txt`");
}

#[tokio::test]
async fn what_hangs_under_a_private_message_works_and_the_message_stays_private() {
    let app = app().await;
    let id = app.say("/ping").await;
    let message: Snowflake =
        app.settled(id).await.message().unwrap()["id"].as_str().unwrap().parse().unwrap();
    let other = app.discord.press("Zdenka Vlasak", message, "now").await.unwrap_err();
    assert_eq!(other.to_string(), "Zdenka Vlasak does not see this message");
    app.discord.press(FINCH, message, "later").await.unwrap();
    // A response of type 6 is not visible, so poll the counter.
    while app.discord.status().unwrap().interactions.deferred == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(app.last()["message"]["flags"], 64);
    let edited = app.edit_original(json!({ "content": "edited" })).await;
    assert_eq!((&edited.body["id"], &edited.body["flags"]), (&json!(message), &json!(64)));
    let more = app.call("POST", &app.webhook(), Some(json!({ "content": "more" }))).await;
    assert_eq!((more.status, &more.body["flags"]), (200, &json!(0)), "a follow-up says for itself");

    let pressed = app.discord.press(FINCH, message, "now").await.unwrap();
    let changed = app.settled(pressed).await.message().unwrap().clone();
    assert_eq!((render(&changed)[0].as_str(), &changed["flags"]), ("changed", &json!(64)));
    // The bot reaches an ephemeral message only by the token, not in the channel.
    let channel = changed["channel_id"].as_str().unwrap();
    let path = format!("/channels/{channel}/messages/{message}");
    assert_eq!(app.call("GET", &path, None).await.body["code"], 10008);
    assert_eq!(app.call("PATCH", &path, Some(json!({ "content": "x" }))).await.body["code"], 10008);
    let link = app.discord.press(FINCH, message, "Elsewhere").await.unwrap_err();
    assert_eq!(link.to_string(), "the message has no button `Elsewhere`");
}
