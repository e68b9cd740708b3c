//! Which commands the client offers a user in a channel, and by which installation (guild or user).

use serde_json::{Map, Value, json};

use super::{
    context::Context,
    overwrite::{CommandPermission, command_permission},
};
use crate::{
    Refused,
    model::{Channel, ChannelContext, permissions},
};

const GUILD_INSTALL: u64 = 0;
const USER_INSTALL: u64 = 1;

/// Sorts the commands that are offered before the others, so that a name finds an offered one first.
pub(super) fn in_order(mut commands: Vec<Value>, context: &Context) -> Vec<Value> {
    commands.sort_by_cached_key(|command| obstacle(command, context).is_some());
    commands
}

/// `authorizing_integration_owners` of an interaction with this command, or why it is not offered.
pub(super) fn check(command: &Value, context: &Context) -> Result<Value, Refused> {
    let Some(why) = obstacle(command, context) else {
        return Ok(owners(command, context).into());
    };
    let slash = if command["type"] == 1 { "/" } else { "" };
    let (user, name) = (&context.user.global_name, command["name"].as_str().unwrap_or(""));
    Err(Refused::because(format!("{user} is not offered `{slash}{name}` here: {why}")))
}

/// `authorizing_integration_owners` of a component: those of its message's interaction.
pub(super) fn of_message(message: &Value, context: &Context) -> Value {
    match &message["interaction_metadata"]["authorizing_integration_owners"] {
        Value::Null => owners(&json!({ "integration_types": [GUILD_INSTALL] }), context).into(),
        owners => owners.clone(),
    }
}

fn obstacle(command: &Value, context: &Context) -> Option<String> {
    let nobody = owners(command, context).is_empty();
    let place = match context.channel.place {
        ChannelContext::Guild(_) => "guilds",
        ChannelContext::Direct(_) => "direct messages with the application",
        ChannelContext::Group => "private channels",
    };
    if !contexts(command).contains(&u64::from(context.context_type())) {
        return Some(format!("it is not for {place}"));
    }
    if nobody {
        let user = context.user.installed;
        let what =
            if user { "it is not a command of a user installation" } else { "nobody here has installed it" };
        return Some(what.into());
    }
    // The remaining checks apply in guilds only.
    context.guild.as_ref()?;
    if command["nsfw"] == true && !context.channel.nsfw {
        return Some("it needs an age-restricted channel".into());
    }
    let held = context.permissions();
    resting(&context.channel, held).or_else(|| forbidden(command, context, held))
}

/// Commands cannot be used in an archived thread, and in a locked one only with `MANAGE_THREADS`.
fn resting(channel: &Channel, held: u64) -> Option<String> {
    if channel.thread.archived {
        return Some("the thread is archived".into());
    }
    let locked = channel.thread.locked && held & permissions::MANAGE_THREADS == 0;
    locked.then(|| "the thread is locked".into())
}

/// The guild's command permissions override `default_member_permissions`; administrators may use everything.
fn forbidden(command: &Value, context: &Context, held: u64) -> Option<String> {
    if held & permissions::ADMINISTRATOR != 0 {
        return None;
    }
    let wanted = match command_permission(command, context) {
        CommandPermission::Denied(why) => return Some(why.into()),
        CommandPermission::Allowed => 0,
        CommandPermission::NotSet => by_default(command),
    };
    let missing = (wanted | permissions::USE_APPLICATION_COMMANDS) & !held;
    (missing != 0).then(|| format!("it needs {}", permissions::names(missing).join(", ")))
}

/// `default_member_permissions` of the command.
fn by_default(command: &Value) -> u64 {
    let wanted = command["default_member_permissions"].as_str().and_then(|bits| bits.parse::<u64>().ok());
    match wanted {
        // "0" means administrators only.
        Some(0) => permissions::ADMINISTRATOR,
        Some(wanted) => wanted,
        None => 0,
    }
}

fn contexts(command: &Value) -> Vec<u64> {
    if command["guild_id"].is_string() {
        return vec![0];
    }
    match command["contexts"].as_array() {
        Some(contexts) => contexts.iter().filter_map(Value::as_u64).collect(),
        None if command["dm_permission"] == false => vec![0],
        None => vec![0, 1, 2],
    }
}

fn owners(command: &Value, context: &Context) -> Map<String, Value> {
    let types = command["integration_types"].as_array();
    let works = |kind: u64| types.map_or(kind == GUILD_INSTALL, |types| types.iter().any(|it| *it == kind));
    let mut owners = Map::new();
    if works(GUILD_INSTALL) {
        match (&context.guild, context.channel.place) {
            (Some(inside), _) if !inside.guild.foreign => {
                owners.insert("0".into(), json!(inside.guild.id));
            }
            (None, ChannelContext::Direct(_)) if context.meets_bot => {
                owners.insert("0".into(), "0".into());
            }
            _ => {}
        }
    }
    if works(USER_INSTALL) && context.user.installed {
        owners.insert("1".into(), json!(context.user.id));
    }
    owners
}
