//! `/users`: the bot's guilds and direct message channels, and other users.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::{ApiResult, body::Body, object, snowflake};
use crate::{
    Discord,
    api_error::ApiError,
    model::{self, ChannelContext, Guild},
};

/// `POST /users/@me/channels`: the direct message channel of a user, which exists from the start.
pub(super) async fn direct(State(discord): State<Discord>, body: Body) -> ApiResult<Json<Value>> {
    let body = body.object()?;
    let Some(id) = body["recipient_id"].as_str() else {
        return Err(ApiError::at("recipient_id", "BASE_TYPE_REQUIRED", "This field is required"));
    };
    let place = ChannelContext::Direct(snowflake(id, "recipient_id")?);
    discord.inner.store.read(|db| {
        let found = model::channels(db)?.into_iter().find(|channel| channel.place == place);
        let channel = found.ok_or(ApiError::CANNOT_MESSAGE_USER)?;
        Ok(Json(object::channel(&discord, db, &channel)?))
    })
}

pub(super) async fn user(State(discord): State<Discord>, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    let id = snowflake(&id, "user_id")?;
    if id == discord.application_id() {
        return Ok(Json(model::bot_object(id)));
    }
    let found = discord.inner.store.read(|db| object::find_user(db, id))?;
    Ok(Json(found.ok_or(ApiError::UNKNOWN_USER)?.rest_object()))
}

pub(super) async fn my_guilds(State(discord): State<Discord>) -> ApiResult<Json<Vec<Value>>> {
    let guilds = discord.inner.store.read(model::guilds)?;
    let partial = |guild: &Guild| {
        let held = guild.base_permissions(&guild.bot_member(discord.application_id()));
        json!({
            "id": guild.id, "name": guild.name, "icon": null, "banner": null, "owner": false,
            "permissions": held.to_string(), "features": [],
        })
    };
    Ok(Json(guilds.iter().map(partial).collect()))
}
