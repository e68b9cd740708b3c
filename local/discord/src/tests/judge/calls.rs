//! Calls of all routes, validated at once.

use serde_json::{Value, json};

use super::{Answered, Judge, Verdict};
use crate::testing::{Answer, TestApp, definitions};

/// A test app whose responses are all validated.
pub(super) struct Court {
    pub app: TestApp,
    judge: Judge,
    judged: usize,
}

impl Court {
    pub(super) async fn open() -> Option<Self> {
        let judge = Judge::sit()?;
        Some(Self { app: TestApp::open(|_| json!({ "type": 5 })).await, judge, judged: 0 })
    }

    pub(super) async fn call(&mut self, method: &str, path: &str, body: Option<Value>) -> Value {
        // Not to run into rate limits.
        self.app.clock.advance(std::time::Duration::from_secs(5));
        let answer = self.app.call(method, path, body).await;
        self.judge(method, path, answer)
    }

    /// Validates a response by the schema of its route and status.
    pub(super) fn judge(&mut self, method: &str, path: &str, answer: Answer) -> Value {
        assert!(answer.status < 500 && answer.status != 429, "{answer:?}");
        let content_type = answer.headers.get("content-type");
        let answered = Answered {
            method: method.to_owned(),
            route: path.to_owned(),
            status: answer.status,
            content_type: content_type.map(|value| value.to_str().unwrap().to_owned()),
            body: answer.body,
        };
        assert_eq!(self.judge.judge(&answered), Verdict::AsDocumented, "{answered:#?}");
        self.judged += 1;
        answered.body
    }
}

pub(super) fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

#[tokio::test]
async fn answers_about_messages_are_as_the_openapi_file_has_them() {
    let Some(mut court) = Court::open().await else { return };
    let channel = format!("/channels/{}", court.app.discord.status().unwrap().guilds[0].channels[0].id);
    let all = format!("{channel}/messages");
    let body = json!({
        "content": "hello", "nonce": "n", "embeds": [{ "title": "Sun", "fields": [{ "name": "a", "value": "b" }] }],
        "components": [{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "a", "custom_id": "a" }] }],
    });
    let first = court.call("POST", &all, Some(body)).await;
    let laid_out = json!({ "flags": 1 << 15, "components": [{ "type": 17, "components": [
        { "type": 9, "components": [{ "type": 10, "content": "text" }],
          "accessory": { "type": 2, "style": 1, "label": "b", "custom_id": "b" } },
        { "type": 9, "components": [{ "type": 10, "content": "text" }],
          "accessory": { "type": 11, "media": { "url": "https://x.org/a.png" } } },
        { "type": 12, "items": [{ "media": { "url": "https://x.org/a.png" } }] },
        { "type": 1, "components": [{ "type": 5, "custom_id": "u" }] },
        { "type": 14 }] }] });
    court.call("POST", &all, Some(laid_out)).await;
    let poll = json!({ "question": { "text": "Tea?" }, "answers": [{ "poll_media": { "text": "Yes" } }] });
    court.call("POST", &all, Some(json!({ "poll": poll }))).await;
    let reply = json!({ "content": "yes", "message_reference": { "message_id": first["id"] } });
    court.call("POST", &all, Some(reply)).await;
    let one = format!("{all}/{}", id(&first));
    court.call("PUT", &format!("{one}/reactions/%F0%9F%8E%B2/@me"), None).await;
    court.call("GET", &format!("{one}/reactions/%F0%9F%8E%B2"), None).await;
    court.call("PUT", &format!("{all}/pins/{}", id(&first)), None).await;
    court.call("GET", &format!("{all}/pins"), None).await;
    court.call("PATCH", &one, Some(json!({ "content": "bye" }))).await;
    court.call("GET", &one, None).await;
    court.call("GET", &all, None).await;
    court.call("POST", &all, Some(json!({ "content": "x".repeat(2001) }))).await;
    court.call("POST", &all, Some(json!({}))).await;
    court.call("POST", &format!("{one}/crosspost"), None).await;
    court.call("POST", &format!("{channel}/typing"), None).await;
    court.call("DELETE", &format!("{one}/reactions/%F0%9F%8E%B2/@me"), None).await;
    court.call("DELETE", &format!("{all}/pins/{}", id(&first)), None).await;
    court.call("DELETE", &one, None).await;
    court.call("GET", &one, None).await;
    assert_eq!(court.judged, 19);
}

#[tokio::test]
async fn answers_about_places_and_people_are_as_the_openapi_file_has_them() {
    let Some(mut court) = Court::open().await else { return };
    let status = court.app.discord.status().unwrap();
    let (guild, user) = (&status.guilds[0], &status.users[1]);
    let direct = court.call("POST", "/users/@me/channels", Some(json!({ "recipient_id": user.id }))).await;
    court.call("GET", &format!("/channels/{}", id(&direct)), None).await;
    court.call("GET", &format!("/channels/{}", guild.channels[0].id), None).await;
    court.call("GET", "/channels/1", None).await;
    court.call("GET", &format!("/guilds/{}/channels", guild.id), None).await;
    court.call("GET", &format!("/guilds/{}/members/{}", guild.id, user.id), None).await;
    court.call("GET", &format!("/users/{}", user.id), None).await;
    court.call("GET", &format!("/users/{}", status.application_id), None).await;
    court.call("GET", "/users/@me", None).await;
    court.call("GET", "/users/@me/guilds", None).await;
    court.call("GET", "/applications/@me", None).await;
}

#[tokio::test]
async fn answers_about_the_application_are_as_the_openapi_file_has_them() {
    let Some(mut court) = Court::open().await else { return };
    let everything = json!({
        "custom_install_url": "https://x.org/install", "description": "About", "event_webhooks_status": 2,
        "event_webhooks_types": ["APPLICATION_AUTHORIZED"], "event_webhooks_url": "https://x.org/events",
        "flags": 1 << 19, "icon": "data:image/png;base64,AAAA", "tags": ["fun"],
        "install_params": { "scopes": ["bot"], "permissions": 8 },
        "integration_types_config": { "0": { "oauth2_install_params": { "scopes": ["bot"] } }, "1": null },
        "role_connections_verification_url": "https://x.org/roles",
    });
    let nothing: Value =
        everything.as_object().unwrap().keys().map(|key| (key.clone(), Value::Null)).collect();
    court.call("PATCH", "/applications/@me", Some(everything)).await;
    court.call("GET", "/applications/@me", None).await;
    court.call("PATCH", "/applications/@me", Some(json!({ "tags": ["a", "a"] }))).await;
    court.call("PATCH", "/applications/@me", Some(nothing)).await;
    assert_eq!(court.judged, 4);
}

#[tokio::test]
async fn answers_about_commands_are_as_the_openapi_file_has_them() {
    let Some(mut court) = Court::open().await else { return };
    let status = court.app.discord.status().unwrap();
    let application = format!("/applications/{}", status.application_id);
    for scope in [application.clone(), format!("{application}/guilds/{}", status.guilds[0].id)] {
        let all = format!("{scope}/commands");
        court.call("PUT", &all, Some(definitions())).await;
        let beer = json!({ "name": "beer", "description": "One", "name_localizations": { "de": "bier" } });
        let made = court.call("POST", &all, Some(beer.clone())).await;
        court.call("POST", &all, Some(beer)).await;
        court.call("POST", &all, Some(json!({ "name": "Bad Name!", "description": "" }))).await;
        court.call("GET", &all, None).await;
        court.call("GET", &format!("{all}?with_localizations=true"), None).await;
        let one = format!("{all}/{}", id(&made));
        court.call("PATCH", &one, Some(json!({ "description": "Two" }))).await;
        court.call("GET", &one, None).await;
        court.call("DELETE", &one, None).await;
        court.call("GET", &one, None).await;
    }
}

#[tokio::test]
async fn answers_to_interaction_calls_are_as_the_openapi_file_has_them() {
    let Some(mut court) = Court::open().await else { return };
    let interaction = court.app.say("/ping").await;
    court.app.first_step(interaction).await;
    let webhook = court.app.webhook();
    let original = format!("{webhook}/messages/@original");
    court.call("GET", &original, None).await;
    court.call("PATCH", &original, Some(json!({ "content": "done" }))).await;
    court.call("PATCH", &original, Some(json!({ "content": "x".repeat(2001) }))).await;
    let more = court.call("POST", &webhook, Some(json!({ "content": "more" }))).await;
    let one = format!("{webhook}/messages/{}", id(&more));
    court.call("PATCH", &one, Some(json!({ "content": "less" }))).await;
    court.call("GET", &one, None).await;
    court.call("DELETE", &one, None).await;
    court.call("GET", &one, None).await;
    let token = webhook.rsplit('/').next().unwrap();
    let callback = format!("/interactions/{interaction}/{token}/callback");
    court.call("POST", &callback, Some(json!({ "type": 5 }))).await;
}

#[tokio::test]
async fn answers_about_entitlements_are_as_the_openapi_file_has_them() {
    let Some(mut court) = Court::open().await else { return };
    let application = format!("/applications/{}", court.app.discord.application_id());
    // The file has no schema for purchases, only for subscriptions.
    let bought = court.app.discord.buy("Bartholomew Finch", "general", "Silver Spoon").unwrap();
    let all = format!("{application}/entitlements");
    court.call("GET", &all, None).await;
    court.call("GET", &format!("{all}/{bought}"), None).await;
    court.call("POST", &format!("{all}/{bought}/consume"), None).await;
    let coins = court.app.discord.buy("Bartholomew Finch", "general", "Bag of Coins").unwrap();
    court.call("POST", &format!("{all}/{coins}/consume"), None).await;
    court.call("DELETE", &format!("{all}/{bought}"), None).await;
    court.call("GET", &format!("{all}/1"), None).await;
    court.call("POST", &all, Some(json!({}))).await;
}
