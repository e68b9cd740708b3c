//! The bot's permissions, which REST routes check here.

use rusqlite::Connection;

use super::{ApiResult, snowflake};
use crate::{
    Discord, Snowflake,
    api_error::ApiError,
    model::{self, Channel, ChannelContext, Guild},
};

pub(super) use crate::model::permissions::{
    ADD_REACTIONS, ADMINISTRATOR, CHANGE_NICKNAME, CREATE_PRIVATE_THREADS, CREATE_PUBLIC_THREADS,
    KICK_MEMBERS, MANAGE_CHANNELS, MANAGE_GUILD, MANAGE_MESSAGES, MANAGE_NICKNAMES, MANAGE_ROLES,
    MANAGE_THREADS, MODERATE_MEMBERS, PIN_MESSAGES, READ_MESSAGE_HISTORY, SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL,
};

/// The channel of a path, if the bot has all `wanted` permissions there.
pub(super) fn channel(discord: &Discord, db: &Connection, id: &str, wanted: u64) -> ApiResult<Channel> {
    let id: Snowflake = snowflake(id, "channel_id")?;
    let channel = model::channel(db, id)?.ok_or(ApiError::UNKNOWN_CHANNEL)?;
    let has = of_bot(discord, db, &channel)?;
    if has & VIEW_CHANNEL == 0 {
        return Err(ApiError::MISSING_ACCESS);
    }
    let wanted = if channel.is_thread() { in_thread(wanted) } else { wanted };
    if has & wanted != wanted {
        return Err(ApiError::MISSING_PERMISSIONS);
    }
    check_thread(&channel, wanted, has)?;
    Ok(channel)
}

/// Like [`channel()`], but refuses an archived thread.
pub(super) fn awake(discord: &Discord, db: &Connection, id: &str, wanted: u64) -> ApiResult<Channel> {
    let channel = channel(discord, db, id, wanted)?;
    if channel.thread.archived { Err(ApiError::THREAD_ARCHIVED) } else { Ok(channel) }
}

/// Like [`awake`], but refuses a locked thread unless the bot has `MANAGE_THREADS`.
pub(super) fn unlocked(discord: &Discord, db: &Connection, id: &str) -> ApiResult<()> {
    let channel = awake(discord, db, id, 0)?;
    let moderates = of_bot(discord, db, &channel)? & MANAGE_THREADS != 0;
    if channel.thread.locked && !moderates { Err(ApiError::THREAD_LOCKED) } else { Ok(()) }
}

/// In a thread, `SEND_MESSAGES_IN_THREADS` takes the place of `SEND_MESSAGES`.
fn in_thread(wanted: u64) -> u64 {
    if wanted & SEND_MESSAGES == 0 { wanted } else { wanted & !SEND_MESSAGES | SEND_MESSAGES_IN_THREADS }
}

/// In a locked thread, writing needs `MANAGE_THREADS`; in an archived one, reactions and pins are refused.
fn check_thread(channel: &Channel, wanted: u64, has: u64) -> ApiResult<()> {
    let thread = &channel.thread;
    if thread.locked && wanted & SEND_MESSAGES_IN_THREADS != 0 && has & MANAGE_THREADS == 0 {
        return Err(ApiError::THREAD_LOCKED);
    }
    if thread.archived && wanted & (ADD_REACTIONS | PIN_MESSAGES) != 0 {
        return Err(ApiError::THREAD_ARCHIVED);
    }
    Ok(())
}

/// The guild of a path, if the bot has all `wanted` permissions in it.
pub(super) fn guild(discord: &Discord, db: &Connection, id: &str, wanted: u64) -> ApiResult<Guild> {
    let guild = model::guild(db, snowflake(id, "guild_id")?)?.ok_or(ApiError::UNKNOWN_GUILD)?;
    let has = guild.base_permissions(&guild.bot_member(discord.application_id()));
    if has & wanted == wanted { Ok(guild) } else { Err(ApiError::MISSING_PERMISSIONS) }
}

/// The bot's permissions in a channel: all in its direct messages, none in group DMs.
pub(super) fn of_bot(discord: &Discord, db: &Connection, channel: &Channel) -> ApiResult<u64> {
    match channel.place {
        ChannelContext::Guild(guild) => {
            let guild = model::guild(db, guild)?;
            Ok(guild.map_or(0, |guild| guild.app_permissions(discord.application_id(), channel)))
        }
        ChannelContext::Direct(_) => Ok(u64::MAX),
        ChannelContext::Group => Ok(0),
    }
}
