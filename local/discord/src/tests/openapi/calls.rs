//! Calls of all routes, validated at once.

use serde_json::{Value, json};

use super::{OpenApiChecker, RecordedResponse, Verdict};
use crate::testing::{Answer, TestApp, definitions};

/// A test app whose responses are all validated.
pub(super) struct ValidatedApp {
    pub app: TestApp,
    checker: OpenApiChecker,
    validated_count: usize,
}

impl ValidatedApp {
    pub(super) async fn open() -> Option<Self> {
        let checker = OpenApiChecker::load()?;
        Some(Self { app: TestApp::open(|_| json!({ "type": 5 })).await, checker, validated_count: 0 })
    }

    pub(super) async fn call(&mut self, method: &str, path: &str, body: Option<Value>) -> Value {
        // Not to run into rate limits.
        self.app.clock.advance(std::time::Duration::from_secs(5));
        let answer = self.app.call(method, path, body).await;
        self.checker(method, path, answer)
    }

    /// Validates a response by the schema of its route and status.
    pub(super) fn checker(&mut self, method: &str, path: &str, answer: Answer) -> Value {
        assert!(answer.status < 500 && answer.status != 429, "{answer:?}");
        let content_type = answer.headers.get("content-type");
        let response = RecordedResponse {
            method: method.to_owned(),
            route: path.to_owned(),
            status: answer.status,
            content_type: content_type.map(|value| value.to_str().unwrap().to_owned()),
            body: answer.body,
        };
        assert_eq!(self.checker.checker(&response), Verdict::AsDocumented, "{response:#?}");
        self.validated_count += 1;
        response.body
    }
}

pub(super) fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

#[tokio::test]
async fn answers_about_messages_are_as_the_openapi_file_has_them() {
    let Some(mut validated) = ValidatedApp::open().await else { return };
    let channel = format!("/channels/{}", validated.app.discord.status().unwrap().guilds[0].channels[0].id);
    let all = format!("{channel}/messages");
    let body = json!({
        "content": "hello", "nonce": "n", "embeds": [{ "title": "Sun", "fields": [{ "name": "a", "value": "b" }] }],
        "components": [{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "a", "custom_id": "a" }] }],
    });
    let first = validated.call("POST", &all, Some(body)).await;
    let laid_out = json!({ "flags": 1 << 15, "components": [{ "type": 17, "components": [
        { "type": 9, "components": [{ "type": 10, "content": "text" }],
          "accessory": { "type": 2, "style": 1, "label": "b", "custom_id": "b" } },
        { "type": 9, "components": [{ "type": 10, "content": "text" }],
          "accessory": { "type": 11, "media": { "url": "https://x.org/a.png" } } },
        { "type": 12, "items": [{ "media": { "url": "https://x.org/a.png" } }] },
        { "type": 1, "components": [{ "type": 5, "custom_id": "u" }] },
        { "type": 14 }] }] });
    validated.call("POST", &all, Some(laid_out)).await;
    let poll = json!({ "question": { "text": "Tea?" }, "answers": [{ "poll_media": { "text": "Yes" } }] });
    validated.call("POST", &all, Some(json!({ "poll": poll }))).await;
    let reply = json!({ "content": "yes", "message_reference": { "message_id": first["id"] } });
    validated.call("POST", &all, Some(reply)).await;
    let one = format!("{all}/{}", id(&first));
    validated.call("PUT", &format!("{one}/reactions/%F0%9F%8E%B2/@me"), None).await;
    validated.call("GET", &format!("{one}/reactions/%F0%9F%8E%B2"), None).await;
    validated.call("PUT", &format!("{all}/pins/{}", id(&first)), None).await;
    validated.call("GET", &format!("{all}/pins"), None).await;
    validated.call("PATCH", &one, Some(json!({ "content": "bye" }))).await;
    validated.call("GET", &one, None).await;
    validated.call("GET", &all, None).await;
    validated.call("POST", &all, Some(json!({ "content": "x".repeat(2001) }))).await;
    validated.call("POST", &all, Some(json!({}))).await;
    validated.call("POST", &format!("{one}/crosspost"), None).await;
    validated.call("POST", &format!("{channel}/typing"), None).await;
    validated.call("DELETE", &format!("{one}/reactions/%F0%9F%8E%B2/@me"), None).await;
    validated.call("DELETE", &format!("{all}/pins/{}", id(&first)), None).await;
    validated.call("DELETE", &one, None).await;
    validated.call("GET", &one, None).await;
    assert_eq!(validated.validated_count, 19);
}

#[tokio::test]
async fn answers_about_places_and_people_are_as_the_openapi_file_has_them() {
    let Some(mut validated) = ValidatedApp::open().await else { return };
    let status = validated.app.discord.status().unwrap();
    let (guild, user) = (&status.guilds[0], &status.users[1]);
    let direct =
        validated.call("POST", "/users/@me/channels", Some(json!({ "recipient_id": user.id }))).await;
    validated.call("GET", &format!("/channels/{}", id(&direct)), None).await;
    validated.call("GET", &format!("/channels/{}", guild.channels[0].id), None).await;
    validated.call("GET", "/channels/1", None).await;
    validated.call("GET", &format!("/guilds/{}/channels", guild.id), None).await;
    validated.call("GET", &format!("/guilds/{}/members/{}", guild.id, user.id), None).await;
    validated.call("GET", &format!("/users/{}", user.id), None).await;
    validated.call("GET", &format!("/users/{}", status.application_id), None).await;
    validated.call("GET", "/users/@me", None).await;
    validated.call("GET", "/users/@me/guilds", None).await;
    validated.call("GET", "/applications/@me", None).await;
}

#[tokio::test]
async fn answers_about_the_application_are_as_the_openapi_file_has_them() {
    let Some(mut validated) = ValidatedApp::open().await else { return };
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
    validated.call("PATCH", "/applications/@me", Some(everything)).await;
    validated.call("GET", "/applications/@me", None).await;
    validated.call("PATCH", "/applications/@me", Some(json!({ "tags": ["a", "a"] }))).await;
    validated.call("PATCH", "/applications/@me", Some(nothing)).await;
    assert_eq!(validated.validated_count, 4);
}

#[tokio::test]
async fn answers_about_commands_are_as_the_openapi_file_has_them() {
    let Some(mut validated) = ValidatedApp::open().await else { return };
    let status = validated.app.discord.status().unwrap();
    let application = format!("/applications/{}", status.application_id);
    for scope in [application.clone(), format!("{application}/guilds/{}", status.guilds[0].id)] {
        let all = format!("{scope}/commands");
        validated.call("PUT", &all, Some(definitions())).await;
        let beer = json!({ "name": "beer", "description": "One", "name_localizations": { "de": "bier" } });
        let made = validated.call("POST", &all, Some(beer.clone())).await;
        validated.call("POST", &all, Some(beer)).await;
        validated.call("POST", &all, Some(json!({ "name": "Bad Name!", "description": "" }))).await;
        validated.call("GET", &all, None).await;
        validated.call("GET", &format!("{all}?with_localizations=true"), None).await;
        let one = format!("{all}/{}", id(&made));
        validated.call("PATCH", &one, Some(json!({ "description": "Two" }))).await;
        validated.call("GET", &one, None).await;
        validated.call("DELETE", &one, None).await;
        validated.call("GET", &one, None).await;
    }
}

#[tokio::test]
async fn answers_to_interaction_calls_are_as_the_openapi_file_has_them() {
    let Some(mut validated) = ValidatedApp::open().await else { return };
    let interaction = validated.app.say("/ping").await;
    validated.app.first_step(interaction).await;
    let webhook = validated.app.webhook();
    let original = format!("{webhook}/messages/@original");
    validated.call("GET", &original, None).await;
    validated.call("PATCH", &original, Some(json!({ "content": "done" }))).await;
    validated.call("PATCH", &original, Some(json!({ "content": "x".repeat(2001) }))).await;
    let more = validated.call("POST", &webhook, Some(json!({ "content": "more" }))).await;
    let one = format!("{webhook}/messages/{}", id(&more));
    validated.call("PATCH", &one, Some(json!({ "content": "less" }))).await;
    validated.call("GET", &one, None).await;
    validated.call("DELETE", &one, None).await;
    validated.call("GET", &one, None).await;
    let token = webhook.rsplit('/').next().unwrap();
    let callback = format!("/interactions/{interaction}/{token}/callback");
    validated.call("POST", &callback, Some(json!({ "type": 5 }))).await;
}

#[tokio::test]
async fn answers_about_entitlements_are_as_the_openapi_file_has_them() {
    let Some(mut validated) = ValidatedApp::open().await else { return };
    let application = format!("/applications/{}", validated.app.discord.application_id());
    // The file has no schema for purchases, only for subscriptions.
    let bought = validated.app.discord.buy("Bartholomew Finch", "general", "Silver Spoon").unwrap();
    let all = format!("{application}/entitlements");
    validated.call("GET", &all, None).await;
    validated.call("GET", &format!("{all}/{bought}"), None).await;
    validated.call("POST", &format!("{all}/{bought}/consume"), None).await;
    let coins = validated.app.discord.buy("Bartholomew Finch", "general", "Bag of Coins").unwrap();
    validated.call("POST", &format!("{all}/{coins}/consume"), None).await;
    validated.call("DELETE", &format!("{all}/{bought}"), None).await;
    validated.call("GET", &format!("{all}/1"), None).await;
    validated.call("POST", &all, Some(json!({}))).await;
}
