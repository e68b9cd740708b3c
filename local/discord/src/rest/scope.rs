//! The scope of commands in a path: global or a guild.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use super::{ApiResult, snowflake};
use crate::{Discord, Snowflake, api_error::ApiError, model};

/// The scope in `/applications/{application}[/guilds/{guild}]/commands[/{command}]`.
pub(super) struct Scope {
    /// `None`: global.
    pub guild: Option<Snowflake>,
    command: Option<String>,
}

impl Scope {
    /// The command id of the path.
    pub(super) fn command(&self) -> ApiResult<Snowflake> {
        snowflake(self.command.as_deref().unwrap_or(""), "command_id")
    }
}

impl FromRequestParts<Discord> for Scope {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, discord: &Discord) -> ApiResult<Self> {
        let Path(mut names): Path<HashMap<String, String>> =
            Path::from_request_parts(parts, discord).await.map_err(|_| ApiError::NOT_FOUND)?;
        let application = names.remove("application").unwrap_or_default();
        // A token is valid for its own application only.
        if snowflake(&application, "application_id")? != discord.application_id() {
            return Err(ApiError::MISSING_ACCESS);
        }
        let guild = names.remove("guild").map(|guild| known(discord, &guild)).transpose()?;
        Ok(Self { guild, command: names.remove("command") })
    }
}

fn known(discord: &Discord, guild: &str) -> ApiResult<Snowflake> {
    let guild = snowflake(guild, "guild_id")?;
    let known = discord.inner.store.read(|db| model::guild(db, guild))?;
    known.map(|guild| guild.id).ok_or(ApiError::MISSING_ACCESS)
}
