//! Command permissions of a guild: which roles, users and channels may use a command.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::store;
use crate::{Discord, Error, Snowflake};

impl Discord {
    /// Sets who may use a command in a guild, as its administrators do in the client. `permissions` is a list
    /// of `id`, `type` (1 role, 2 user, 3 channel) and `permission`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_command_permissions(
        &self,
        guild: Snowflake,
        command: Snowflake,
        permissions: Value,
    ) -> Result<(), Error> {
        let whole = whole(self.application_id(), guild, command, permissions);
        self.inner.store.write(|db| save(db, guild, command, &whole))
    }
}

/// The object that Discord returns.
pub(crate) fn whole(
    application: Snowflake,
    guild: Snowflake,
    command: Snowflake,
    permissions: Value,
) -> Value {
    let mut whole = json!({ "id": command, "application_id": application, "guild_id": guild });
    whole["permissions"] = permissions;
    whole
}

/// The permissions of all commands that have some, and those of the application as a whole.
pub(crate) fn list(db: &Connection, guild: Snowflake) -> Result<Vec<Value>, Error> {
    let sql = "SELECT document FROM command_permissions WHERE guild = ?1 ORDER BY command";
    store::documents(db, sql, [guild])
}

pub(crate) fn read(db: &Connection, guild: Snowflake, command: Snowflake) -> Result<Option<Value>, Error> {
    let sql = "SELECT document FROM command_permissions WHERE guild = ?1 AND command = ?2";
    store::document(db, sql, [guild, command])
}

pub(crate) fn save(
    db: &Connection,
    guild: Snowflake,
    command: Snowflake,
    whole: &Value,
) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO command_permissions VALUES (?1, ?2, ?3)";
    store::execute(db, sql, (guild, command, store::json(whole)?))?;
    Ok(())
}

/// Deletes the permissions of a command in every guild, because it was deleted or renamed.
pub(crate) fn forget(db: &Connection, command: &Value) -> Result<(), Error> {
    let Some(id) = command["id"].as_str().and_then(|id| id.parse::<Snowflake>().ok()) else {
        return Ok(());
    };
    store::execute(db, "DELETE FROM command_permissions WHERE command = ?1", [id])?;
    Ok(())
}
