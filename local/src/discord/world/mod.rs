//! The world: users, guilds, channels and members.

mod objects;
mod seed;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{Error, Snowflake, store};

pub(super) use objects::{application_object, bot_object, system_user};
pub(super) use seed::seed;

/// Somebody who uses Discord.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct User {
    pub id: Snowflake,
    pub username: String,
    /// The name that others see.
    pub global_name: String,
    /// What language the user's client is set to.
    pub locale: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Guild {
    pub id: Snowflake,
    pub name: String,
    pub owner: Snowflake,
    pub locale: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Channel {
    pub id: Snowflake,
    /// Empty for a direct message.
    pub name: String,
    pub place: Place,
    /// Place in the list of channels.
    pub position: u32,
    pub last_message: Option<Snowflake>,
}

/// Where a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Place {
    Guild(Snowflake),
    /// The user's direct messages with the application's bot.
    Direct(Snowflake),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Member {
    pub user: User,
    pub joined_at: String,
    pub permissions: u64,
}

impl Channel {
    /// Discord's channel type: 0 text in a guild, 1 direct message.
    pub(super) fn kind(&self) -> u8 {
        match self.place {
            Place::Guild(_) => 0,
            Place::Direct(_) => 1,
        }
    }
}

pub(super) fn users(connection: &Connection) -> Result<Vec<User>, Error> {
    store::documents(connection, "SELECT document FROM users ORDER BY id", [])
}

pub(super) fn guilds(connection: &Connection) -> Result<Vec<Guild>, Error> {
    store::documents(connection, "SELECT document FROM guilds ORDER BY id", [])
}

pub(super) fn guild(connection: &Connection, id: Snowflake) -> Result<Option<Guild>, Error> {
    store::document(connection, "SELECT document FROM guilds WHERE id = ?1", [id])
}

pub(super) fn channels(connection: &Connection) -> Result<Vec<Channel>, Error> {
    store::documents(connection, "SELECT document FROM channels ORDER BY id", [])
}

pub(super) fn channel(connection: &Connection, id: Snowflake) -> Result<Option<Channel>, Error> {
    store::document(connection, "SELECT document FROM channels WHERE id = ?1", [id])
}

pub(super) fn member(
    connection: &Connection,
    guild: Snowflake,
    user: Snowflake,
) -> Result<Option<Member>, Error> {
    let sql = "SELECT document FROM members WHERE guild = ?1 AND user = ?2";
    store::document(connection, sql, [guild, user])
}

pub(super) fn members(connection: &Connection, guild: Snowflake) -> Result<Vec<Member>, Error> {
    store::documents(connection, "SELECT document FROM members WHERE guild = ?1", [guild])
}

pub(super) fn save_channel(connection: &Connection, channel: &Channel) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO channels VALUES (?1, ?2)";
    store::execute(connection, sql, (channel.id, store::json(channel)?))?;
    Ok(())
}
