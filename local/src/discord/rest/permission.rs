//! What the bot may do where: the one place that REST routes ask.

use rusqlite::Connection;

use super::{ApiResult, snowflake};
use crate::discord::{
    Snowflake,
    api_error::ApiError,
    world::{self, Channel},
};

/// A permission of Discord, as its bit.
pub(super) const VIEW_CHANNEL: u64 = 1 << 10;
pub(super) const SEND_MESSAGES: u64 = 1 << 11;
pub(super) const MANAGE_MESSAGES: u64 = 1 << 13;
pub(super) const READ_MESSAGE_HISTORY: u64 = 1 << 16;
pub(super) const ADD_REACTIONS: u64 = 1 << 6;
pub(super) const PIN_MESSAGES: u64 = 1 << 51;

/// The channel of a path, if the bot has all `wanted` permissions there.
pub(super) fn channel(db: &Connection, id: &str, wanted: u64) -> ApiResult<Channel> {
    let id: Snowflake = snowflake(id, "channel_id")?;
    let channel = world::channel(db, id)?.ok_or(ApiError::UNKNOWN_CHANNEL)?;
    let has = of_bot(&channel);
    if has & VIEW_CHANNEL == 0 {
        return Err(ApiError::MISSING_ACCESS);
    }
    if has & wanted == wanted { Ok(channel) } else { Err(ApiError::MISSING_PERMISSIONS) }
}

/// The bot may do everything until roles and overwrites are simulated.
fn of_bot(_: &Channel) -> u64 {
    u64::MAX
}
