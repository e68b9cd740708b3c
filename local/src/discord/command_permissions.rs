//! Who may use a command in a guild, as the guild said: overwrites for roles, users and channels.

use rusqlite::Connection;
use serde_json::Value;

use super::{Error, Snowflake, store};

/// Of all commands that have some, and of the application as a whole.
pub(super) fn list(db: &Connection, guild: Snowflake) -> Result<Vec<Value>, Error> {
    let sql = "SELECT document FROM command_permissions WHERE guild = ?1 ORDER BY command";
    store::documents(db, sql, [guild])
}

pub(super) fn read(db: &Connection, guild: Snowflake, command: Snowflake) -> Result<Option<Value>, Error> {
    let sql = "SELECT document FROM command_permissions WHERE guild = ?1 AND command = ?2";
    store::document(db, sql, [guild, command])
}

pub(super) fn save(
    db: &Connection,
    guild: Snowflake,
    command: Snowflake,
    whole: &Value,
) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO command_permissions VALUES (?1, ?2, ?3)";
    store::execute(db, sql, (guild, command, store::json(whole)?))?;
    Ok(())
}

/// A command that is deleted or renamed loses its permissions for good, in every guild.
pub(super) fn forget(db: &Connection, command: &Value) -> Result<(), Error> {
    let Some(id) = command["id"].as_str().and_then(|id| id.parse::<Snowflake>().ok()) else {
        return Ok(());
    };
    store::execute(db, "DELETE FROM command_permissions WHERE command = ?1", [id])?;
    Ok(())
}
