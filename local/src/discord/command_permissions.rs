//! Who may use a command in a guild, as its administrators have set it; lost when the command is
//! deleted or renamed.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Discord, Error, Snowflake, store};

const SETTING: &str = "command_permissions";

/// What a guild has set on one command.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CommandPermissions {
    guild: Snowflake,
    command: Snowflake,
    /// Its name when they were set.
    name: String,
    permissions: Value,
}

impl CommandPermissions {
    pub(super) fn object(self, application: Snowflake) -> Value {
        json!({
            "id": self.command, "application_id": application, "guild_id": self.guild,
            "permissions": self.permissions,
        })
    }
}

impl Discord {
    /// An administrator of the guild says who may use a command there: a list of `id`, `type` (1 role,
    /// 2 user, 3 channel) and `permission`.
    ///
    /// # Errors
    /// When the database fails, or there is no such command.
    pub fn set_command_permissions(
        &self,
        guild: Snowflake,
        command: Snowflake,
        permissions: Value,
    ) -> Result<(), Error> {
        self.inner.store.write(|db| {
            let name =
                name(db, command)?.ok_or(Error::Damaged("permissions of a command that is not there"))?;
            let mut all = all(db)?;
            all.retain(|it| (it.guild, it.command) != (guild, command));
            all.push(CommandPermissions { guild, command, name, permissions });
            store::set_setting(db, SETTING, &store::json(&all)?)
        })
    }
}

pub(super) fn of_guild(db: &Connection, guild: Snowflake) -> Result<Vec<CommandPermissions>, Error> {
    Ok(all(db)?.into_iter().filter(|it| it.guild == guild).collect())
}

/// Forgets those of commands that are not there any more, or not under this name.
pub(super) fn forget_lost(db: &Connection) -> Result<(), Error> {
    let all = all(db)?;
    if all.is_empty() {
        return Ok(());
    }
    let mut kept = Vec::new();
    for it in all {
        if name(db, it.command)?.as_deref() == Some(it.name.as_str()) {
            kept.push(it);
        }
    }
    store::set_setting(db, SETTING, &store::json(&kept)?)
}

fn name(db: &Connection, command: Snowflake) -> Result<Option<String>, Error> {
    let found = store::document(db, "SELECT document FROM commands WHERE id = ?1", [command])?;
    Ok(found.and_then(|command: Value| command["name"].as_str().map(str::to_owned)))
}

fn all(db: &Connection) -> Result<Vec<CommandPermissions>, Error> {
    let text = store::setting(db, SETTING)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
}
