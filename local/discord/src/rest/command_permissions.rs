//! `.../guilds/{guild}/commands/{command}/permissions`: read with either token, changed only with a bearer token
//! of the application's owner.

use axum::{Extension, Json, extract::State};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{
    ApiResult,
    authority::Authority,
    body::Body,
    messages::check,
    permission::{MANAGE_GUILD, MANAGE_ROLES},
    scope::Scope,
};
use crate::{
    Discord, Error, Snowflake,
    api_error::ApiError,
    model::{self, command_permissions, commands},
    validation::check_command_permissions,
};

pub(super) async fn list(State(discord): State<Discord>, scope: Scope) -> ApiResult<Json<Vec<Value>>> {
    let guild = guild_of(&scope)?;
    Ok(Json(discord.inner.store.read(|db| command_permissions::list(db, guild))?))
}

pub(super) async fn read(State(discord): State<Discord>, scope: Scope) -> ApiResult<Json<Value>> {
    let (guild, command) = (guild_of(&scope)?, scope.command()?);
    discord.inner.store.read(|db| {
        check_exists(&discord, db, guild, command)?;
        let found = command_permissions::read(db, guild, command)?;
        Ok(Json(found.ok_or(ApiError::UNKNOWN_COMMAND_PERMISSIONS)?))
    })
}

pub(super) async fn overwrite(
    State(discord): State<Discord>,
    scope: Scope,
    Extension(authority): Extension<Authority>,
    body: Body,
) -> ApiResult<Json<Value>> {
    if authority == Authority::Bot {
        return Err(ApiError::NOT_FOR_BOTS);
    }
    let (guild, command, body) = (guild_of(&scope)?, scope.command()?, body.object()?);
    discord.inner.store.write(|db| {
        check_exists(&discord, db, guild, command)?;
        check_owner(db, guild)?;
        check(|errors| check_command_permissions(errors, &body))?;
        let permissions = entries(&body["permissions"]);
        let whole = command_permissions::whole(discord.application_id(), guild, command, permissions);
        command_permissions::save(db, guild, command, &whole)?;
        Ok(Json(whole))
    })
}

/// The entries with `id` as a string, and without unknown fields.
fn entries(sent: &Value) -> Value {
    let entry = |entry: &Value| {
        let id = entry["id"].as_str().map_or_else(|| entry["id"].to_string(), str::to_owned);
        json!({ "id": id, "type": entry["type"], "permission": entry["permission"] })
    };
    sent.as_array().into_iter().flatten().map(entry).collect()
}

fn guild_of(scope: &Scope) -> ApiResult<Snowflake> {
    scope.guild.ok_or(ApiError::NOT_FOUND)
}

/// Accepts a command of the guild, a global one, or the application's id, which means all commands.
fn check_exists(discord: &Discord, db: &Connection, guild: Snowflake, command: Snowflake) -> ApiResult<()> {
    if command == discord.application_id() || commands::read(db, Some(guild), command).is_ok() {
        return Ok(());
    }
    commands::read(db, None, command).map(|_| ())
}

/// The owner of the application needs `MANAGE_GUILD` and `MANAGE_ROLES` in the guild.
fn check_owner(db: &Connection, guild: Snowflake) -> ApiResult<()> {
    const REQUIRED_PERMISSIONS: u64 = MANAGE_GUILD | MANAGE_ROLES;
    let owner = model::users(db)?.into_iter().next().ok_or(Error::Damaged("a world without users"))?;
    let guild = model::guild(db, guild)?.ok_or(ApiError::MISSING_ACCESS)?;
    let member = model::member(db, guild.id, owner.id)?.ok_or(ApiError::MISSING_ACCESS)?;
    let may = guild.base_permissions(&member) & REQUIRED_PERMISSIONS == REQUIRED_PERMISSIONS;
    if may { Ok(()) } else { Err(ApiError::MISSING_PERMISSIONS) }
}
