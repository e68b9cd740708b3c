//! `/applications/{application}[/guilds/{guild}]/commands[/{command}]`: registration.

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::Value;

use super::{ApiResult, body::Body, scope::Scope};
use crate::discord::{Discord, api_error::ApiError, command_permissions, commands};

#[derive(Deserialize)]
pub(super) struct View {
    #[serde(default)]
    with_localizations: bool,
}

type Listed = ApiResult<Json<Vec<Value>>>;

pub(super) async fn list(State(discord): State<Discord>, scope: Scope, Query(view): Query<View>) -> Listed {
    let mut list = discord.inner.store.read(|db| commands::list(db, scope.guild))?;
    if !view.with_localizations {
        list.iter_mut().for_each(hide_localizations);
    }
    Ok(Json(list))
}

pub(super) async fn overwrite(State(discord): State<Discord>, scope: Scope, body: Body) -> Listed {
    Ok(Json(discord.overwrite_commands(scope.guild, &body.list()?)?))
}

pub(super) async fn upsert(
    State(discord): State<Discord>,
    scope: Scope,
    body: Body,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let (command, new) = discord.upsert_command(scope.guild, &body.object()?)?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(command)))
}

pub(super) async fn read(State(discord): State<Discord>, scope: Scope) -> ApiResult<Json<Value>> {
    let id = scope.command()?;
    Ok(Json(discord.inner.store.read(|db| commands::read(db, scope.guild, id))?))
}

pub(super) async fn change(
    State(discord): State<Discord>,
    scope: Scope,
    body: Body,
) -> ApiResult<Json<Value>> {
    Ok(Json(discord.change_command(scope.guild, scope.command()?, &body.object()?)?))
}

pub(super) async fn delete(State(discord): State<Discord>, scope: Scope) -> ApiResult<StatusCode> {
    discord.delete_command(scope.guild, scope.command()?)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn permissions(State(discord): State<Discord>, scope: Scope) -> Listed {
    let guild = scope.guild.ok_or(ApiError::NOT_FOUND)?;
    let all = discord.inner.store.read(|db| command_permissions::of_guild(db, guild))?;
    let application = discord.application_id();
    Ok(Json(all.into_iter().map(|it| it.object(application)).collect()))
}

fn hide_localizations(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("name_localizations");
            members.remove("description_localizations");
            members.values_mut().for_each(hide_localizations);
        }
        Value::Array(entries) => entries.iter_mut().for_each(hide_localizations),
        _ => {}
    }
}
