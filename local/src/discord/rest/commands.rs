//! `/applications/{application}[/guilds/{guild}]/commands`: registration.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::Value;

use super::{ApiResult, body::Body, snowflake};
use crate::discord::{Discord, Snowflake, api_error::ApiError, commands, world};

#[derive(Deserialize)]
pub(super) struct View {
    #[serde(default)]
    with_localizations: bool,
}

type Listed = ApiResult<Json<Vec<Value>>>;
type Upserted = ApiResult<(StatusCode, Json<Value>)>;

pub(super) async fn list_global(
    State(discord): State<Discord>,
    Path(application): Path<String>,
    Query(view): Query<View>,
) -> Listed {
    own(&discord, &application)?;
    list(&discord, None, view)
}

pub(super) async fn list_in_guild(
    State(discord): State<Discord>,
    Path((application, guild)): Path<(String, String)>,
    Query(view): Query<View>,
) -> Listed {
    list(&discord, Some(inside(&discord, &application, &guild)?), view)
}

pub(super) async fn overwrite_global(
    State(discord): State<Discord>,
    Path(application): Path<String>,
    body: Body,
) -> Listed {
    own(&discord, &application)?;
    Ok(Json(discord.overwrite_commands(None, &body.list()?)?))
}

pub(super) async fn overwrite_in_guild(
    State(discord): State<Discord>,
    Path((application, guild)): Path<(String, String)>,
    body: Body,
) -> Listed {
    let guild = inside(&discord, &application, &guild)?;
    Ok(Json(discord.overwrite_commands(Some(guild), &body.list()?)?))
}

pub(super) async fn upsert_global(
    State(discord): State<Discord>,
    Path(application): Path<String>,
    body: Body,
) -> Upserted {
    own(&discord, &application)?;
    upsert(&discord, None, body)
}

pub(super) async fn upsert_in_guild(
    State(discord): State<Discord>,
    Path((application, guild)): Path<(String, String)>,
    body: Body,
) -> Upserted {
    let guild = inside(&discord, &application, &guild)?;
    upsert(&discord, Some(guild), body)
}

fn list(discord: &Discord, scope: Option<Snowflake>, view: View) -> Listed {
    let mut list = discord.inner.store.read(|db| commands::list(db, scope))?;
    if !view.with_localizations {
        list.iter_mut().for_each(hide_localizations);
    }
    Ok(Json(list))
}

fn upsert(discord: &Discord, scope: Option<Snowflake>, body: Body) -> Upserted {
    let (command, new) = discord.upsert_command(scope, &body.object()?)?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(command)))
}

/// A bot registers commands for its own application only.
fn own(discord: &Discord, application: &str) -> ApiResult<()> {
    if snowflake(application, "application_id")? == discord.application_id() {
        return Ok(());
    }
    Err(ApiError::MISSING_ACCESS)
}

fn inside(discord: &Discord, application: &str, guild: &str) -> ApiResult<Snowflake> {
    own(discord, application)?;
    let guild = snowflake(guild, "guild_id")?;
    let known = discord.inner.store.read(|db| world::guild(db, guild))?;
    known.map(|guild| guild.id).ok_or(ApiError::MISSING_ACCESS)
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
