//! Payloads have the shape of real ones, and twilight can parse them.

use serde_json::{Value, json};
use twilight_model::application::interaction::Interaction;

use super::actions::PNG;
use crate::{InteractionId, Snowflake, testing::TestApp};

const ALICE: &str = "Bartholomew Finch";
const OUTSIDER: &str = "Emeric Vanterpool";

macro_rules! sample {
    ($name:literal) => {
        serde_json::from_str(include_str!(concat!("../../../../tests/samples/", $name, ".json"))).unwrap()
    };
}

fn label(component: Value) -> Value {
    json!({ "type": 18, "label": "x", "component": component })
}

fn bot(interaction: &Value) -> Value {
    let options = json!([{ "label": "a", "value": "a" }, { "label": "x", "value": "x" }]);
    let data = &interaction["data"];
    let modal = |id: &str, components: Value| {
        json!({ "type": 9, "data": {
        "custom_id": id, "title": "x", "components": components } })
    };
    match data["name"].as_str().or(data["custom_id"].as_str()) {
        Some("modal") => modal(
            "m:1",
            json!([
                label(json!({ "type": 4, "custom_id": "t", "style": 1 })),
                label(json!({ "type": 3, "custom_id": "s", "options": options })),
                label(json!({ "type": 19, "custom_id": "f" })),
                label(json!({ "type": 21, "custom_id": "r", "options": options })),
                label(json!({ "type": 22, "custom_id": "cg", "options": options, "required": false })),
            ]),
        ),
        Some("open") => modal(
            "m:2",
            json!([
                { "type": 10, "content": "x" },
                label(json!({ "type": 23, "custom_id": "c" })),
                label(json!({ "type": 5, "custom_id": "u" })),
            ]),
        ),
        Some("tz") => json!({ "type": 8, "data": { "choices": [] } }),
        _ => json!({ "type": 4, "data": { "content": "hello", "components": [
            { "type": 1, "components": [{ "type": 2, "style": 1, "label": "Go", "custom_id": "go:1" },
                                        { "type": 2, "style": 1, "label": "Open", "custom_id": "open" }] },
            { "type": 1, "components": [{ "type": 3, "custom_id": "pick:1", "max_values": 2, "options": [
                { "label": "a", "value": "a" }, { "label": "b", "value": "b" }] }] },
            { "type": 1, "components": [{ "type": 5, "custom_id": "who:1" }] },
        ] } }),
    }
}

fn commands() -> Value {
    let option = |kind: u64, name: &str| json!({ "type": kind, "name": name, "description": "x" });
    let everywhere = json!([0, 1, 2]);
    let mut zone = option(3, "zone");
    zone["autocomplete"] = true.into();
    let mut add = option(1, "add");
    add["options"] = json!([
        option(3, "when"),
        option(4, "count"),
        option(10, "ratio"),
        option(5, "loud"),
        option(6, "who"),
        option(7, "where"),
        option(8, "role"),
        option(11, "file")
    ]);
    json!([
        { "name": "tz", "description": "x", "options": [zone] },
        { "name": "remind", "description": "x", "options": [add] },
        { "name": "ping", "description": "x", "integration_types": [0, 1], "contexts": everywhere },
        { "name": "modal", "description": "x" },
        { "name": "View Stats", "type": 2 },
        { "name": "Bookmark", "type": 3 },
    ])
}

struct PayloadApp {
    app: TestApp,
}

impl PayloadApp {
    async fn open() -> Self {
        let app = TestApp::open(bot).await;
        assert_eq!(app.register(commands()).await.status, 200);
        app.discord.upload(ALICE, "a.png", PNG).unwrap();
        Self { app }
    }

    /// Checks that the payload has the same keys as the sample, at every depth.
    fn check(&self, name: &str, sample: &Value) {
        let sent = self.app.last();
        assert_eq!(different(sample, &sent, ""), Vec::<String>::new(), "{name}");
        let parsed: Result<Interaction, _> = serde_json::from_value(sent.clone());
        assert!(parsed.is_ok(), "{name}: {:?} {sent}", parsed.err());
    }

    async fn sent(&self, id: InteractionId) {
        self.app.settled(id).await;
    }

    async fn say(&self, user: &str, channel: &str, line: &str) -> InteractionId {
        let id = self.app.discord.say(user, channel, line).await.unwrap();
        self.sent(id).await;
        id
    }

    async fn message(&self) -> Snowflake {
        let id = self.say(ALICE, "general", "/ping").await;
        self.app.settled(id).await.message().unwrap()["id"].as_str().unwrap().parse().unwrap()
    }
}

/// The paths of keys that only one of them has.
fn different(sample: &Value, sent: &Value, path: &str) -> Vec<String> {
    // Our messages have more keys, because they respond to interactions. Entitlements are ignored.
    let is_message = path.ends_with("/message") || path.ends_with("/messages/ID");
    match (sample, sent) {
        _ if path.ends_with("/entitlements") || is_message && is_part(sample, sent) => Vec::new(),
        (Value::Object(sample), Value::Object(sent)) => {
            let (sample, sent) = (named(sample), named(sent));
            let names = sample.iter().chain(&sent).map(|(name, _)| name);
            let names: std::collections::BTreeSet<&String> = names.collect();
            let find = |list: &[(String, Value)], name: &str| {
                list.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone())
            };
            let compare = |name: &String| match (find(&sample, name), find(&sent, name)) {
                (Some(sample), Some(sent)) => different(&sample, &sent, &format!("{path}/{name}")),
                _ => vec![format!("{path}/{name}")],
            };
            names.into_iter().flat_map(compare).collect()
        }
        (Value::Array(sample), Value::Array(sent)) => {
            sample.iter().zip(sent).flat_map(|(sample, sent)| different(sample, sent, path)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether it has all keys of the sample.
fn is_part(sample: &Value, sent: &Value) -> bool {
    sample.as_object().unwrap().keys().all(|key| sent.get(key).is_some())
}

/// Replaces keys that are ids by `ID`; the integration types `0` and `1` are not ids.
fn named(object: &serde_json::Map<String, Value>) -> Vec<(String, Value)> {
    let name =
        |key: &String| if key.len() > 10 && key.parse::<u64>().is_ok() { "ID".into() } else { key.clone() };
    object.iter().map(|(key, value)| (name(key), value.clone())).collect()
}

#[tokio::test]
async fn commands_have_the_shape_of_the_samples() {
    let payload_app = PayloadApp::open().await;
    payload_app.app.discord.ping().await.unwrap();
    payload_app.check("ping", &sample!("ping"));
    payload_app.app.discord.complete(ALICE, "general", "/tz zone:eur").await.unwrap();
    payload_app.check("autocomplete", &sample!("autocomplete"));
    let line = "/remind add when:in 5m count:3 ratio:0.5 loud:true who:Zdenka Vlasak where:general \
                role:Moderator file:a.png";
    payload_app.say(ALICE, "general", line).await;
    payload_app.check("slash_guild", &sample!("slash_guild"));
    payload_app.say(ALICE, "dm", "/ping").await;
    payload_app.check("slash_bot_dm", &sample!("slash_bot_dm"));
    payload_app.say(OUTSIDER, "lobby", "/ping").await;
    payload_app.check("foreign guild", &sample!("slash_user_install_in_foreign_guild"));
    payload_app.say(OUTSIDER, "Sunday walk", "/ping").await;
    payload_app.check("private", &sample!("slash_user_install_private"));
    payload_app.say("Ottilie Quandt", "tea-talk", "/ping").await;
    let thread: Result<Interaction, _> = serde_json::from_value(payload_app.app.last());
    assert!(thread.is_ok(), "{thread:?}");
}

#[tokio::test]
async fn components_and_forms_have_the_shape_of_the_samples() {
    let payload_app = PayloadApp::open().await;
    let (discord, message) = (&payload_app.app.discord, payload_app.message().await);
    payload_app.sent(discord.press(ALICE, message, "go:1").await.unwrap()).await;
    payload_app.check("button", &sample!("button"));
    payload_app.sent(discord.choose(ALICE, message, "pick:1", &["a", "b"]).await.unwrap()).await;
    payload_app.check("string_select", &sample!("string_select"));
    payload_app.sent(discord.choose(ALICE, message, "who:1", &["Zdenka Vlasak"]).await.unwrap()).await;
    payload_app.check("user_select", &sample!("user_select"));
    payload_app.sent(discord.use_on_user(ALICE, "general", "View Stats", ALICE).await.unwrap()).await;
    payload_app.check("user_command", &sample!("user_command"));
    payload_app.sent(discord.use_on_message(ALICE, message, "Bookmark").await.unwrap()).await;
    payload_app.check("message_command", &sample!("message_command"));
    let opened = payload_app.say(ALICE, "general", "/modal").await;
    let filled: [(&str, &[&str]); 4] = [("t", &["text"]), ("s", &["a"]), ("f", &["a.png"]), ("r", &["x"])];
    payload_app.sent(discord.submit(ALICE, opened, &filled).await.unwrap()).await;
    payload_app.check("modal_submit_all", &sample!("modal_submit_all"));
    let opened = discord.press(ALICE, message, "open").await.unwrap();
    payload_app.sent(opened).await;
    let filled: [(&str, &[&str]); 2] = [("c", &["true"]), ("u", &["Zdenka Vlasak"])];
    payload_app.sent(discord.submit(ALICE, opened, &filled).await.unwrap()).await;
    let name = "modal_submit_checkbox_textdisplay_from_button";
    payload_app.check(name, &sample!("modal_submit_checkbox_textdisplay_from_button"));
}
