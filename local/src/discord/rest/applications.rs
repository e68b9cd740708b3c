//! `/applications/@me` and `/users/@me`: the application looks at itself.

use axum::{Json, extract::State};
use serde_json::{Map, Value, json};

use super::{ApiResult, body::Body};
use crate::discord::{Discord, Error, api_error::ApiError, form::Form, store, world};

/// What PATCH changes, and GET shows.
const CHANGEABLE: [&str; 5] = [
    "description",
    "role_connections_verification_url",
    "event_webhooks_url",
    "event_webhooks_status",
    "event_webhooks_types",
];
const CHANGES: &str = "application_changes";

pub(super) async fn bot_user(State(discord): State<Discord>) -> Json<Value> {
    let mut bot = world::bot_object(discord.application_id());
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
    match &body["interactions_endpoint_url"] {
        Value::String(url) if !url.is_empty() => {
            discord.check_endpoint(url).await.map_err(|error| not_verified(&error))?;
            discord.set_interactions_url(url.as_str());
        }
        Value::Null if body.get("interactions_endpoint_url").is_none() => {}
        _ => discord.set_interactions_url(""),
    }
    remember(&discord, &body)?;
    Ok(Json(application(&discord)?))
}

fn not_verified(error: &Error) -> ApiError {
    tracing::debug!(%error, "the endpoint was not verified");
    let mut form = Form::default();
    let message = "The specified interactions endpoint url could not be verified.";
    form.report("interactions_endpoint_url", "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID", message);
    ApiError::form(form)
}

fn remember(discord: &Discord, body: &Value) -> Result<(), Error> {
    discord.inner.store.write(|db| {
        let mut changes = changes(db)?;
        for key in CHANGEABLE {
            if let Some(value) = body.get(key) {
                changes.insert(key.into(), value.clone());
            }
        }
        store::set_setting(db, CHANGES, &store::json(&changes)?)
    })
}

fn changes(db: &rusqlite::Connection) -> Result<Map<String, Value>, Error> {
    let text = store::setting(db, CHANGES)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
}

fn application(discord: &Discord) -> Result<Value, Error> {
    discord.inner.store.read(|db| {
        let users = world::users(db)?;
        let owner = users.first().ok_or(Error::Damaged("a world without users"))?;
        let mut application =
            world::application_object(discord.application_id(), &discord.public_key(), owner);
        let url = Some(discord.interactions_url()).filter(|url| !url.is_empty());
        application["interactions_endpoint_url"] = json!(url);
        application["approximate_guild_count"] = world::guilds(db)?.len().into();
        for (key, value) in changes(db)? {
            application[key] = value;
        }
        Ok(application)
    })
}
