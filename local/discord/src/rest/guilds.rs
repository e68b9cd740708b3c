//! `/guilds/{guild}`: the guild itself, its roles and its channels.

use std::collections::HashMap;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    middleware::from_fn,
    routing::{get, patch, put},
};
use serde_json::{Value, json};

use super::{
    ApiResult,
    body::Body,
    members,
    messages::check,
    object,
    permission::{self, MANAGE_GUILD},
    query::is_true,
    reason, threads,
};
use crate::{
    Discord, Error,
    model::{self, ChannelContext, Guild, Role},
    validation::check_guild_change,
};

pub(super) fn routes() -> Router<Discord> {
    let member = get(members::read).patch(members::change).delete(members::kick);
    let role = put(members::give_role).delete(members::take_role);
    Router::new()
        .route("/guilds/{guild}", get(read).patch(change))
        .route("/guilds/{guild}/roles", get(roles))
        .route("/guilds/{guild}/channels", get(channels))
        .route("/guilds/{guild}/threads/active", get(threads::active))
        .route("/guilds/{guild}/members", get(members::list))
        .route("/guilds/{guild}/members/@me", patch(members::change_own))
        .route("/guilds/{guild}/members/{user}", member)
        .route("/guilds/{guild}/members/{user}/roles/{role}", role)
        .route_layer(from_fn(reason::checked))
}

async fn read(
    State(discord): State<Discord>,
    Path(guild): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> ApiResult<Json<Value>> {
    discord.inner.store.read(|db| {
        let guild = permission::guild(&discord, db, &guild, 0)?;
        let mut object = object(&guild);
        if is_true(&query, "with_counts") {
            // + 1 for the bot, which is not stored as a member.
            let count = model::members(db, guild.id)?.len() + 1;
            object["approximate_member_count"] = count.into();
            object["approximate_presence_count"] = count.into();
        }
        Ok(Json(object))
    })
}

async fn change(
    State(discord): State<Discord>,
    Path(guild): Path<String>,
    body: Body,
) -> ApiResult<Json<Value>> {
    let body = body.object()?;
    discord.inner.store.write(|db| {
        let mut guild = permission::guild(&discord, db, &guild, MANAGE_GUILD)?;
        check(|errors| check_guild_change(errors, &body))?;
        if let Some(name) = body["name"].as_str() {
            guild.name = name.into();
        }
        model::save_guild(db, &guild)?;
        Ok(Json(object(&guild)))
    })
}

async fn roles(State(discord): State<Discord>, Path(guild): Path<String>) -> ApiResult<Json<Vec<Value>>> {
    let guild = discord.inner.store.read(|db| permission::guild(&discord, db, &guild, 0))?;
    Ok(Json(guild.roles.iter().map(Role::object).collect()))
}

/// All channels of the guild without threads.
async fn channels(State(discord): State<Discord>, Path(guild): Path<String>) -> ApiResult<Json<Vec<Value>>> {
    discord.inner.store.read(|db| {
        let place = ChannelContext::Guild(permission::guild(&discord, db, &guild, 0)?.id);
        let mut channels = model::channels(db)?;
        channels.retain(|channel| channel.place == place && !channel.is_thread());
        let objects: Result<_, Error> =
            channels.iter().map(|channel| object::channel(&discord, db, channel)).collect();
        Ok(Json(objects?))
    })
}

/// The guild object. Fields that are not simulated have the values of a new guild.
fn object(guild: &Guild) -> Value {
    let mut object = json!({
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner,
        "preferred_locale": guild.locale,
        "roles": guild.roles.iter().map(Role::object).collect::<Vec<_>>(),
        "region": "deprecated",
        "afk_timeout": 300,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
    });
    let fields: [(&[&str], Value); 4] = [
        (&NULL_FIELDS, Value::Null),
        (&ZERO_FIELDS, 0.into()),
        (&["widget_enabled", "premium_progress_bar_enabled", "nsfw"], false.into()),
        (&["features", "emojis", "stickers"], json!([])),
    ];
    for (keys, value) in fields {
        for key in keys {
            object[*key] = value.clone();
        }
    }
    object
}

const NULL_FIELDS: [&str; 16] = [
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
];
const ZERO_FIELDS: [&str; 8] = [
    "system_channel_flags",
    "verification_level",
    "default_message_notifications",
    "mfa_level",
    "explicit_content_filter",
    "premium_tier",
    "premium_subscription_count",
    "nsfw_level",
];
