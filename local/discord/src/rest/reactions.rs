//! `/channels/{channel}/messages/{message}/reactions/{emoji}` and pins.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{
    ApiResult,
    messages::{find, keep},
    permission::{self, ADD_REACTIONS, PIN_MESSAGES, READ_MESSAGE_HISTORY},
};
use crate::{
    Discord,
    api_error::ApiError,
    model::{self, create_message, snowflake::iso},
};

type Marked = Path<(String, String, String)>;

pub(super) async fn add(
    State(discord): State<Discord>,
    Path((channel, message, emoji)): Marked,
) -> ApiResult<StatusCode> {
    let emoji = read_emoji(&emoji)?;
    discord.inner.store.write(|db| {
        let (id, mut message) = find(&discord, db, &(channel, message), ADD_REACTIONS)?;
        let mut list = reactions(&message);
        if !list.iter().any(|reaction| reaction["emoji"] == emoji) {
            list.push(json!({
                "emoji": emoji, "count": 1, "count_details": { "burst": 0, "normal": 1 },
                "burst_colors": [], "me_burst": false, "me": true,
            }));
        }
        message["reactions"] = list.into();
        keep(db, id, &message)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

pub(super) async fn remove(
    State(discord): State<Discord>,
    Path((channel, message, emoji)): Marked,
) -> ApiResult<StatusCode> {
    let emoji = read_emoji(&emoji)?;
    discord.inner.store.write(|db| {
        let (id, mut message) = find(&discord, db, &(channel, message), 0)?;
        let mut list = reactions(&message);
        list.retain(|reaction| reaction["emoji"] != emoji);
        message["reactions"] = list.into();
        keep(db, id, &message)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

/// The users who reacted, which can only be the bot: reactions of users are not simulated.
pub(super) async fn list(
    State(discord): State<Discord>,
    Path((channel, message, emoji)): Marked,
) -> ApiResult<Json<Vec<Value>>> {
    let emoji = read_emoji(&emoji)?;
    discord.inner.store.read(|db| {
        let (_, message) = find(&discord, db, &(channel, message), READ_MESSAGE_HISTORY)?;
        let there = reactions(&message).iter().any(|reaction| reaction["emoji"] == emoji);
        Ok(Json(there.then(|| model::bot_object(discord.application_id())).into_iter().collect()))
    })
}

fn reactions(message: &Value) -> Vec<Value> {
    message["reactions"].as_array().cloned().unwrap_or_default()
}

/// Parses `name:id` of a custom emoji, or a Unicode emoji.
fn read_emoji(text: &str) -> ApiResult<Value> {
    match text.split_once(':') {
        Some((name, id)) if id.parse::<u64>().is_ok() => Ok(json!({ "id": id, "name": name })),
        None if !text.is_empty() && !text.is_ascii() => Ok(json!({ "id": null, "name": text })),
        _ => Err(ApiError::UNKNOWN_EMOJI),
    }
}

pub(super) async fn pin(
    State(discord): State<Discord>,
    Path(names): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    set_pinned(&discord, &names, true)
}

pub(super) async fn unpin(
    State(discord): State<Discord>,
    Path(names): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    set_pinned(&discord, &names, false)
}

fn set_pinned(discord: &Discord, names: &(String, String), pinned: bool) -> ApiResult<StatusCode> {
    discord.inner.store.write(|db| {
        let (id, mut message) = find(discord, db, names, PIN_MESSAGES)?;
        message["pinned"] = pinned.into();
        keep(db, id, &message)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

pub(super) async fn pins(
    State(discord): State<Discord>,
    Path(channel): Path<String>,
) -> ApiResult<Json<Value>> {
    let now = iso(discord.inner.clock.now());
    discord.inner.store.read(|db| {
        let channel = permission::channel(&discord, db, &channel, READ_MESSAGE_HISTORY)?;
        let list = create_message::in_channel(db, channel.id)?
            .into_iter()
            .filter(|message| message["pinned"] == true);
        let items: Vec<Value> = list.map(|message| json!({ "pinned_at": now, "message": message })).collect();
        Ok(Json(json!({ "items": items, "has_more": false })))
    })
}
