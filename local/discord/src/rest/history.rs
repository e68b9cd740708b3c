//! `GET /channels/{channel}/messages`: a page of messages, newest first.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde_json::Value;

use super::{
    ApiResult,
    permission::{self, READ_MESSAGE_HISTORY},
    snowflake,
};
use crate::{Discord, Snowflake, api_error::ApiError, model::create_message};

/// Which messages are requested.
enum PageAnchor {
    Newest,
    Before(Snowflake),
    After(Snowflake),
    /// Half of them before the message, half after it.
    Around(Snowflake),
}

pub(super) async fn list(
    State(discord): State<Discord>,
    Path(channel): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> ApiResult<Json<Vec<Value>>> {
    let limit = limit(&query, 50, 100)?;
    let anchor = anchor(&query)?;
    discord.inner.store.read(|db| {
        let channel = permission::channel(&discord, db, &channel, READ_MESSAGE_HISTORY)?;
        Ok(Json(page(create_message::in_channel(db, channel.id)?, &anchor, limit)))
    })
}

/// Discord allows only one of the parameters; here `around` wins, then `before`.
fn anchor(query: &HashMap<String, String>) -> ApiResult<PageAnchor> {
    let bound = |key: &str| query.get(key).map(|id| snowflake(id, key)).transpose();
    let (around, before, after) = (bound("around")?, bound("before")?, bound("after")?);
    let around = around.map(PageAnchor::Around).or(before.map(PageAnchor::Before));
    Ok(around.or(after.map(PageAnchor::After)).unwrap_or(PageAnchor::Newest))
}

/// A page of `list`; both are newest first.
fn page(list: Vec<Value>, anchor: &PageAnchor, limit: usize) -> Vec<Value> {
    // How many are newer than the id.
    let newer = |id: Snowflake| list.iter().take_while(|message| id_of(message) > Some(id)).count();
    let skipped = match anchor {
        PageAnchor::Newest => 0,
        PageAnchor::Before(id) => list.iter().take_while(|message| id_of(message) >= Some(*id)).count(),
        // `after` means the oldest messages after the id.
        PageAnchor::After(id) => newer(*id).saturating_sub(limit),
        PageAnchor::Around(id) => newer(*id).saturating_sub(limit / 2),
    };
    let max = match anchor {
        PageAnchor::After(id) => newer(*id).min(limit),
        _ => limit,
    };
    list.into_iter().skip(skipped).take(max).collect()
}

/// `limit` of a query, 1 to `max`, or `usual` by default.
pub(super) fn limit(query: &HashMap<String, String>, usual: usize, max: usize) -> ApiResult<usize> {
    let Some(sent) = query.get("limit") else { return Ok(usual) };
    let (code, message) = match sent.parse::<usize>() {
        Ok(0) => ("NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.".to_owned()),
        Ok(limit) if limit <= max => return Ok(limit),
        Ok(_) => ("NUMBER_TYPE_MAX", format!("int value should be less than or equal to {max}.")),
        Err(_) => ("NUMBER_TYPE_COERCE", format!("Value \"{sent}\" is not int.")),
    };
    Err(ApiError::at("limit", code, message))
}

fn id_of(message: &Value) -> Option<Snowflake> {
    message["id"].as_str().and_then(|id| id.parse().ok())
}
