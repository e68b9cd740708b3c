//! `/channels/{channel}`: reads and changes channels (`MANAGE_CHANNELS`) and threads (`MANAGE_THREADS`, or as their
//! owner).

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::Value;

use super::{
    ApiResult,
    body::Body,
    messages::check,
    object,
    permission::{self, MANAGE_CHANNELS, MANAGE_ROLES, MANAGE_THREADS, SEND_MESSAGES},
    snowflake,
};
use crate::{
    Discord, Snowflake,
    api_error::ApiError,
    model::{self, Channel, ChannelContext, ChannelKind, permissions::Overwrite},
    validation::{check_channel_change, check_thread_change},
};

/// The fields of a thread that its owner may change without `MANAGE_THREADS`.
const STARTER_FIELDS: [&str; 3] = ["name", "archived", "auto_archive_duration"];

pub(super) async fn read(
    State(discord): State<Discord>,
    Path(channel): Path<String>,
) -> ApiResult<Json<Value>> {
    discord.inner.store.read(|db| {
        let channel = permission::channel(&discord, db, &channel, 0)?;
        Ok(Json(object::channel(&discord, db, &channel)?))
    })
}

/// The typing indicator. It is accepted, and shown nowhere.
pub(super) async fn typing(
    State(discord): State<Discord>,
    Path(channel): Path<String>,
) -> ApiResult<StatusCode> {
    discord.inner.store.read(|db| permission::channel(&discord, db, &channel, SEND_MESSAGES))?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn change(
    State(discord): State<Discord>,
    Path(id): Path<String>,
    body: Body,
) -> ApiResult<Json<Value>> {
    let body = body.object()?;
    discord.inner.store.write(|db| {
        let mut channel = permission::channel(&discord, db, &id, 0)?;
        match channel.place {
            ChannelContext::Guild(_) if channel.is_thread() => {
                change_thread(&discord, db, &mut channel, &body)?
            }
            ChannelContext::Guild(_) => change_room(&discord, db, &mut channel, &body)?,
            ChannelContext::Direct(_) | ChannelContext::Group => {
                return Err(ApiError::NOT_IN_DIRECT_MESSAGES);
            }
        }
        model::save_channel(db, &channel)?;
        Ok(Json(object::channel(&discord, db, &channel)?))
    })
}

fn change_room(discord: &Discord, db: &Connection, channel: &mut Channel, body: &Value) -> ApiResult<()> {
    let id = channel.id.to_string();
    permission::channel(discord, db, &id, MANAGE_CHANNELS)?;
    check(|errors| check_channel_change(errors, body))?;
    if let Some(name) = body["name"].as_str() {
        channel.name = spelt(name, channel.sort);
    }
    if let Some(topic) = body.get("topic") {
        channel.topic = topic.as_str().filter(|topic| !topic.is_empty()).map(str::to_owned);
    }
    if let Some(nsfw) = body["nsfw"].as_bool() {
        channel.nsfw = nsfw;
    }
    if let Some(seconds) = body["rate_limit_per_user"].as_i64() {
        channel.slow_mode = seconds;
    }
    if let Some(position) = body["position"].as_u64().and_then(|position| u32::try_from(position).ok()) {
        channel.position = position;
    }
    if let Some(parent) = body.get("parent_id") {
        channel.parent = category(db, channel, parent)?;
    }
    if let Some(sent) = body["permission_overwrites"].as_array() {
        permission::channel(discord, db, &id, MANAGE_ROLES)?;
        channel.overwrites = overwrites(permission::of_bot(discord, db, channel)?, channel, sent)?;
    }
    Ok(())
}

/// Discord makes names of text channels lower case and replaces spaces by hyphens.
fn spelt(name: &str, sort: ChannelKind) -> String {
    match sort {
        ChannelKind::Category => name.to_owned(),
        _ => name.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase(),
    }
}

/// The id of a category of the same guild; `None` for null.
fn category(db: &Connection, channel: &Channel, parent: &Value) -> ApiResult<Option<Snowflake>> {
    if parent.is_null() {
        return Ok(None);
    }
    let id = read_id(parent)?;
    let found = model::channel(db, id)?.filter(|found| found.place == channel.place);
    match found {
        Some(found) if found.sort == ChannelKind::Category && channel.sort != ChannelKind::Category => {
            Ok(Some(id))
        }
        Some(_) => Err(ApiError::at("parent_id", "CHANNEL_PARENT_INVALID_TYPE", "Not a category")),
        None => Err(ApiError::at("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")),
    }
}

/// The bot can only allow or deny permissions that it has itself. Unchanged overwrites are always accepted.
fn overwrites(has: u64, channel: &Channel, sent: &[Value]) -> ApiResult<Vec<Overwrite>> {
    let read = |entry: &Value| {
        let bits = |key: &str| bits(&entry[key]);
        let overwrite = Overwrite { id: read_id(&entry["id"])?, allow: bits("allow"), deny: bits("deny") };
        let new = !channel.overwrites.contains(&overwrite);
        if new && (overwrite.allow | overwrite.deny) & !has != 0 {
            return Err(ApiError::MISSING_PERMISSIONS);
        }
        Ok(overwrite)
    };
    sent.iter().map(read).collect()
}

fn read_id(sent: &Value) -> ApiResult<Snowflake> {
    snowflake(sent.as_str().unwrap_or(&sent.to_string()), "id")
}

/// Permission bits, sent as a string or a number; 0 for null.
fn bits(sent: &Value) -> u64 {
    sent.as_u64().or_else(|| sent.as_str().and_then(|bits| bits.parse().ok())).unwrap_or(0)
}

fn change_thread(discord: &Discord, db: &Connection, thread: &mut Channel, body: &Value) -> ApiResult<()> {
    check(|errors| check_thread_change(errors, body))?;
    may_change(discord, db, thread, body)?;
    if thread.thread.archived && body["archived"] != false {
        return Err(ApiError::THREAD_ARCHIVED);
    }
    apply(thread, body, discord.inner.clock.now());
    Ok(())
}

fn apply(thread: &mut Channel, body: &Value, now: Timestamp) {
    if let Some(archived) = body["archived"].as_bool() {
        thread.thread.set_archived(archived, now);
    }
    if let Some(name) = body["name"].as_str() {
        thread.name = name.into();
    }
    if let Some(minutes) = body["auto_archive_duration"].as_i64() {
        thread.thread.auto_archive_minutes = minutes;
    }
    if let Some(locked) = body["locked"].as_bool() {
        thread.thread.locked = locked;
    }
    if let Some(invitable) = body["invitable"].as_bool() {
        thread.thread.invitable = invitable;
    }
    if let Some(seconds) = body["rate_limit_per_user"].as_i64() {
        thread.slow_mode = seconds;
    }
}

fn may_change(discord: &Discord, db: &Connection, thread: &Channel, body: &Value) -> ApiResult<()> {
    let has = permission::of_bot(discord, db, thread)?;
    if has & MANAGE_THREADS != 0 {
        return Ok(());
    }
    let keys: Vec<&String> = body.as_object().map(|body| body.keys().collect()).unwrap_or_default();
    let wakes = keys == ["archived"] && body["archived"] == false;
    if wakes && !thread.thread.locked {
        permission::channel(discord, db, &thread.id.to_string(), SEND_MESSAGES)?;
        return Ok(());
    }
    let started = thread.owner() == Some(discord.application_id()) && !thread.thread.locked;
    if started && keys.iter().all(|key| STARTER_FIELDS.contains(&key.as_str())) {
        return Ok(());
    }
    Err(ApiError::MISSING_PERMISSIONS)
}
