//! Checks of requests that create or change guilds, channels, threads and members.

use std::collections::HashSet;

use serde_json::Value;

use super::{FormErrors, join, length};
use crate::limits;

/// `auto_archive_duration`, in minutes.
const ARCHIVE_AFTER: [u64; 4] = [60, 1440, 4320, 10080];
/// The types of threads: announcement, public and private.
const THREADS: [u64; 3] = [10, 11, 12];

/// `POST .../threads`, from a message or not.
pub(crate) fn check_thread(errors: &mut FormErrors, body: &Value) {
    errors.required_text("", body, "name", limits::CHANNEL_NAME);
    check_thread_settings(errors, body);
    choice(errors, body, "type", &THREADS);
}

/// PATCH of a thread.
pub(crate) fn check_thread_change(errors: &mut FormErrors, body: &Value) {
    check_name(errors, body, 1, limits::CHANNEL_NAME);
    check_thread_settings(errors, body);
    errors.boolean("", body, "archived");
    errors.boolean("", body, "locked");
}

fn check_thread_settings(errors: &mut FormErrors, body: &Value) {
    choice(errors, body, "auto_archive_duration", &ARCHIVE_AFTER);
    errors.integer("", body, "rate_limit_per_user", 0..=limits::MAX_SLOW_MODE_SECONDS);
    errors.boolean("", body, "invitable");
}

/// PATCH of a guild channel. The route checks whether the ids exist.
pub(crate) fn check_channel_change(errors: &mut FormErrors, body: &Value) {
    check_name(errors, body, 1, limits::CHANNEL_NAME);
    errors.text("", body, "topic", limits::TOPIC);
    errors.boolean("", body, "nsfw");
    errors.integer("", body, "rate_limit_per_user", 0..=limits::MAX_SLOW_MODE_SECONDS);
    errors.integer("", body, "position", 0..=i64::from(i32::MAX));
    if !body["parent_id"].is_null() {
        errors.snowflake("parent_id", &body["parent_id"]);
    }
    let overwrites = errors.list("", body, "permission_overwrites", limits::OVERWRITES);
    for (index, overwrite) in overwrites.iter().enumerate() {
        check_overwrite(errors, &join("permission_overwrites", index), overwrite);
    }
}

fn check_overwrite(errors: &mut FormErrors, at: &str, overwrite: &Value) {
    match &overwrite["id"] {
        Value::Null => errors.required(&join(at, "id")),
        id => errors.snowflake(&join(at, "id"), id),
    }
    if !matches!(overwrite["type"].as_u64(), Some(0 | 1)) && !overwrite["type"].is_null() {
        errors.not_one_of(&join(at, "type"), "0, 1");
    }
    for key in ["allow", "deny"] {
        let bits = &overwrite[key];
        let is_bits =
            bits.is_null() || bits.is_u64() || bits.as_str().is_some_and(|it| it.parse::<u64>().is_ok());
        if !is_bits {
            errors.not_a(&join(at, key), bits, "int");
        }
    }
}

/// PATCH of a guild.
pub(crate) fn check_guild_change(errors: &mut FormErrors, body: &Value) {
    check_name(errors, body, 2, limits::GUILD_NAME);
}

fn check_name(errors: &mut FormErrors, body: &Value, least: usize, most: usize) {
    let outside = |text: &str| !(least..=most).contains(&length(text));
    match errors.text("", body, "name", usize::MAX) {
        Some(name) if outside(name.trim()) => errors.bad_length("name", least, most),
        _ => {}
    }
}

/// PATCH of a member. The route checks the end of the timeout, because it has a clock.
pub(crate) fn check_member_change(errors: &mut FormErrors, body: &Value) {
    errors.text("", body, "nick", limits::NICK);
    let roles = errors.list("", body, "roles", limits::ROLES);
    for (index, role) in roles.iter().enumerate() {
        errors.snowflake(&join("roles", index), role);
    }
    let mut seen = HashSet::new();
    if !roles.iter().all(|role| seen.insert(role.to_string())) {
        errors.report("roles", "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
    }
    errors.text("", body, "communication_disabled_until", usize::MAX);
}

/// PUT of the permissions of a command.
pub(crate) fn check_command_permissions(errors: &mut FormErrors, body: &Value) {
    let path = "permissions";
    let entries = errors.list("", body, path, limits::COMMAND_PERMISSIONS);
    for (index, entry) in entries.iter().enumerate() {
        let at = join(path, index);
        match &entry["id"] {
            Value::Null => errors.required(&join(&at, "id")),
            id => errors.snowflake(&join(&at, "id"), id),
        }
        match &entry["type"] {
            Value::Null => errors.required(&join(&at, "type")),
            _ => choice_at(errors, &at, entry, "type", &[1, 2, 3]),
        }
        match &entry["permission"] {
            Value::Null => errors.required(&join(&at, "permission")),
            _ => errors.boolean(&at, entry, "permission"),
        }
    }
}

fn choice(errors: &mut FormErrors, body: &Value, key: &str, allowed: &[u64]) {
    choice_at(errors, "", body, key, allowed);
}

/// One of the allowed numbers, or null.
fn choice_at(errors: &mut FormErrors, at: &str, body: &Value, key: &str, allowed: &[u64]) {
    let path = join(at, key);
    match (&body[key], body[key].as_u64()) {
        (Value::Null, _) => {}
        (_, Some(number)) if allowed.contains(&number) => {}
        (value, _) if value.is_i64() || value.is_u64() => {
            let list: Vec<String> = allowed.iter().map(u64::to_string).collect();
            errors.not_one_of(&path, &list.join(", "));
        }
        (value, _) => errors.not_a(&path, value, "int"),
    }
}
