//! `/applications/{application}[/guilds/{guild}]/commands[/{command}]`: registration of commands.

use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    middleware::from_fn_with_state,
    routing::get,
};
use serde::Deserialize;
use serde_json::Value;

use super::{ApiResult, authority, body::Body, command_permissions, scope::Scope};
use crate::{Discord, model::commands};

#[derive(Deserialize)]
pub(super) struct View {
    #[serde(default)]
    with_localizations: bool,
}

/// The routes, which accept the bot's token or the owner's.
pub(super) fn routes(discord: &Discord) -> Router<Discord> {
    const IN_GUILD: &str = "/applications/{application}/guilds/{guild}/commands";
    let all = get(list).put(overwrite).post(upsert);
    let one = get(read).patch(change).delete(delete);
    let permissions = get(command_permissions::read).put(command_permissions::overwrite);
    Router::new()
        .route("/applications/{application}/commands", all.clone())
        .route("/applications/{application}/commands/{command}", one.clone())
        .route(IN_GUILD, all)
        .route(&format!("{IN_GUILD}/permissions"), get(command_permissions::list))
        .route(&format!("{IN_GUILD}/{{command}}"), one)
        .route(&format!("{IN_GUILD}/{{command}}/permissions"), permissions)
        .route_layer(from_fn_with_state(discord.clone(), authority::either))
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
