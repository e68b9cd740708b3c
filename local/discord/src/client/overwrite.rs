//! Evaluates a guild's command permissions for channels, users and roles
//! (`.../commands/{command}/permissions`).

use serde_json::Value;

use super::context::{Context, InGuild};
use crate::Snowflake;

const ROLE: u64 = 1;
const USER: u64 = 2;
const CHANNEL: u64 = 3;

/// The result of the guild's permissions of a command, for this channel and user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommandPermission {
    NotSet,
    /// Allowed, whatever `default_member_permissions` says.
    Allowed,
    Denied(&'static str),
}

/// The application's permissions apply to commands without own ones. They can only forbid:
/// `default_member_permissions` still applies.
pub(super) fn command_permission(command: &Value, context: &Context) -> CommandPermission {
    let Some(inside) = &context.guild else { return CommandPermission::NotSet };
    let of = |id: &Value| {
        let found = inside.command_permissions.iter().find(|whole| whole["id"] == *id);
        found.and_then(|whole| whole["permissions"].as_array())
    };
    let (entries, own) = match of(&command["id"]) {
        Some(entries) => (entries, true),
        None => match of(&command["application_id"]) {
            Some(entries) => (entries, false),
            None => return CommandPermission::NotSet,
        },
    };
    if !open_here(entries, context, inside) {
        return CommandPermission::Denied("the guild has switched it off in this channel");
    }
    match for_user(entries, inside) {
        Some(false) => CommandPermission::Denied("the guild has not allowed it to them"),
        Some(true) if own => CommandPermission::Allowed,
        Some(true) | None => CommandPermission::NotSet,
    }
}

/// The channel's own entry, else the one for all channels (guild id - 1). A thread has its parent's.
fn open_here(entries: &[Value], context: &Context, inside: &InGuild) -> bool {
    let channel = &context.channel;
    let place = if channel.is_thread() { channel.parent.unwrap_or(channel.id) } else { channel.id };
    let all_channels = (inside.guild.id.column() - 1).to_string();
    let here = word(entries, CHANNEL, &place.to_string());
    here.or_else(|| word(entries, CHANNEL, &all_channels)).unwrap_or(true)
}

/// The user's own entry, else those of the roles, of which one that allows is enough, else that of @everyone.
fn for_user(entries: &[Value], inside: &InGuild) -> Option<bool> {
    let role = |id: Snowflake| word(entries, ROLE, &id.to_string());
    let own = word(entries, USER, &inside.member.user.id.to_string());
    let roles = inside.member.roles.iter().filter_map(|id| role(*id));
    own.or_else(|| roles.reduce(|one, other| one || other)).or_else(|| role(inside.guild.id))
}

fn word(entries: &[Value], kind: u64, id: &str) -> Option<bool> {
    let entry = entries.iter().find(|entry| entry["type"] == kind && entry["id"] == id)?;
    entry["permission"].as_bool()
}
