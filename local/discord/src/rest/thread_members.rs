//! `/channels/{thread}/thread-members`: the members of a thread.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use rusqlite::Connection;
use serde_json::Value;

use super::{
    ApiResult, history, members, object,
    permission::{self, MANAGE_THREADS, SEND_MESSAGES},
    query::is_true,
    snowflake,
};
use crate::{
    Discord, Snowflake,
    api_error::ApiError,
    model::{self, Channel, ChannelContext, ChannelKind, Guild},
};

type Named = Path<(String, String)>;
type Queried = Query<HashMap<String, String>>;

pub(super) async fn join(
    State(discord): State<Discord>,
    Path(thread): Path<String>,
) -> ApiResult<StatusCode> {
    discord.inner.store.write(|db| {
        let mut thread = awake(&discord, db, &thread, 0)?;
        thread.thread.join(discord.application_id(), discord.inner.clock.now());
        model::save_channel(db, &thread)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

pub(super) async fn leave(
    State(discord): State<Discord>,
    Path(thread): Path<String>,
) -> ApiResult<StatusCode> {
    discord.inner.store.write(|db| {
        let mut thread = awake(&discord, db, &thread, 0)?;
        thread.thread.leave(discord.application_id());
        model::save_channel(db, &thread)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

pub(super) async fn add(
    State(discord): State<Discord>,
    Path((thread, user)): Named,
) -> ApiResult<StatusCode> {
    discord.inner.store.write(|db| {
        let mut thread = awake(&discord, db, &thread, SEND_MESSAGES)?;
        let closed = thread.sort == ChannelKind::PrivateThread && !thread.thread.invitable;
        if closed && !manages(&discord, db, &thread)? {
            return Err(ApiError::MISSING_PERMISSIONS);
        }
        let member = members::find(&discord, db, &guild(db, &thread)?, &user)?;
        thread.thread.join(member.user.id, discord.inner.clock.now());
        model::save_channel(db, &thread)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

/// Removing others needs `MANAGE_THREADS`, or being the owner of a private thread.
pub(super) async fn remove(
    State(discord): State<Discord>,
    Path((thread, user)): Named,
) -> ApiResult<StatusCode> {
    let user = snowflake(&user, "user_id")?;
    discord.inner.store.write(|db| {
        let mut thread = awake(&discord, db, &thread, 0)?;
        if user != discord.application_id() && !may_remove(&discord, db, &thread)? {
            return Err(ApiError::MISSING_PERMISSIONS);
        }
        thread.thread.leave(user);
        model::save_channel(db, &thread)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

fn may_remove(discord: &Discord, db: &Connection, thread: &Channel) -> ApiResult<bool> {
    if thread.sort == ChannelKind::PrivateThread {
        return manages(discord, db, thread);
    }
    Ok(permission::of_bot(discord, db, thread)? & MANAGE_THREADS != 0)
}

/// Whether the bot owns the thread or has `MANAGE_THREADS`.
fn manages(discord: &Discord, db: &Connection, thread: &Channel) -> ApiResult<bool> {
    let started = thread.owner() == Some(discord.application_id());
    Ok(started || permission::of_bot(discord, db, thread)? & MANAGE_THREADS != 0)
}

pub(super) async fn read(
    State(discord): State<Discord>,
    Path((thread, user)): Named,
    Query(query): Queried,
) -> ApiResult<Json<Value>> {
    let own = user == "@me";
    let user = if own { discord.application_id() } else { snowflake(&user, "user_id")? };
    discord.inner.store.read(|db| {
        let thread = existing(permission::channel(&discord, db, &thread, 0)?)?;
        let member = shown(&discord, db, &thread, user, is_true(&query, "with_member"))?;
        Ok(Json(member.ok_or(ApiError::UNKNOWN_MEMBER)?))
    })
}

/// Paginated only with `with_member`, as Discord does before version 11 of the API. It needs the members
/// intent, which the application has.
pub(super) async fn list(
    State(discord): State<Discord>,
    Path(thread): Path<String>,
    Query(query): Queried,
) -> ApiResult<Json<Vec<Value>>> {
    let with_member = is_true(&query, "with_member");
    let limit = if with_member { history::limit(&query, 100, 100)? } else { usize::MAX };
    let after = query.get("after").filter(|_| with_member);
    let after = after.map(|id| snowflake(id, "after")).transpose()?;
    discord.inner.store.read(|db| {
        let thread = existing(permission::channel(&discord, db, &thread, 0)?)?;
        let mut users: Vec<Snowflake> = thread.thread.members.iter().map(|member| member.user).collect();
        users.sort_unstable();
        let wanted = users.into_iter().filter(|user| Some(*user) > after).take(limit);
        let shown = wanted.map(|user| shown(&discord, db, &thread, user, with_member));
        let shown: Vec<Option<Value>> = shown.collect::<ApiResult<_>>()?;
        Ok(Json(shown.into_iter().flatten().collect()))
    })
}

fn shown(
    discord: &Discord,
    db: &Connection,
    thread: &Channel,
    user: Snowflake,
    with_member: bool,
) -> ApiResult<Option<Value>> {
    let Some(mut object) = object::thread_member(thread, user) else { return Ok(None) };
    if with_member {
        let member = members::find(discord, db, &guild(db, thread)?, &user.to_string())?;
        object["member"] = members::object(discord, &member);
    }
    Ok(Some(object))
}

fn awake(discord: &Discord, db: &Connection, id: &str, wanted: u64) -> ApiResult<Channel> {
    existing(permission::awake(discord, db, id, wanted)?)
}

fn existing(channel: Channel) -> ApiResult<Channel> {
    if channel.is_thread() { Ok(channel) } else { Err(ApiError::NOT_IN_THIS_CHANNEL) }
}

fn guild(db: &Connection, thread: &Channel) -> ApiResult<Guild> {
    let ChannelContext::Guild(id) = thread.place else { return Err(ApiError::UNKNOWN_GUILD) };
    model::guild(db, id)?.ok_or(ApiError::UNKNOWN_GUILD)
}
