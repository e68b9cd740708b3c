//! `/guilds/{guild}/members`: nicknames, roles, timeouts and kicks, within the role hierarchy.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use jiff::{Timestamp, ToSpan};
use rusqlite::Connection;
use serde_json::Value;

use super::{
    ApiResult,
    body::Body,
    history,
    messages::check,
    permission::{
        self, ADMINISTRATOR, CHANGE_NICKNAME, KICK_MEMBERS, MANAGE_NICKNAMES, MANAGE_ROLES, MODERATE_MEMBERS,
    },
    snowflake,
};
use crate::{
    Discord, Snowflake,
    api_error::ApiError,
    limits,
    model::{self, Guild, Member, snowflake::iso},
    validation::check_member_change,
};

const TIMEOUT_FIELD: &str = "communication_disabled_until";

type Named = Path<(String, String)>;

pub(super) async fn read(
    State(discord): State<Discord>,
    Path((guild, user)): Named,
) -> ApiResult<Json<Value>> {
    discord.inner.store.read(|db| {
        let guild = permission::guild(&discord, db, &guild, 0)?;
        Ok(Json(object(&discord, &find(&discord, db, &guild, &user)?)))
    })
}

/// All members with the bot, by user id. It needs the members intent, which the application has.
pub(super) async fn list(
    State(discord): State<Discord>,
    Path(guild): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> ApiResult<Json<Vec<Value>>> {
    let limit = history::limit(&query, 1, 1_000)?;
    let after = query.get("after").filter(|after| *after != "0");
    let after = after.map(|id| snowflake(id, "after")).transpose()?;
    discord.inner.store.read(|db| {
        let guild = permission::guild(&discord, db, &guild, 0)?;
        let mut members = model::members(db, guild.id)?;
        members.push(guild.bot_member(discord.application_id()));
        members.sort_by_key(|member| member.user.id);
        let wanted = members.iter().filter(|member| Some(member.user.id) > after);
        Ok(Json(wanted.take(limit).map(|member| object(&discord, member)).collect()))
    })
}

/// A member in REST responses: without `permissions`, which only interactions have.
pub(super) fn object(discord: &Discord, member: &Member) -> Value {
    let mut object = member.object(0);
    if let Some(members) = object.as_object_mut() {
        members.remove("permissions");
    }
    object["user"] = if member.user.id == discord.application_id() {
        model::bot_object(member.user.id)
    } else {
        member.user.rest_object()
    };
    object
}

/// The member of a path, possibly the bot.
pub(super) fn find(discord: &Discord, db: &Connection, guild: &Guild, user: &str) -> ApiResult<Member> {
    let user = snowflake(user, "user_id")?;
    if user == discord.application_id() {
        return Ok(guild.bot_member(user));
    }
    if !model::users(db)?.iter().any(|known| known.id == user) {
        return Err(ApiError::UNKNOWN_USER);
    }
    model::member(db, guild.id, user)?.ok_or(ApiError::UNKNOWN_MEMBER)
}

pub(super) async fn change(
    State(discord): State<Discord>,
    Path((guild, user)): Named,
    body: Body,
) -> ApiResult<Json<Value>> {
    change_member(&discord, &guild, &user, &body.object()?)
}

/// Changes the bot's own nickname. Its avatar, banner and bio are accepted but not stored.
pub(super) async fn change_own(
    State(discord): State<Discord>,
    Path(guild): Path<String>,
    body: Body,
) -> ApiResult<Json<Value>> {
    let own = discord.application_id().to_string();
    change_member(&discord, &guild, &own, &body.object()?)
}

fn change_member(discord: &Discord, guild: &str, user: &str, body: &Value) -> ApiResult<Json<Value>> {
    discord.inner.store.write(|db| {
        let mut guild = permission::guild(discord, db, guild, 0)?;
        check(|errors| check_member_change(errors, body))?;
        let mut member = find(discord, db, &guild, user)?;
        let bot = guild.bot_member(discord.application_id());
        if let Some(nick) = body.get("nick") {
            may_rename(&guild, &bot, &member)?;
            member.nick = nick.as_str().filter(|nick| !nick.is_empty()).map(str::to_owned);
        }
        if let Some(wanted) = body["roles"].as_array() {
            member.roles = assign(&guild, &bot, &member, wanted)?;
        }
        if let Some(until) = body.get(TIMEOUT_FIELD) {
            may_time_out(&guild, &bot, &member)?;
            member.timed_out_until = read_timeout(until, discord.inner.clock.now())?;
        }
        model::save_member_or_bot(db, &mut guild, &member, bot.user.id)?;
        Ok(Json(object(discord, &member)))
    })
}

fn need(guild: &Guild, bot: &Member, wanted: u64) -> ApiResult<()> {
    let has = guild.base_permissions(bot) & wanted == wanted;
    if has { Ok(()) } else { Err(ApiError::MISSING_PERMISSIONS) }
}

fn below(guild: &Guild, bot: &Member, member: &Member) -> ApiResult<()> {
    if guild.outranks(bot, member) { Ok(()) } else { Err(ApiError::MISSING_PERMISSIONS) }
}

fn may_rename(guild: &Guild, bot: &Member, member: &Member) -> ApiResult<()> {
    if member.user.id == bot.user.id {
        return need(guild, bot, CHANGE_NICKNAME);
    }
    need(guild, bot, MANAGE_NICKNAMES)?;
    below(guild, bot, member)
}

/// Owners and administrators cannot be timed out.
fn may_time_out(guild: &Guild, bot: &Member, member: &Member) -> ApiResult<()> {
    need(guild, bot, MODERATE_MEMBERS)?;
    below(guild, bot, member)?;
    let above = guild.base_permissions(member) & ADMINISTRATOR != 0;
    if above { Err(ApiError::MISSING_PERMISSIONS) } else { Ok(()) }
}

fn read_timeout(until: &Value, now: Timestamp) -> ApiResult<Option<String>> {
    let Some(text) = until.as_str() else { return Ok(None) };
    let Ok(until) = text.parse::<Timestamp>() else {
        let message = format!("Could not parse {text}. Should be ISO8601.");
        return Err(ApiError::at(TIMEOUT_FIELD, "DATE_TIME_TYPE_PARSE", message));
    };
    if until > now + (24 * limits::TIMEOUT_DAYS).hours() {
        let message = format!("Must be at most {} days from now.", limits::TIMEOUT_DAYS);
        return Err(ApiError::at(TIMEOUT_FIELD, "DATE_TIME_TYPE_MAX", message));
    }
    Ok(Some(iso(until)))
}

/// Replaces all roles of the member. The hierarchy is checked only for added and removed ones.
fn assign(guild: &Guild, bot: &Member, member: &Member, wanted: &[Value]) -> ApiResult<Vec<Snowflake>> {
    need(guild, bot, MANAGE_ROLES)?;
    let id = |role: &Value| snowflake(role.as_str().unwrap_or(&role.to_string()), "roles");
    let wanted: Vec<Snowflake> = wanted.iter().map(id).collect::<ApiResult<_>>()?;
    let added = wanted.iter().filter(|role| !member.roles.contains(role));
    let removed = member.roles.iter().filter(|role| !wanted.contains(role));
    for role in added.chain(removed) {
        may_hand_out(guild, bot, *role)?;
    }
    Ok(wanted)
}

/// The bot can assign only roles below its highest one, and neither @everyone nor managed roles.
fn may_hand_out(guild: &Guild, bot: &Member, role: Snowflake) -> ApiResult<()> {
    let role = guild.role(role).ok_or(ApiError::UNKNOWN_ROLE)?;
    if role.id == guild.id {
        return Err(ApiError::INVALID_ROLE);
    }
    if role.position >= guild.rank(bot) {
        return Err(ApiError::MISSING_PERMISSIONS);
    }
    if role.managed { Err(ApiError::INVALID_ROLE) } else { Ok(()) }
}

pub(super) async fn give_role(
    State(discord): State<Discord>,
    Path(names): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    turn_role(&discord, &names, true)
}

pub(super) async fn take_role(
    State(discord): State<Discord>,
    Path(names): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    turn_role(&discord, &names, false)
}

fn turn_role(
    discord: &Discord,
    (guild, user, role): &(String, String, String),
    given: bool,
) -> ApiResult<StatusCode> {
    let role = snowflake(role, "role_id")?;
    discord.inner.store.write(|db| {
        let mut guild = permission::guild(discord, db, guild, MANAGE_ROLES)?;
        let bot = guild.bot_member(discord.application_id());
        let mut member = find(discord, db, &guild, user)?;
        may_hand_out(&guild, &bot, role)?;
        member.roles.retain(|held| *held != role);
        if given {
            member.roles.push(role);
        }
        model::save_member_or_bot(db, &mut guild, &member, bot.user.id)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

pub(super) async fn kick(
    State(discord): State<Discord>,
    Path((guild, user)): Named,
) -> ApiResult<StatusCode> {
    discord.inner.store.write(|db| {
        let guild = permission::guild(&discord, db, &guild, KICK_MEMBERS)?;
        let member = find(&discord, db, &guild, &user)?;
        below(&guild, &guild.bot_member(discord.application_id()), &member)?;
        model::remove_member(db, guild.id, member.user.id)?;
        Ok(StatusCode::NO_CONTENT)
    })
}
