//! `/channels/{channel}/messages`: messages that the bot sends without an interaction.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use rusqlite::Connection;
use serde_json::Value;

use super::{
    ApiResult,
    body::Body,
    permission::{self, MANAGE_MESSAGES, READ_MESSAGE_HISTORY, SEND_MESSAGES},
    snowflake,
};
use crate::{
    Discord, Snowflake,
    api_error::ApiError,
    limits::flags,
    model::{self, file, message, snowflake::iso},
    validation::{FormErrors, check_allowed_flags, check_message, check_nonce, has_components_v2},
};

/// The channel type whose messages can be crossposted.
const ANNOUNCEMENT: u8 = 5;
const CROSSPOSTED: u64 = 1;
/// The flags that the bot may set here. EPHEMERAL needs an interaction.
const ON_CREATE: u64 = flags::ON_CREATE & !flags::EPHEMERAL;

type Named = Path<(String, String)>;

pub(super) async fn create(
    State(discord): State<Discord>,
    Path(channel): Path<String>,
    body: Body,
) -> ApiResult<Json<Value>> {
    let (body, files) = body.message()?;
    discord.inner.store.write(|db| {
        let channel = permission::channel(&discord, db, &channel, SEND_MESSAGES)?;
        check(|errors| {
            check_message(errors, "", &body, false);
            check_allowed_flags(errors, "", &body, ON_CREATE);
            check_nonce(errors, &body);
        })?;
        discord.post_message(db, &channel, (&body, &files)).map(Json)
    })
}

pub(super) async fn read(State(discord): State<Discord>, Path(names): Named) -> ApiResult<Json<Value>> {
    discord.inner.store.read(|db| Ok(Json(find(&discord, db, &names, READ_MESSAGE_HISTORY)?.1)))
}

pub(super) async fn edit(
    State(discord): State<Discord>,
    Path(names): Named,
    body: Body,
) -> ApiResult<Json<Value>> {
    let (body, files) = body.message()?;
    discord.inner.store.write(|db| {
        permission::unlocked(&discord, db, &names.0)?;
        let (id, mut message) = own(&discord, db, &names)?;
        check(|errors| check_message(errors, "", &body, has_components_v2(&message)))?;
        let now = iso(discord.inner.clock.now());
        message::edit(&mut message, &body, &now, &model::users(db)?)?;
        if message::is_empty(&message) {
            return Err(ApiError::EMPTY_MESSAGE);
        }
        keep(db, id, &message)?;
        file::settle(db, id, &message["attachments"], &files)?;
        Ok(Json(message))
    })
}

pub(super) async fn delete(State(discord): State<Discord>, Path(names): Named) -> ApiResult<StatusCode> {
    discord.inner.store.write(|db| {
        let (id, message) = find(&discord, db, &names, 0)?;
        if !is_own(&discord, &message) {
            permission::channel(&discord, db, &names.0, MANAGE_MESSAGES)?;
        }
        message::delete(db, id)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

pub(super) async fn crosspost(State(discord): State<Discord>, Path(names): Named) -> ApiResult<Json<Value>> {
    discord.inner.store.write(|db| {
        let channel = permission::channel(&discord, db, &names.0, SEND_MESSAGES)?;
        let (id, mut message) = own(&discord, db, &names)?;
        if channel.kind() != ANNOUNCEMENT {
            return Err(ApiError::NOT_IN_THIS_CHANNEL);
        }
        let before = message["flags"].as_u64().unwrap_or(0);
        if before & CROSSPOSTED != 0 {
            return Err(ApiError::ALREADY_CROSSPOSTED);
        }
        message["flags"] = (before | CROSSPOSTED).into();
        keep(db, id, &message)?;
        Ok(Json(message))
    })
}

/// The message of a path, if it is in the channel and not ephemeral.
pub(super) fn find(
    discord: &Discord,
    db: &Connection,
    (channel, id): &(String, String),
    wanted: u64,
) -> ApiResult<(Snowflake, Value)> {
    let channel = permission::channel(discord, db, channel, wanted)?;
    let id = snowflake(id, "message_id")?;
    let message = message::load(db, id)?.ok_or(ApiError::UNKNOWN_MESSAGE)?;
    let here = message["channel_id"] == channel.id.to_string() && !message::is_private(&message);
    if here { Ok((id, message)) } else { Err(ApiError::UNKNOWN_MESSAGE) }
}

/// Stores a changed message.
pub(super) fn keep(db: &Connection, id: Snowflake, message: &Value) -> ApiResult<()> {
    let channel = message["channel_id"].as_str().unwrap_or("");
    Ok(message::save(db, id, snowflake(channel, "channel_id")?, message)?)
}

fn own(discord: &Discord, db: &Connection, names: &(String, String)) -> ApiResult<(Snowflake, Value)> {
    let (id, message) = find(discord, db, names, 0)?;
    if is_own(discord, &message) { Ok((id, message)) } else { Err(ApiError::NOT_THE_AUTHOR) }
}

fn is_own(discord: &Discord, message: &Value) -> bool {
    message["author"]["id"] == discord.application_id().to_string()
}

/// Runs the checks, and refuses with all errors that they report.
pub(super) fn check(checks: impl FnOnce(&mut FormErrors)) -> ApiResult<()> {
    let mut errors = FormErrors::default();
    checks(&mut errors);
    if errors.is_clean() { Ok(()) } else { Err(ApiError::invalid_form(errors)) }
}
