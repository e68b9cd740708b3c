//! `/channels/{channel}/threads`: starts threads, from a message or not, and lists active ones.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    middleware::from_fn,
    routing::{get, post, put},
};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{
    ApiResult,
    body::Body,
    channels,
    messages::{self, check},
    object,
    permission::{self, CREATE_PRIVATE_THREADS, CREATE_PUBLIC_THREADS, VIEW_CHANNEL},
    reason, thread_members,
};
use crate::{
    Discord, Error, Snowflake,
    api_error::ApiError,
    model::{self, Channel, ChannelContext, ChannelKind, Thread, create_message, message, snowflake::iso},
    validation::check_thread,
};

/// The default type: a private thread, as in Discord's API v10.
const DEFAULT_THREAD_TYPE: u64 = 12;
/// A message flag.
const HAS_THREAD: u64 = 1 << 5;

pub(super) fn routes() -> Router<Discord> {
    let own = put(thread_members::join).delete(thread_members::leave);
    let member = get(thread_members::read).put(thread_members::add).delete(thread_members::remove);
    Router::new()
        .route("/channels/{channel}", get(channels::read).patch(channels::change))
        .route("/channels/{channel}/threads", post(start))
        .route("/channels/{channel}/messages/{message}/threads", post(start_from_message))
        .route("/channels/{channel}/thread-members", get(thread_members::list))
        .route("/channels/{channel}/thread-members/@me", own)
        .route("/channels/{channel}/thread-members/{user}", member)
        .route_layer(from_fn(reason::checked))
}

type Started = ApiResult<(StatusCode, Json<Value>)>;

async fn start(State(discord): State<Discord>, Path(channel): Path<String>, body: Body) -> Started {
    let body = body.object()?;
    discord.inner.store.write(|db| {
        let parent = permission::channel(&discord, db, &channel, 0)?;
        check(|errors| check_thread(errors, &body))?;
        let kind = body["type"].as_u64().unwrap_or(DEFAULT_THREAD_TYPE);
        let sort = sort(kind, &parent).ok_or(ApiError::NOT_IN_THIS_CHANNEL)?;
        let private = sort == ChannelKind::PrivateThread;
        let wanted = if private { CREATE_PRIVATE_THREADS } else { CREATE_PUBLIC_THREADS };
        permission::channel(&discord, db, &channel, wanted)?;
        let id = discord.inner.ids.next(discord.inner.clock.now());
        let thread = found(&discord, db, &parent, (id, sort), &body)?;
        Ok((StatusCode::CREATED, Json(object::channel(&discord, db, &thread)?)))
    })
}

/// The kind of thread; `None` if `parent` cannot have such threads. Only text channels have private ones.
fn sort(kind: u64, parent: &Channel) -> Option<ChannelKind> {
    match (kind, parent.kind()) {
        (10, 5) => Some(ChannelKind::AnnouncementThread),
        (11, 0) => Some(ChannelKind::Thread),
        (12, 0) => Some(ChannelKind::PrivateThread),
        _ => None,
    }
}

/// Starts a thread from a message. It has the id of the message.
async fn start_from_message(
    State(discord): State<Discord>,
    Path(names): Path<(String, String)>,
    body: Body,
) -> Started {
    let body = body.object()?;
    discord.inner.store.write(|db| {
        let parent = permission::channel(&discord, db, &names.0, CREATE_PUBLIC_THREADS)?;
        let (id, mut message) = messages::find(&discord, db, &names, 0)?;
        check(|errors| check_thread(errors, &body))?;
        let kind = if parent.sort == ChannelKind::Announcement { 10 } else { 11 };
        let sort = sort(kind, &parent).ok_or(ApiError::NOT_IN_THIS_CHANNEL)?;
        if model::channel(db, id)?.is_some() {
            return Err(ApiError::THREAD_EXISTS);
        }
        let thread = found(&discord, db, &parent, (id, sort), &body)?;
        let object = object::channel(&discord, db, &thread)?;
        message["flags"] = (message["flags"].as_u64().unwrap_or(0) | HAS_THREAD).into();
        message["thread"] = object.clone();
        message::save(db, id, parent.id, &message)?;
        begin(&discord, db, &thread, &message)?;
        Ok((StatusCode::CREATED, Json(object)))
    })
}

/// Creates the first message of such a thread, which refers to the message.
fn begin(discord: &Discord, db: &Connection, thread: &Channel, of: &Value) -> ApiResult<()> {
    let now = discord.inner.clock.now();
    let id = discord.inner.ids.next(now);
    let mut first = message::blank(id, thread.id, discord.application_id(), &iso(now));
    first["type"] = create_message::THREAD_STARTER.into();
    first["author"] = of["author"].clone();
    first["message_reference"] = json!({
        "type": 0, "message_id": of["id"], "channel_id": of["channel_id"], "guild_id": of["thread"]["guild_id"],
    });
    first["referenced_message"] = of.clone();
    Ok(message::save(db, id, thread.id, &first)?)
}

/// Stores a new thread of `parent`. `body` has passed the validation.
fn found(
    discord: &Discord,
    db: &Connection,
    parent: &Channel,
    (id, sort): (Snowflake, ChannelKind),
    body: &Value,
) -> ApiResult<Channel> {
    let now = discord.inner.clock.now();
    let mut thread = Channel::new(id, body["name"].as_str().unwrap_or(""), parent.place, 0);
    thread.sort = sort;
    thread.parent = Some(parent.id);
    thread.slow_mode = body["rate_limit_per_user"].as_i64().unwrap_or(0);
    thread.thread = Thread::started_by(discord.application_id(), now);
    if let Some(minutes) = body["auto_archive_duration"].as_i64() {
        thread.thread.auto_archive_minutes = minutes;
    }
    thread.thread.invitable = body["invitable"].as_bool().unwrap_or(true);
    model::save_channel(db, &thread)?;
    Ok(model::channel(db, id)?.unwrap_or(thread))
}

/// The active threads that the bot sees, newest first, and its memberships in them.
pub(super) async fn active(
    State(discord): State<Discord>,
    Path(guild): Path<String>,
) -> ApiResult<Json<Value>> {
    discord.inner.store.read(|db| {
        let guild = permission::guild(&discord, db, &guild, 0)?;
        let bot = discord.application_id();
        let mut threads = model::channels(db)?;
        threads.retain(|thread| {
            let here = thread.place == ChannelContext::Guild(guild.id) && thread.is_thread();
            here && !thread.thread.archived && guild.app_permissions(bot, thread) & VIEW_CHANNEL != 0
        });
        threads.reverse();
        let own = threads.iter().filter_map(|thread| object::thread_member(thread, bot));
        let members: Vec<Value> = own.collect();
        let objects: Result<Vec<Value>, Error> =
            threads.iter().map(|thread| object::channel(&discord, db, thread)).collect();
        Ok(Json(json!({ "threads": objects?, "members": members, "has_more": false })))
    })
}
