//! `/applications/@me` and `/users/@me`: the application and its bot user.

use axum::{Json, extract::State};
use serde_json::{Map, Value, json};

use super::{ApiResult, body::Body};
use crate::{
    Discord, Error,
    api_error::ApiError,
    model::{self, store},
    validation::{FormErrors, check_application},
};

/// The fields that PATCH changes. Images (`icon`, `cover_image`) are accepted but not stored.
const CHANGEABLE_FIELDS: [&str; 10] = [
    "custom_install_url",
    "description",
    "event_webhooks_status",
    "event_webhooks_types",
    "event_webhooks_url",
    "flags",
    "install_params",
    "integration_types_config",
    "role_connections_verification_url",
    "tags",
];
/// The flags that an application may change: the limited intents for presences, members and message content.
const CHANGEABLE_FLAGS: u64 = 1 << 13 | 1 << 15 | 1 << 19;
const CHANGES_SETTING: &str = "application_changes";

/// `GET /gateway`. There is no gateway here: bots over HTTP need none.
pub(super) async fn gateway(State(discord): State<Discord>) -> ApiResult<Json<Value>> {
    match discord.faults().get().fail_webhooks {
        Some(status) if status >= 500 => Err(ApiError::outage(status)),
        _ => Ok(Json(json!({ "url": "wss://gateway.discord.gg" }))),
    }
}

pub(super) async fn bot_user(State(discord): State<Discord>) -> Json<Value> {
    let mut bot = model::bot_object(discord.application_id());
    for (key, value) in [
        ("mfa_enabled", json!(false)),
        ("locale", json!("en-US")),
        ("verified", json!(true)),
        ("email", Value::Null),
    ] {
        bot[key] = value;
    }
    Json(bot)
}

pub(super) async fn read(State(discord): State<Discord>) -> ApiResult<Json<Value>> {
    Ok(Json(application(&discord)?))
}

pub(super) async fn change(State(discord): State<Discord>, body: Body) -> ApiResult<Json<Value>> {
    let body = body.object()?;
    let mut errors = FormErrors::default();
    check_application(&mut errors, &body);
    if !errors.is_clean() {
        return Err(ApiError::invalid_form(errors));
    }
    match &body["interactions_endpoint_url"] {
        Value::String(url) if !url.is_empty() => {
            match discord.check_endpoint(url).await {
                Ok(()) => discord.set_interactions_url(url.as_str()),
                Err(Error::NoResponse(reason)) => {
                    // Discord's error does not say why, so the reason goes into the refusals.
                    discord.remember_refusal(format!("the endpoint {url} was not verified: {reason}"));
                    return Err(not_verified());
                }
                Err(error) => return Err(error.into()),
            }
        }
        Value::Null if body.get("interactions_endpoint_url").is_none() => {}
        _ => discord.set_interactions_url(""),
    }
    remember(&discord, &body)?;
    Ok(Json(application(&discord)?))
}

fn not_verified() -> ApiError {
    let mut errors = FormErrors::default();
    let message = "The specified interactions endpoint url could not be verified.";
    errors.report("interactions_endpoint_url", "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID", message);
    ApiError::invalid_form(errors)
}

fn remember(discord: &Discord, body: &Value) -> Result<(), Error> {
    discord.inner.store.write(|db| {
        let mut changes = changes(db)?;
        for key in CHANGEABLE_FIELDS {
            match body.get(key) {
                None => {}
                // null and the empty string reset a field.
                Some(Value::Null) => _ = changes.remove(key),
                Some(Value::String(address)) if address.is_empty() => _ = changes.remove(key),
                Some(value) => _ = changes.insert(key.into(), kept(key, value)),
            }
        }
        store::set_setting(db, CHANGES_SETTING, &store::json(&changes)?)
    })
}

/// The value as it is stored and returned, which may differ from what was sent.
fn kept(key: &str, sent: &Value) -> Value {
    match key {
        "description" if sent.is_object() => json!(sent["default"].as_str().unwrap_or("")),
        "flags" => json!(sent.as_u64().unwrap_or(0) & CHANGEABLE_FLAGS),
        "install_params" => install_params(sent),
        "integration_types_config" => {
            let by_type = sent.as_object().into_iter().flatten();
            by_type.map(|(kind, settings)| (kind.clone(), type_config(settings))).collect()
        }
        _ => sent.clone(),
    }
}

fn type_config(settings: &Value) -> Value {
    match &settings["oauth2_install_params"] {
        Value::Null => json!({}),
        params => json!({ "oauth2_install_params": install_params(params) }),
    }
}

/// Permissions may be sent as a number, and are returned as a string.
fn install_params(sent: &Value) -> Value {
    let scopes = sent["scopes"].as_array().cloned().unwrap_or_default();
    let permissions = match &sent["permissions"] {
        Value::Null => "0".to_owned(),
        Value::String(digits) => digits.clone(),
        number => number.to_string(),
    };
    json!({ "scopes": scopes, "permissions": permissions })
}

fn changes(db: &rusqlite::Connection) -> Result<Map<String, Value>, Error> {
    let text = store::setting(db, CHANGES_SETTING)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
}

fn application(discord: &Discord) -> Result<Value, Error> {
    discord.inner.store.read(|db| {
        let users = model::users(db)?;
        let owner = users.first().ok_or(Error::Damaged("a world without users"))?;
        let mut application =
            model::application_object(discord.application_id(), &discord.public_key(), owner);
        let url = Some(discord.interactions_url()).filter(|url| !url.is_empty());
        application["interactions_endpoint_url"] = json!(url);
        application["approximate_guild_count"] = model::guilds(db)?.len().into();
        for (key, value) in changes(db)? {
            if key == "flags" {
                application["flags_new"] = value.to_string().into();
            }
            application[key] = value;
        }
        Ok(application)
    })
}
