//! What the bot may do where: the one place that REST routes ask.

use rusqlite::Connection;

use super::{ApiResult, snowflake};
use crate::discord::{
    Discord, Snowflake,
    api_error::ApiError,
    world::{self, Channel, Place},
};

pub(super) use crate::discord::world::permissions::{
    ADD_REACTIONS, MANAGE_MESSAGES, PIN_MESSAGES, READ_MESSAGE_HISTORY, SEND_MESSAGES, VIEW_CHANNEL,
};

/// The channel of a path, if the bot has all `wanted` permissions there.
pub(super) fn channel(discord: &Discord, db: &Connection, id: &str, wanted: u64) -> ApiResult<Channel> {
    let id: Snowflake = snowflake(id, "channel_id")?;
    let channel = world::channel(db, id)?.ok_or(ApiError::UNKNOWN_CHANNEL)?;
    let has = of_bot(discord, db, &channel)?;
    if has & VIEW_CHANNEL == 0 {
        return Err(ApiError::MISSING_ACCESS);
    }
    if has & wanted == wanted { Ok(channel) } else { Err(ApiError::MISSING_PERMISSIONS) }
}

/// Its role and the overwrites decide in a guild; in direct messages it may do all that these routes do.
fn of_bot(discord: &Discord, db: &Connection, channel: &Channel) -> ApiResult<u64> {
    match channel.place {
        Place::Guild(guild) => {
            let guild = world::guild(db, guild)?;
            Ok(guild.map_or(0, |guild| guild.app_permissions(discord.application_id(), channel)))
        }
        Place::Direct(_) => Ok(u64::MAX),
        Place::Group => Ok(0),
    }
}
