//! What users can do, and what their client refuses to send.

use serde_json::{Value, json};

use crate::{Refused, Seen, Snowflake, render, testing::TestApp};

fn bot(interaction: &Value) -> Value {
    match interaction["type"].as_u64() {
        Some(4) => json!({ "type": 8, "data": { "choices": [
            { "name": "Paris", "name_localizations": { "de": "Paris an der Seine" }, "value": "paris" }] } }),
        Some(3) => json!({ "type": 7, "data": { "content": "pressed", "components": [] } }),
        _ => json!({ "type": 4, "data": { "content": "hello", "flags": 64, "components": [{ "type": 1,
            "components": [
                { "type": 2, "style": 1, "label": "Again", "custom_id": "again" },
                { "type": 2, "style": 2, "label": "No", "custom_id": "no", "disabled": true }] }] } }),
    }
}

async fn refusal(app: &TestApp, line: &str) -> String {
    app.discord.say("Zdenka Vlasak", "general", line).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_line_becomes_the_interaction_that_discord_sends() {
    let app = TestApp::open(bot).await;
    let id = app.say("/weather place:New York units:metric days:3").await;
    app.settled(id).await;
    let sent = app.last();
    let options = json!([
        { "name": "place", "type": 3, "value": "New York" },
        { "name": "units", "type": 3, "value": "metric" },
        { "name": "days", "type": 4, "value": 3 },
    ]);
    assert_eq!(sent["data"]["options"], options);
    assert_eq!((&sent["id"], &sent["locale"], &sent["context"]), (&json!(id), &json!("en-GB"), &json!(0)));
    assert!(sent["token"].as_str().unwrap().starts_with("aW50ZXJhY3Rpb246"));
    assert_eq!(sent["authorizing_integration_owners"]["0"], sent["guild_id"]);
}

#[tokio::test]
async fn an_interaction_has_every_field_of_the_real_one() {
    let samples = [
        ("general", include_str!("samples/slash_guild.json")),
        ("dm", include_str!("samples/slash_bot_dm.json")),
    ];
    let app = TestApp::open(bot).await;
    for (channel, sample) in samples {
        let id = app.discord.say("Bartholomew Finch", channel, "/ping").await.unwrap();
        app.settled(id).await;
        let sample: Value = serde_json::from_str(sample).unwrap();
        let sent = app.last();
        assert_eq!(keys(&sent), keys(&sample), "{channel}");
        for part in ["channel", "member", "user", "guild"] {
            assert_eq!(keys(&sent[part]), keys(&sample[part]), "{channel} {part}");
        }
    }
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn subcommands_nest_and_users_are_resolved() {
    let app = TestApp::open(bot).await;
    let id = app.say("/coins pay to:@Zdenka Vlasak share:0.5 loud:true").await;
    app.settled(id).await;
    let data = &app.last()["data"];
    let pay = &data["options"][0];
    assert_eq!((&pay["name"], &pay["type"]), (&json!("pay"), &json!(1)));
    let zdenka = pay["options"][0]["value"].as_str().unwrap();
    assert_eq!(pay["options"][1]["value"], 0.5);
    assert_eq!(pay["options"][2]["value"], true);
    assert_eq!(data["resolved"]["users"][zdenka]["global_name"], "Zdenka Vlasak");
    assert!(data["resolved"]["members"][zdenka]["user"].is_null());
}

#[tokio::test]
async fn the_client_does_not_send_what_the_definition_forbids() {
    let app = TestApp::open(bot).await;
    for (line, sentence) in [
        ("hello", "`hello` is not a command: it does not begin with `/`"),
        ("/wether", "there is no command `/wether` here"),
        ("/weather", "`/weather` needs the option `place`"),
        ("/weather sky:blue", "`/weather` has no option at `sky:blue`"),
        ("/weather place:a place:b", "the option \"place\" is there twice"),
        ("/weather place:\"a", "`\"a` lacks a closing quote"),
        (
            "/weather place:a units:kelvin",
            "the option `units` does not offer `kelvin`; it offers Metric, Imperial",
        ),
        ("/weather place:a days:8", "the option `days` is at most 7"),
        ("/weather place:a days:soon", "the option `days` takes an integer, not `soon`"),
        ("/weather place:abcdefghijklmnopqrstu", "the option `place` takes 0 to 20 characters, not 21"),
        ("/coins", "`/coins` has no ``; it has pay"),
        ("/coins pay to:Nobody", "the option `to` finds nobody called `Nobody` here"),
    ] {
        assert_eq!(refusal(&app, line).await, sentence);
    }
    assert!(app.received.lock().unwrap().is_empty());
    let outsider = app.discord.say("Bartholomew Finch", "stammtisch", "/ping").await.unwrap_err();
    assert_eq!(outsider.to_string(), "Bartholomew Finch is not a member of Gasthaus");
}

#[tokio::test]
async fn a_german_client_offers_german_names_and_sends_the_plain_ones() {
    let app = TestApp::open(bot).await;
    let line = "/wetter place:\"Bad units:x\" units:metrisch";
    let id = app.discord.say("Zdenka Vlasak", "wetter", line).await.unwrap();
    app.settled(id).await;
    let sent = app.last();
    assert_eq!((&sent["data"]["name"], &sent["guild_locale"]), (&json!("weather"), &json!("de")));
    assert_eq!(sent["data"]["options"][0]["value"], "Bad units:x");
    assert_eq!(sent["data"]["options"][1]["value"], "metric");
    let choices = app.discord.complete("Zdenka Vlasak", "wetter", "/wetter place:pa").await.unwrap();
    assert_eq!(choices, [("Paris an der Seine".to_owned(), json!("paris"))]);
    let typed = json!([{ "name": "place", "type": 3, "value": "pa", "focused": true }]);
    assert_eq!(app.last()["data"]["options"], typed);
}

#[tokio::test]
async fn only_what_completes_is_completed() {
    let app = TestApp::open(bot).await;
    let refused = app.discord.complete("Zdenka Vlasak", "general", "/weather place:a units:m").await;
    assert_eq!(refused.unwrap_err().to_string(), "the option `units` does not complete");
    let app = TestApp::open(|_| json!({ "type": 4, "data": { "content": "no" } })).await;
    let failed = app.discord.complete("Zdenka Vlasak", "general", "/weather place:a").await;
    assert!(matches!(failed, Err(Refused::NoChoices(_))));
}

#[tokio::test]
async fn only_what_a_message_carries_can_be_pressed() {
    let app = TestApp::open(bot).await;
    let id = app.say("/ping").await;
    let message = app.settled(id).await.message().unwrap().clone();
    let message_id: Snowflake = message["id"].as_str().unwrap().parse().unwrap();
    let press = async |user, custom_id| {
        app.discord.press(user, message_id, custom_id).await.map_err(|refused| refused.to_string())
    };
    let finch = "Bartholomew Finch";
    assert_eq!(press(finch, "other").await.unwrap_err(), "the message has no button `other`");
    assert_eq!(press(finch, "no").await.unwrap_err(), "the button `no` is disabled");
    let blind = press("Zdenka Vlasak", "again").await.unwrap_err();
    assert_eq!(blind, "Zdenka Vlasak does not see this message");

    let pressed = press(finch, "again").await.unwrap();
    let view = app.settled(pressed).await;
    assert!(matches!(&view.steps[0].seen, Seen::Updated { message } if render(message) == ["pressed"]));
    let sent = app.last();
    assert_eq!(sent["data"], json!({ "component_type": 2, "custom_id": "again", "id": 2 }));
    assert_eq!(sent["message"], message);
    assert_eq!(press(finch, "again").await.unwrap_err(), "the message has no button `again`");
}
