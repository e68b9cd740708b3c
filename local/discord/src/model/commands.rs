//! Registered application commands, global ones and those of guilds.

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{command_kind::kind, command_permissions, store};
use crate::{
    Discord, Error, Snowflake,
    api_error::ApiError,
    limits::{self, command_limits},
    validation::{FormErrors, check_command, check_command_change, join},
};

/// `None` is global.
type Scope = Option<Snowflake>;

/// Commands of a scope in the order they were made.
pub(crate) fn list(db: &Connection, scope: Scope) -> Result<Vec<Value>, Error> {
    let sql = "SELECT document FROM commands WHERE guild = ?1 ORDER BY id";
    store::documents(db, sql, [column(scope)])
}

fn column(scope: Scope) -> i64 {
    scope.map_or(0, Snowflake::column)
}

fn find(db: &Connection, scope: Scope, kind: u64, name: &str) -> Result<Option<Value>, Error> {
    let sql = "SELECT document FROM commands WHERE guild = ?1 AND kind = ?2 AND name = ?3";
    store::document(db, sql, (column(scope), kind.cast_signed(), name))
}

/// One command of a scope (10063 if there is none).
pub(crate) fn read(db: &Connection, scope: Scope, id: Snowflake) -> Result<Value, ApiError> {
    let sql = "SELECT document FROM commands WHERE guild = ?1 AND id = ?2";
    let found = store::document(db, sql, (column(scope), id))?;
    found.ok_or(ApiError::UNKNOWN_COMMAND)
}

impl Discord {
    /// PATCH of one command: fields that are not in `change` stay.
    pub(crate) fn change_command(
        &self,
        scope: Scope,
        id: Snowflake,
        change: &Value,
    ) -> Result<Value, ApiError> {
        self.inner.store.write(|db| {
            let old = read(db, scope, id)?;
            let mut errors = FormErrors::default();
            check_command_change(&mut errors, &old, change);
            let name = change["name"].as_str().unwrap_or("");
            if find(db, scope, kind(&old), name)?.is_some_and(|other| other["id"] != old["id"]) {
                report_duplicate(&mut errors, "name");
            }
            if !errors.is_clean() {
                return Err(ApiError::invalid_form(errors));
            }
            let mut whole = old.clone();
            for (key, value) in change.as_object().into_iter().flatten() {
                whole[key] = value.clone();
            }
            self.put(db, scope, &whole, Some(&old))
        })
    }

    /// DELETE of one command.
    pub(crate) fn delete_command(&self, scope: Scope, id: Snowflake) -> Result<(), ApiError> {
        self.inner.store.write(|db| {
            command_permissions::forget(db, &read(db, scope, id)?)?;
            store::execute(db, "DELETE FROM commands WHERE id = ?1", [id])?;
            Ok(())
        })
    }

    /// Creates a command, or replaces the one with its name. The flag says whether it is new.
    pub(crate) fn upsert_command(&self, scope: Scope, body: &Value) -> Result<(Value, bool), ApiError> {
        let mut errors = FormErrors::default();
        check_command(&mut errors, "", body);
        if !errors.is_clean() {
            return Err(ApiError::invalid_form(errors));
        }
        self.inner.store.write(|db| {
            let old = find(db, scope, kind(body), body["name"].as_str().unwrap_or(""))?;
            let command = self.put(db, scope, body, old.as_ref())?;
            command_limits::check(&list(db, scope)?)?;
            Ok((command, old.is_none()))
        })
    }

    /// Bulk overwrite: replaces all commands of the scope. A command keeps its id if its type and name stay; a body with
    /// the `id` of an existing command renames it.
    pub(crate) fn overwrite_commands(&self, scope: Scope, bodies: &[Value]) -> Result<Vec<Value>, ApiError> {
        check_all(bodies)?;
        self.inner.store.write(|db| {
            // Deleting all rows first lets two commands swap their names without violating the unique index.
            let old = list(db, scope)?;
            store::execute(db, "DELETE FROM commands WHERE guild = ?1", [column(scope)])?;
            let put = |body: &Value| {
                let old = old.iter().find(|old| means(body, old));
                if old.is_none() && !body["id"].is_null() {
                    return Err(ApiError::UNKNOWN_COMMAND);
                }
                self.put(db, scope, body, old)
            };
            // Before `put` counts creations: Discord reports the limit of commands before the daily limit.
            command_limits::check(bodies)?;
            let commands: Vec<Value> = bodies.iter().map(put).collect::<Result<_, ApiError>>()?;
            let gone = |old: &&Value| commands.iter().all(|command| command["id"] != old["id"]);
            for old in old.iter().filter(gone) {
                command_permissions::forget(db, old)?;
            }
            Ok(commands)
        })
    }

    /// Stores the command of `body`, as a new version of `old` or as a new command.
    fn put(
        &self,
        db: &Connection,
        scope: Scope,
        body: &Value,
        old: Option<&Value>,
    ) -> Result<Value, ApiError> {
        let now = self.inner.clock.now();
        let mut command = self.document(scope, body);
        let (kind, name) = (kind(body), body["name"].as_str().unwrap_or(""));
        if let Some(renamed) = old.filter(|old| old["name"] != name) {
            command_permissions::forget(db, renamed)?;
        }
        let id = match old {
            Some(old) => self.keep(&mut command, old, now)?,
            None => {
                command_limits::count_new(db, column(scope), now)?;
                self.give(&mut command, now)
            }
        };
        let sql = "INSERT OR REPLACE INTO commands VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = (id, column(scope), kind.cast_signed(), name, store::json(&command)?);
        store::execute(db, sql, row)?;
        Ok(command)
    }

    fn give(&self, command: &mut Value, now: Timestamp) -> Snowflake {
        let id = self.inner.ids.next(now);
        command["id"] = json!(id);
        command["version"] = json!(self.inner.ids.next(now));
        id
    }

    /// Keeps the id of the old command, and its version too if nothing changed.
    fn keep(&self, command: &mut Value, old: &Value, now: Timestamp) -> Result<Snowflake, Error> {
        command["id"] = old["id"].clone();
        command["version"] = old["version"].clone();
        if command != old {
            command["version"] = json!(self.inner.ids.next(now));
        }
        let id = old["id"].as_str().unwrap_or("").parse();
        id.map_err(|_| Error::Damaged("a command without an id"))
    }

    /// The command as Discord returns it, without id and version.
    fn document(&self, scope: Scope, body: &Value) -> Value {
        let or_null = |key: &str| body.get(key).cloned().unwrap_or(Value::Null);
        let mut command = json!({
            "application_id": self.application_id(),
            "type": kind(body),
            "name": body["name"],
            "name_localizations": or_null("name_localizations"),
            "description": body["description"].as_str().unwrap_or(""),
            "description_localizations": or_null("description_localizations"),
            "default_member_permissions": permissions(&body["default_member_permissions"]),
            "nsfw": body["nsfw"].as_bool().unwrap_or(false),
        });
        if let Some(options) = body["options"].as_array().filter(|options| !options.is_empty()) {
            command["options"] = options.iter().map(without_nulls).collect();
        }
        match scope {
            Some(guild) => command["guild_id"] = json!(guild),
            None => {
                command["dm_permission"] = body["dm_permission"].as_bool().unwrap_or(true).into();
                command["contexts"] = or_null("contexts");
                let types = body["integration_types"].as_array().cloned();
                command["integration_types"] = types.map_or(json!([0]), Value::Array);
            }
        }
        command
    }
}

fn same(one: &Value, other: &Value) -> bool {
    kind(one) == kind(other) && one["name"] == other["name"]
}

/// Whether the body of an overwrite is about this old command: by id if it has one, else by name.
fn means(body: &Value, old: &Value) -> bool {
    if body["id"].is_null() { same(old, body) } else { body["id"] == old["id"] }
}

/// Permissions as a string; clients may send a number.
fn permissions(sent: &Value) -> Value {
    match sent {
        Value::Number(number) => number.to_string().into(),
        other => other.clone(),
    }
}

/// Removes null members at every depth: Discord does not return those of options.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, member)| !member.is_null());
            kept.map(|(key, member)| (key.clone(), without_nulls(member))).collect()
        }
        Value::Array(entries) => entries.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

fn report_duplicate(errors: &mut FormErrors, path: &str) {
    errors.report(path, "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
}

fn check_all(bodies: &[Value]) -> Result<(), ApiError> {
    let mut errors = FormErrors::default();
    if bodies.len() > limits::COMMANDS {
        errors.too_long("", limits::COMMANDS);
    }
    for (index, body) in bodies.iter().enumerate() {
        let at = index.to_string();
        check_command(&mut errors, &at, body);
        if bodies.iter().take(index).any(|earlier| same(earlier, body)) {
            report_duplicate(&mut errors, &join(&at, "name"));
        }
    }
    if errors.is_clean() { Ok(()) } else { Err(ApiError::invalid_form(errors)) }
}
