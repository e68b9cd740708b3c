//! Selects, modals, context menus and files, as users use them.

use serde_json::{Value, json};

use crate::{InteractionId, Seen, Snowflake, testing::TestApp};

const FINCH: &str = "Bartholomew Finch";
/// An image of one by one pixel.
pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

fn form() -> Value {
    let label = |component: Value| json!({ "type": 18, "label": "x", "component": component });
    let options = json!([{ "label": "Ay", "value": "a" }, { "label": "Bee", "value": "b" }]);
    json!({ "type": 9, "data": { "custom_id": "form", "title": "Form", "components": [
        { "type": 10, "content": "Fill this in" },
        label(json!({ "type": 4, "custom_id": "text", "style": 1, "min_length": 2, "max_length": 5 })),
        label(json!({ "type": 19, "custom_id": "file", "required": false })),
        label(json!({ "type": 22, "custom_id": "boxes", "options": options, "required": false })),
        label(json!({ "type": 21, "custom_id": "radio", "options": options })),
    ] } })
}

fn selects() -> Value {
    let row = |select: Value| json!({ "type": 1, "components": [select] });
    json!({ "type": 4, "data": { "content": "choose", "components": [
        row(json!({ "type": 3, "custom_id": "letter", "max_values": 2, "options": [
            { "label": "Ay", "value": "a" }, { "label": "Bee", "value": "b" }] })),
        row(json!({ "type": 5, "custom_id": "who" })),
        row(json!({ "type": 8, "custom_id": "where", "channel_types": [5] })),
        row(json!({ "type": 7, "custom_id": "both", "max_values": 2 })),
        row(json!({ "type": 6, "custom_id": "role", "disabled": true })),
    ] } })
}

fn bot(interaction: &Value) -> Value {
    let data = &interaction["data"];
    match (interaction["type"].as_u64(), data["name"].as_str().or(data["custom_id"].as_str())) {
        (Some(2), Some("form")) => form(),
        (Some(3), Some("letter")) => form(),
        (Some(2), Some("all")) if data["options"][0]["value"] == "Finch" => json!({ "type": 9, "data": {
            "custom_id": "preset", "title": "Preset", "components": [
                { "type": 18, "label": "x", "component": { "type": 4, "custom_id": "name", "style": 1, "value": "Finch" } },
                { "type": 18, "label": "x", "component": { "type": 23, "custom_id": "sure", "default": true } },
                { "type": 18, "label": "x", "component": { "type": 6, "custom_id": "role",
                    "default_values": [{ "id": interaction["guild_id"], "type": "role" }] } }] } }),
        (Some(2), Some("old")) => json!({ "type": 9, "data": { "custom_id": "old", "title": "Old",
            "components": [{ "type": 1, "components": [
                { "type": 4, "custom_id": "word", "label": "Word", "style": 1, "required": false }] }] } }),
        (Some(2), _) => selects(),
        (Some(5), _) => json!({ "type": 4, "data": { "content": "thanks", "flags": 64 } }),
        _ => json!({ "type": 7, "data": { "content": "chosen" } }),
    }
}

async fn app() -> TestApp {
    let app = TestApp::open(bot).await;
    let option = |kind: u64, name: &str| json!({ "type": kind, "name": name, "description": "x" });
    let mut news = option(7, "news");
    news["channel_types"] = json!([5]);
    let commands = json!([
        { "name": "form", "description": "x" },
        { "name": "old", "description": "x" },
        { "name": "all", "description": "x", "options": [
            option(3, "form"), option(7, "where"), option(8, "role"), option(9, "any"), option(11, "file"), news] },
        { "name": "View Stats", "type": 2 },
        { "name": "Bookmark", "type": 3 },
    ]);
    assert_eq!(app.register(commands).await.status, 200);
    app
}

async fn first(app: &TestApp, id: InteractionId) -> Value {
    app.settled(id).await;
    app.last()
}

async fn message(app: &TestApp) -> Snowflake {
    let id = app.discord.say(FINCH, "general", "/all").await.unwrap();
    app.settled(id).await.message().unwrap()["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn options_of_every_type_are_resolved() {
    let app = app().await;
    let file = app.discord.upload(FINCH, "a.png", PNG).unwrap();
    let line = "/all where:#weather role:@Moderator any:Zdenka Vlasak file:a.png news:news";
    let id = app.discord.say(FINCH, "general", line).await.unwrap();
    let data = first(&app, id).await["data"].clone();
    let value = |index: usize| data["options"][index]["value"].as_str().unwrap();
    let resolved = &data["resolved"];
    assert_eq!(resolved["channels"][value(0)]["name"], "weather");
    assert_eq!(resolved["roles"][value(1)]["name"], "Moderator");
    assert_eq!(resolved["users"][value(2)]["global_name"], "Zdenka Vlasak");
    let attachment = &resolved["attachments"][value(3)];
    assert_eq!((value(3), &attachment["width"]), (file.to_string().as_str(), &json!(1)));
    assert_eq!(app.discord.uploaded(file).unwrap().as_ref(), PNG);
    for (line, why) in [
        ("/all news:general", "the option `news` does not take channels like `general`"),
        ("/all where:staff", "the option `where` finds no channel `staff` here"),
        ("/all file:b.png", "the option `file` has no file `b.png`: nobody uploaded it"),
        ("/all any:Nobody", "the option `any` finds nobody and no role called `Nobody` here"),
    ] {
        assert_eq!(app.discord.say(FINCH, "general", line).await.unwrap_err().to_string(), why);
    }
}

#[tokio::test]
async fn a_select_takes_what_it_offers_as_often_as_it_says() {
    let app = app().await;
    let message = message(&app).await;
    let id = app.discord.choose(FINCH, message, "letter", &["Bee", "a"]).await.unwrap();
    let data = first(&app, id).await["data"].clone();
    assert_eq!(data, json!({ "component_type": 3, "custom_id": "letter", "id": 2, "values": ["b", "a"] }));
    let id = app.discord.choose(FINCH, message, "both", &["Zdenka Vlasak", "Moderator"]).await.unwrap();
    let data = first(&app, id).await["data"].clone();
    let resolved = |part: &str| data["resolved"][part].as_object().unwrap().len();
    assert_eq!((resolved("users"), resolved("members"), resolved("roles")), (1, 1, 1));
    for (select, values, why) in [
        ("letter", &["c"][..], "the select `letter` does not offer `c`; it offers Ay, Bee"),
        ("letter", &["a", "b", "a"], "the select `letter` takes 1 to 2, not 3"),
        ("letter", &["a", "Ay"], "the select `letter` takes each only once"),
        ("who", &[], "the select `who` takes 1 to 1, not 0"),
        ("where", &["general"], "the select `where` does not take channels like `general`"),
        ("role", &["Moderator"], "the select `role` is disabled"),
        ("other", &["a"], "the message has no select `other`"),
    ] {
        let refused = app.discord.choose(FINCH, message, select, values).await.unwrap_err();
        assert_eq!(refused.to_string(), why);
    }
}

#[tokio::test]
async fn a_form_is_sent_as_it_was_filled_in() {
    let app = app().await;
    let opened = app.discord.say(FINCH, "general", "/form").await.unwrap();
    assert!(matches!(app.settled(opened).await.steps[0].seen, Seen::Modal { .. }));
    let file = app.discord.upload(FINCH, "a.png", PNG).unwrap().to_string();
    let filled: [(&str, &[&str]); 3] = [("text", &["word"]), ("file", &["a.png"]), ("radio", &["Bee"])];
    let id = app.discord.submit(FINCH, opened, &filled).await.unwrap();
    let sent = first(&app, id).await;
    assert_eq!((&sent["type"], sent.get("message")), (&json!(5), None));
    assert_eq!(
        sent["data"]["components"],
        json!([
            { "type": 10, "id": 1 },
            { "type": 18, "id": 2, "component": { "type": 4, "id": 3, "custom_id": "text", "value": "word" } },
            { "type": 18, "id": 4, "component": { "type": 19, "id": 5, "custom_id": "file", "values": [file] } },
            { "type": 18, "id": 6, "component": { "type": 22, "id": 7, "custom_id": "boxes", "values": [] } },
            { "type": 18, "id": 8, "component": { "type": 21, "id": 9, "custom_id": "radio", "value": "b" } },
        ])
    );
    let thanks = app.settled(id).await.message().unwrap().clone();
    let triggering = &thanks["interaction_metadata"]["triggering_interaction_metadata"];
    assert_eq!(triggering["id"], json!(opened));
}

#[tokio::test]
async fn a_form_is_not_sent_with_what_the_client_would_not_let_through() {
    let app = app().await;
    let opened = app.discord.say(FINCH, "general", "/form").await.unwrap();
    app.settled(opened).await;
    let radio: (&str, &[&str]) = ("radio", &["a"]);
    for (filled, why) in [
        (vec![radio], "the field `text` is required"),
        (vec![radio, ("text", &["abcdef"][..])], "the field `text` takes 2 to 5 characters, not 6"),
        (vec![("text", &["abc"][..])], "the field `radio` is required"),
        (vec![radio, ("text", &["abc"]), ("mine", &["x"])], "the form has no field `mine`"),
    ] {
        let refused = app.discord.submit(FINCH, opened, &filled).await.unwrap_err();
        assert_eq!(refused.to_string(), why);
    }
    let other = app.discord.submit("Zdenka Vlasak", opened, &[]).await.unwrap_err();
    assert_eq!(other.to_string(), "Zdenka Vlasak does not see this form");
}

#[tokio::test]
async fn a_form_with_rows_and_one_under_a_message_are_sent_back_as_they_came() {
    let app = app().await;
    let opened = app.discord.say(FINCH, "general", "/old").await.unwrap();
    app.settled(opened).await;
    let id = app.discord.submit(FINCH, opened, &[("word", &["hm"])]).await.unwrap();
    let row = json!([{ "type": 1, "id": 1, "components": [
        { "type": 4, "id": 2, "custom_id": "word", "value": "hm" }] }]);
    assert_eq!(first(&app, id).await["data"]["components"], row);
    let message = message(&app).await;
    let opened = app.discord.choose(FINCH, message, "letter", &["a"]).await.unwrap();
    app.settled(opened).await;
    let id = app.discord.submit(FINCH, opened, &[("text", &["abc"]), ("radio", &["a"])]).await.unwrap();
    assert_eq!(first(&app, id).await["message"]["id"], json!(message));
}

#[tokio::test]
async fn context_menus_name_their_target() {
    let app = app().await;
    let id = app.discord.use_on_user(FINCH, "general", "View Stats", "Zdenka Vlasak").await.unwrap();
    let sent = first(&app, id).await;
    let target = sent["data"]["target_id"].as_str().unwrap();
    assert_eq!(sent["data"]["resolved"]["users"][target]["global_name"], "Zdenka Vlasak");
    let answer = app.settled(id).await.message().unwrap().clone();
    assert_eq!(
        (&answer["type"], &answer["interaction_metadata"]["target_user"]["id"]),
        (&json!(23), &json!(target))
    );
    let message = message(&app).await;
    let id = app.discord.use_on_message(FINCH, message, "Bookmark").await.unwrap();
    let sent = first(&app, id).await;
    assert_eq!(sent["data"]["resolved"]["messages"][message.to_string()]["content"], "choose");
    let unknown = app.discord.use_on_user(FINCH, "general", "Bookmark", FINCH).await.unwrap_err();
    assert_eq!(unknown.to_string(), "there is no command `Bookmark` here");
}

#[tokio::test]
async fn what_a_form_came_with_is_sent_if_nobody_changes_it() {
    let app = app().await;
    let opened = app.discord.say(FINCH, "general", "/all form:Finch").await.unwrap();
    app.settled(opened).await;
    let id = app.discord.submit(FINCH, opened, &[]).await.unwrap();
    let sent = first(&app, id).await;
    let field = |index: usize| &sent["data"]["components"][index]["component"];
    assert_eq!((&field(0)["value"], &field(1)["value"]), (&json!("Finch"), &json!(true)));
    assert_eq!(field(2)["values"], json!([sent["guild_id"]]));
}
