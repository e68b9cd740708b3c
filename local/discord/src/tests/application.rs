//! Changing the application, and how it is returned.

use serde_json::{Value, json};

use crate::testing::{Answer, TestApp};

async fn app() -> TestApp {
    TestApp::open(|_| json!({ "type": 1 })).await
}

async fn change(app: &TestApp, body: Value) -> Answer {
    app.call("PATCH", "/applications/@me", Some(body)).await
}

#[tokio::test]
async fn what_is_changed_is_shown_until_null_takes_it_back() {
    let app = app().await;
    let before = app.call("GET", "/applications/@me", None).await.body;
    let changes = json!({
        "description": "About", "tags": ["fun", "weather"], "custom_install_url": "https://x.org/install",
        "event_webhooks_url": "https://x.org/events", "event_webhooks_status": 2,
        "event_webhooks_types": ["APPLICATION_AUTHORIZED", "ENTITLEMENT_CREATE"],
        "role_connections_verification_url": "https://x.org/roles",
    });
    let changed = change(&app, changes.clone()).await;
    for (key, value) in changes.as_object().unwrap() {
        assert_eq!(&changed.body[key], value, "{key}");
    }
    assert_eq!(app.call("GET", "/applications/@me", None).await.body, changed.body);
    let back: Value = changes.as_object().unwrap().keys().map(|key| (key.clone(), Value::Null)).collect();
    assert_eq!(change(&app, back).await.body, before);
}

#[tokio::test]
async fn some_things_are_shown_in_another_form_than_they_come_in() {
    let app = app().await;
    let body = json!({
        "description": { "default": "About", "localizations": { "de": "Über" } },
        "flags": (1 << 15) | 1,
        "icon": "data:image/png;base64,AAAA",
        "install_params": { "scopes": ["bot"], "permissions": 8 },
        "integration_types_config": { "0": { "oauth2_install_params": { "permissions": "16" } }, "1": null },
    });
    let shown = change(&app, body).await.body;
    assert_eq!(shown["description"], "About");
    assert_eq!((&shown["flags"], &shown["flags_new"]), (&json!(1 << 15), &json!("32768")));
    assert_eq!(shown["icon"], Value::Null);
    assert_eq!(shown["install_params"], json!({ "scopes": ["bot"], "permissions": "8" }));
    let by_guild = json!({ "oauth2_install_params": { "scopes": [], "permissions": "16" } });
    assert_eq!(shown["integration_types_config"], json!({ "0": by_guild, "1": {} }));
}

#[tokio::test]
async fn what_discord_does_not_take_is_refused_at_its_path_and_changes_nothing() {
    let app = app().await;
    let before = app.call("GET", "/applications/@me", None).await.body;
    let long = "x".repeat(401);
    for (body, path, code) in [
        (json!({ "description": long }), "/description", "BASE_TYPE_MAX_LENGTH"),
        (json!({ "description": { "default": long } }), "/description/default", "BASE_TYPE_MAX_LENGTH"),
        (json!({ "description": {} }), "/description/default", "BASE_TYPE_REQUIRED"),
        (json!({ "install_params": "bot" }), "/install_params", "MODEL_TYPE_CONVERT"),
        (json!({ "integration_types_config": [] }), "/integration_types_config", "MODEL_TYPE_CONVERT"),
        (json!({ "tags": ["1", "2", "3", "4", "5", "6"] }), "/tags", "BASE_TYPE_MAX_LENGTH"),
        (json!({ "tags": ["x".repeat(21)] }), "/tags/0", "BASE_TYPE_BAD_LENGTH"),
        (json!({ "tags": ["a", "a"] }), "/tags", "SET_TYPE_ALREADY_CONTAINS_VALUE"),
        (json!({ "event_webhooks_url": "x.org" }), "/event_webhooks_url", "URL_TYPE_INVALID_URL"),
        (json!({ "event_webhooks_url": 5 }), "/event_webhooks_url", "STRING_TYPE_CONVERT"),
        (json!({ "event_webhooks_status": 3 }), "/event_webhooks_status", "BASE_TYPE_CHOICES"),
        (json!({ "event_webhooks_types": ["GUILD_DELETE"] }), "/event_webhooks_types/0", "BASE_TYPE_CHOICES"),
        (json!({ "flags": "all" }), "/flags", "NUMBER_TYPE_COERCE"),
        (
            json!({ "install_params": { "scopes": ["email"] } }),
            "/install_params/scopes/0",
            "BASE_TYPE_CHOICES",
        ),
        (
            json!({ "integration_types_config": { "2": {} } }),
            "/integration_types_config/2",
            "BASE_TYPE_CHOICES",
        ),
    ] {
        let mut mixed = body.clone();
        mixed["role_connections_verification_url"] = json!("https://x.org/roles");
        let refused = change(&app, mixed).await;
        assert_eq!((refused.status, &refused.body["code"]), (400, &json!(50035)), "{body}");
        let faults = refused.body["errors"].pointer(path).map(|node| &node["_errors"][0]["code"]);
        assert_eq!(faults, Some(&json!(code)), "{:#}", refused.body);
    }
    assert_eq!(app.call("GET", "/applications/@me", None).await.body, before);
}
