//! Checks of guilds, channels and threads: what makes one, what changes one.

use std::collections::HashSet;

use serde_json::Value;

use super::{Form, join, length};
use crate::discord::limits;

/// Minutes after which a thread leaves the list of channels.
const ARCHIVE_AFTER: [u64; 4] = [60, 1440, 4320, 10080];
/// Announcement, public and private.
const THREADS: [u64; 3] = [10, 11, 12];

/// `POST .../threads`, with a message or without one.
pub(in crate::discord) fn check_thread(form: &mut Form, body: &Value) {
    form.required_text("", body, "name", limits::CHANNEL_NAME);
    check_thread_settings(form, body);
    choice(form, body, "type", &THREADS);
}

/// PATCH of a thread.
pub(in crate::discord) fn check_thread_change(form: &mut Form, body: &Value) {
    check_name(form, body, 1, limits::CHANNEL_NAME);
    check_thread_settings(form, body);
    form.boolean("", body, "archived");
    form.boolean("", body, "locked");
}

fn check_thread_settings(form: &mut Form, body: &Value) {
    choice(form, body, "auto_archive_duration", &ARCHIVE_AFTER);
    form.integer("", body, "rate_limit_per_user", 0..=limits::SLOW_MODE);
    form.boolean("", body, "invitable");
}

/// PATCH of a channel of a guild. What its ids name is looked up elsewhere.
pub(in crate::discord) fn check_channel_change(form: &mut Form, body: &Value) {
    check_name(form, body, 1, limits::CHANNEL_NAME);
    form.text("", body, "topic", limits::TOPIC);
    form.boolean("", body, "nsfw");
    form.integer("", body, "rate_limit_per_user", 0..=limits::SLOW_MODE);
    form.integer("", body, "position", 0..=i64::from(i32::MAX));
    if !body["parent_id"].is_null() {
        form.snowflake("parent_id", &body["parent_id"]);
    }
    let overwrites = form.list("", body, "permission_overwrites", limits::OVERWRITES);
    for (index, overwrite) in overwrites.iter().enumerate() {
        check_overwrite(form, &join("permission_overwrites", index), overwrite);
    }
}

fn check_overwrite(form: &mut Form, at: &str, overwrite: &Value) {
    match &overwrite["id"] {
        Value::Null => form.required(&join(at, "id")),
        id => form.snowflake(&join(at, "id"), id),
    }
    if !matches!(overwrite["type"].as_u64(), Some(0 | 1)) && !overwrite["type"].is_null() {
        form.not_one_of(&join(at, "type"), "0, 1");
    }
    for key in ["allow", "deny"] {
        let bits = &overwrite[key];
        let is_bits =
            bits.is_null() || bits.is_u64() || bits.as_str().is_some_and(|it| it.parse::<u64>().is_ok());
        if !is_bits {
            form.not_a(&join(at, key), bits, "int");
        }
    }
}

/// PATCH of a guild.
pub(in crate::discord) fn check_guild_change(form: &mut Form, body: &Value) {
    check_name(form, body, 2, limits::GUILD_NAME);
}

fn check_name(form: &mut Form, body: &Value, least: usize, most: usize) {
    let outside = |text: &str| !(least..=most).contains(&length(text));
    match form.text("", body, "name", usize::MAX) {
        Some(name) if outside(name.trim()) => form.bad_length("name", least, most),
        _ => {}
    }
}

/// PATCH of a member. The timeout's time is compared elsewhere, where a clock is.
pub(in crate::discord) fn check_member_change(form: &mut Form, body: &Value) {
    form.text("", body, "nick", limits::NICK);
    let roles = form.list("", body, "roles", limits::ROLES);
    for (index, role) in roles.iter().enumerate() {
        form.snowflake(&join("roles", index), role);
    }
    let mut seen = HashSet::new();
    if !roles.iter().all(|role| seen.insert(role.to_string())) {
        form.report("roles", "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
    }
    form.text("", body, "communication_disabled_until", usize::MAX);
}

/// PUT of the permissions of a command.
pub(in crate::discord) fn check_command_permissions(form: &mut Form, body: &Value) {
    let path = "permissions";
    let entries = form.list("", body, path, limits::COMMAND_PERMISSIONS);
    for (index, entry) in entries.iter().enumerate() {
        let at = join(path, index);
        match &entry["id"] {
            Value::Null => form.required(&join(&at, "id")),
            id => form.snowflake(&join(&at, "id"), id),
        }
        match &entry["type"] {
            Value::Null => form.required(&join(&at, "type")),
            _ => choice_at(form, &at, entry, "type", &[1, 2, 3]),
        }
        match &entry["permission"] {
            Value::Null => form.required(&join(&at, "permission")),
            _ => form.boolean(&at, entry, "permission"),
        }
    }
}

fn choice(form: &mut Form, body: &Value, key: &str, allowed: &[u64]) {
    choice_at(form, "", body, key, allowed);
}

/// One of the numbers, or nothing.
fn choice_at(form: &mut Form, at: &str, body: &Value, key: &str, allowed: &[u64]) {
    let path = join(at, key);
    match (&body[key], body[key].as_u64()) {
        (Value::Null, _) => {}
        (_, Some(number)) if allowed.contains(&number) => {}
        (value, _) if value.is_i64() || value.is_u64() => {
            let list: Vec<String> = allowed.iter().map(u64::to_string).collect();
            form.not_one_of(&path, &list.join(", "));
        }
        (value, _) => form.not_a(&path, value, "int"),
    }
}
