//! Users, guilds, channels, roles and members, and how they are stored.

mod channel;
pub(crate) mod command_kind;
pub(crate) mod command_permissions;
pub(crate) mod commands;
pub(crate) mod component;
pub(crate) mod content;
pub(crate) mod create_message;
pub(crate) mod feed;
pub(crate) mod file;
pub(crate) mod interaction;
pub(crate) mod message;
pub(crate) mod monetization;
mod objects;
mod people;
mod permission_names;
pub(crate) mod permissions;
pub(crate) mod picture;
mod rank;
pub(crate) mod reference;
pub(crate) mod retention;
mod seed;
pub(crate) mod seen;
pub(crate) mod snowflake;
pub(crate) mod store;
mod thread;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::{Error, Snowflake};

pub(crate) use channel::{Channel, ChannelContext, ChannelKind};
pub(crate) use objects::{application_object, bot_object, system_user};
pub(crate) use seed::seed;
pub(crate) use thread::Thread;

/// A user of Discord.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    pub id: Snowflake,
    pub username: String,
    /// The name that others see.
    pub global_name: String,
    /// The language of the user's client, such as `en-US`.
    pub locale: String,
    /// Whether the user has installed the application (user install).
    #[serde(default)]
    pub installed: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Guild {
    pub id: Snowflake,
    pub name: String,
    pub owner: Snowflake,
    pub locale: String,
    /// @everyone first. Empty in a database of an older version.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Whether the application is not installed here.
    #[serde(default)]
    pub foreign: bool,
    /// The bot's nickname in this guild.
    #[serde(default)]
    pub bot_nick: Option<String>,
    /// Roles given to the bot, besides its managed role.
    #[serde(default)]
    pub bot_roles: Vec<Snowflake>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Role {
    /// For @everyone, the guild's id.
    pub id: Snowflake,
    pub name: String,
    pub permissions: u64,
    pub position: u32,
    /// Whether it is the application's own role, which cannot be assigned.
    pub managed: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Member {
    pub user: User,
    pub joined_at: String,
    /// Without @everyone.
    #[serde(default)]
    pub roles: Vec<Snowflake>,
    /// As Discord writes time.
    #[serde(default)]
    pub timed_out_until: Option<String>,
    #[serde(default)]
    pub nick: Option<String>,
}

pub(crate) fn users(connection: &Connection) -> Result<Vec<User>, Error> {
    store::documents(connection, "SELECT document FROM users ORDER BY id", [])
}

/// All guilds, including those without the application.
pub(crate) fn all_guilds(connection: &Connection) -> Result<Vec<Guild>, Error> {
    store::documents(connection, "SELECT document FROM guilds ORDER BY id", [])
}

/// The guilds in which the application is installed.
pub(crate) fn guilds(connection: &Connection) -> Result<Vec<Guild>, Error> {
    let mut guilds = all_guilds(connection)?;
    guilds.retain(|guild| !guild.foreign);
    Ok(guilds)
}

/// `None` if the application is not installed there.
pub(crate) fn guild(connection: &Connection, id: Snowflake) -> Result<Option<Guild>, Error> {
    Ok(any_guild(connection, id)?.filter(|guild| !guild.foreign))
}

/// A guild, even if the application is not installed there.
pub(crate) fn any_guild(connection: &Connection, id: Snowflake) -> Result<Option<Guild>, Error> {
    store::document(connection, "SELECT document FROM guilds WHERE id = ?1", [id])
}

/// All channels; threads with what they inherit from their parents.
pub(crate) fn channels(connection: &Connection) -> Result<Vec<Channel>, Error> {
    let mut channels: Vec<Channel> =
        store::documents(connection, "SELECT document FROM channels ORDER BY id", [])?;
    let parents = channels.clone();
    for thread in channels.iter_mut().filter(|channel| channel.is_thread()) {
        thread.follow(parents.iter().find(|channel| Some(channel.id) == thread.parent));
    }
    Ok(channels)
}

pub(crate) fn channel(connection: &Connection, id: Snowflake) -> Result<Option<Channel>, Error> {
    const SQL: &str = "SELECT document FROM channels WHERE id = ?1";
    let mut channel: Option<Channel> = store::document(connection, SQL, [id])?;
    if let Some(thread) = channel.as_mut().filter(|channel| channel.is_thread()) {
        let parent: Option<Channel> = store::document(connection, SQL, [thread.parent])?;
        thread.follow(parent.as_ref());
    }
    Ok(channel)
}

pub(crate) fn member(
    connection: &Connection,
    guild: Snowflake,
    user: Snowflake,
) -> Result<Option<Member>, Error> {
    let sql = "SELECT document FROM members WHERE guild = ?1 AND user = ?2";
    store::document(connection, sql, [guild, user])
}

pub(crate) fn members(connection: &Connection, guild: Snowflake) -> Result<Vec<Member>, Error> {
    store::documents(connection, "SELECT document FROM members WHERE guild = ?1", [guild])
}

pub(crate) fn save_channel(connection: &Connection, channel: &Channel) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO channels VALUES (?1, ?2)";
    store::execute(connection, sql, (channel.id, store::json(channel)?))?;
    Ok(())
}

pub(crate) fn save_member(connection: &Connection, guild: Snowflake, member: &Member) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO members VALUES (?1, ?2, ?3)";
    store::execute(connection, sql, (guild, member.user.id, store::json(member)?))?;
    Ok(())
}

/// Removes a member from a guild and from its threads.
pub(crate) fn remove_member(db: &Connection, guild: Snowflake, user: Snowflake) -> Result<(), Error> {
    store::execute(db, "DELETE FROM members WHERE guild = ?1 AND user = ?2", [guild, user])?;
    let joined =
        |channel: &Channel| channel.place == ChannelContext::Guild(guild) && channel.thread.has(user);
    for mut thread in channels(db)?.into_iter().filter(joined) {
        thread.thread.leave(user);
        save_channel(db, &thread)?;
    }
    Ok(())
}

/// Saves a member. The bot is not stored as a member: its nickname and roles are fields of the guild.
pub(crate) fn save_member_or_bot(
    connection: &Connection,
    guild: &mut Guild,
    member: &Member,
    application: Snowflake,
) -> Result<(), Error> {
    if member.user.id != application {
        return save_member(connection, guild.id, member);
    }
    guild.bot_nick.clone_from(&member.nick);
    guild.bot_roles.clone_from(&member.roles);
    save_guild(connection, guild)
}

pub(crate) fn save_guild(connection: &Connection, guild: &Guild) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO guilds VALUES (?1, ?2)";
    store::execute(connection, sql, (guild.id, store::json(guild)?))?;
    Ok(())
}
