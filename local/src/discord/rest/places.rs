//! Channels and users, to be looked at.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{
    ApiResult,
    body::Body,
    permission::{self, SEND_MESSAGES},
    snowflake, thread_members,
};
use crate::discord::{
    Discord, Error, Snowflake,
    api_error::ApiError,
    post,
    world::{self, Channel, Guild, Place, User, permissions::Overwrite},
};

pub(super) async fn channel(
    State(discord): State<Discord>,
    Path(channel): Path<String>,
) -> ApiResult<Json<Value>> {
    discord.inner.store.read(|db| {
        let channel = permission::channel(&discord, db, &channel, 0)?;
        Ok(Json(channel_object(&discord, db, &channel)?))
    })
}

/// Shown for ten seconds; nothing is kept of it.
pub(super) async fn typing(
    State(discord): State<Discord>,
    Path(channel): Path<String>,
) -> ApiResult<StatusCode> {
    discord.inner.store.read(|db| permission::channel(&discord, db, &channel, SEND_MESSAGES))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /users/@me/channels`: the direct messages with a user, made on the first day.
pub(super) async fn direct(State(discord): State<Discord>, body: Body) -> ApiResult<Json<Value>> {
    let body = body.object()?;
    let Some(id) = body["recipient_id"].as_str() else {
        return Err(ApiError::at("recipient_id", "BASE_TYPE_REQUIRED", "This field is required"));
    };
    let place = Place::Direct(snowflake(id, "recipient_id")?);
    discord.inner.store.read(|db| {
        let found = world::channels(db)?.into_iter().find(|channel| channel.place == place);
        let channel = found.ok_or(ApiError::CANNOT_MESSAGE_USER)?;
        Ok(Json(channel_object(&discord, db, &channel)?))
    })
}

pub(super) async fn user(State(discord): State<Discord>, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    let id = snowflake(&id, "user_id")?;
    if id == discord.application_id() {
        return Ok(Json(world::bot_object(id)));
    }
    let found = discord.inner.store.read(|db| find_user(db, id))?;
    Ok(Json(found.ok_or(ApiError::UNKNOWN_USER)?.rest_object()))
}

pub(super) async fn my_guilds(State(discord): State<Discord>) -> ApiResult<Json<Vec<Value>>> {
    let guilds = discord.inner.store.read(world::guilds)?;
    let partial = |guild: &Guild| {
        let held = guild.base_permissions(&guild.bot_member(discord.application_id()));
        json!({
            "id": guild.id, "name": guild.name, "icon": null, "banner": null, "owner": false,
            "permissions": held.to_string(), "features": [],
        })
    };
    Ok(Json(guilds.iter().map(partial).collect()))
}

fn find_user(db: &Connection, id: Snowflake) -> Result<Option<User>, Error> {
    Ok(world::users(db)?.into_iter().find(|user| user.id == id))
}

/// A channel as REST shows it: no permissions of anybody.
pub(super) fn channel_object(discord: &Discord, db: &Connection, channel: &Channel) -> Result<Value, Error> {
    let who = match channel.place {
        Place::Direct(user) => find_user(db, user)?,
        Place::Guild(_) | Place::Group => world::users(db)?.into_iter().next(),
    };
    let who = who.ok_or(Error::Damaged("a channel of nobody"))?;
    let mut object = channel.partial(&who, 0, 0);
    if let Place::Direct(_) = channel.place {
        object["recipients"] = json!([who.rest_object()]);
        return Ok(object);
    }
    if let Some(members) = object.as_object_mut() {
        members.remove("permissions");
        members.remove("app_permissions");
    }
    if channel.is_thread() {
        let said = post::in_channel(db, channel.id)?.into_iter();
        let count = said.filter(|message| message["type"] != post::THREAD_STARTER).count();
        object["message_count"] = count.into();
        object["total_message_sent"] = count.into();
        if let Some(member) = thread_members::object(channel, discord.application_id()) {
            object["member"] = member;
        }
    } else {
        object["permission_overwrites"] = overwrites(db, channel)?;
    }
    Ok(object)
}

/// Discord tells roles (0) and members (1) apart.
fn overwrites(db: &Connection, channel: &Channel) -> Result<Value, Error> {
    let guild = match channel.place {
        Place::Guild(guild) => world::guild(db, guild)?,
        Place::Direct(_) | Place::Group => None,
    };
    let shown = |overwrite: &Overwrite| {
        let of_role = guild.as_ref().is_some_and(|guild| guild.role(overwrite.id).is_some());
        let (allow, deny) = (overwrite.allow.to_string(), overwrite.deny.to_string());
        json!({ "id": overwrite.id, "type": u8::from(!of_role), "allow": allow, "deny": deny })
    };
    Ok(channel.overwrites.iter().map(shown).collect())
}
