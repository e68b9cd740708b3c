//! Checks of an application command.

use serde_json::Value;

use super::{
    FormErrors, join, length, localization,
    name::{check_description, check_name},
    option,
};
use crate::limits;

const CHAT_INPUT: u64 = 1;
const ENTRY_POINT: u64 = 4;

/// `at` is the index in a bulk overwrite, or empty.
pub(crate) fn check_command(errors: &mut FormErrors, at: &str, command: &Value) {
    if !command.is_object() {
        errors.report(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return;
    }
    let kind = &command["type"];
    match kind.as_u64() {
        Some(CHAT_INPUT) => check_chat_input(errors, at, command),
        None if kind.is_null() => check_chat_input(errors, at, command),
        None => errors.not_a(&join(at, "type"), kind, "int"),
        Some(2 | 3) => check_context_menu(errors, at, command),
        Some(ENTRY_POINT) => check_entry_point(errors, at, command),
        Some(_) => errors.not_one_of(&join(at, "type"), "1, 2, 3, 4"),
    }
    check_settings(errors, at, command);
    if size(command) > limits::COMMAND_TOTAL {
        let message = format!("Command exceeds maximum size ({})", limits::COMMAND_TOTAL);
        errors.report(at, "APPLICATION_COMMAND_TOO_LARGE", message);
    }
}

/// Checks the command that results from applying the PATCH `change` to `old`.
pub(crate) fn check_command_change(errors: &mut FormErrors, old: &Value, change: &Value) {
    let mut whole = old.clone();
    for (key, value) in change.as_object().into_iter().flatten() {
        whole[key] = value.clone();
    }
    check_command(errors, "", &whole);
}

fn check_chat_input(errors: &mut FormErrors, at: &str, command: &Value) {
    check_name(errors, at, command);
    check_description(errors, at, command);
    option::check_list(errors, at, command, option::OptionParent::Command);
}

fn check_context_menu(errors: &mut FormErrors, at: &str, command: &Value) {
    errors.required_text(at, command, "name", limits::COMMAND_NAME);
    localization::check(errors, at, command, "name", limits::COMMAND_NAME);
    for key in ["description", "options"] {
        let filled = match &command[key] {
            Value::String(text) => !text.is_empty(),
            Value::Array(list) => !list.is_empty(),
            _ => false,
        };
        if filled {
            let message = format!("Context menu commands cannot have {key}");
            errors.report(&join(at, key), "APPLICATION_COMMAND_INVALID", message);
        }
    }
}

fn check_entry_point(errors: &mut FormErrors, at: &str, command: &Value) {
    errors.required_text(at, command, "name", limits::COMMAND_NAME);
    if !matches!(command["handler"].as_u64(), Some(1 | 2)) {
        errors.not_one_of(&join(at, "handler"), "1, 2");
    }
}

/// The fields that commands of every type have.
fn check_settings(errors: &mut FormErrors, at: &str, command: &Value) {
    errors.boolean(at, command, "nsfw");
    errors.boolean(at, command, "dm_permission");
    let permissions = &command["default_member_permissions"];
    if !permissions.is_null() {
        let number = permissions.is_u64() || permissions.as_str().is_some_and(|it| it.parse::<u64>().is_ok());
        if !number {
            errors.not_a(&join(at, "default_member_permissions"), permissions, "int");
        }
    }
    check_set(errors, at, command, "contexts", 2);
    check_set(errors, at, command, "integration_types", 1);
}

/// A set of numbers from 0 to `most`.
fn check_set(errors: &mut FormErrors, at: &str, command: &Value, key: &str, most: u64) {
    let path = join(at, key);
    let entries = errors.list(at, command, key, usize::MAX);
    for (index, entry) in entries.iter().enumerate() {
        if entry.as_u64().is_none_or(|number| number > most) {
            let list: Vec<String> = (0..=most).map(|number| number.to_string()).collect();
            errors.not_one_of(&join(&path, index), &list.join(", "));
        }
        if entries.iter().take(index).any(|earlier| earlier == entry) {
            errors.report(&path, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
        }
    }
}

/// The size of a command: characters of all names, descriptions and choice values. Of a text and its translations,
/// the longest counts.
fn size(body: &Value) -> usize {
    let own: usize = ["name", "description"].into_iter().map(|key| longest(body, key)).sum();
    let value = body["value"].as_str().map_or(0, length);
    let nested: usize =
        ["options", "choices"].iter().filter_map(|key| body[key].as_array()).flatten().map(size).sum();
    own + value + nested
}

fn longest(body: &Value, key: &str) -> usize {
    let translated = localization::texts("", body, key).into_iter().map(|(_, text)| length(text)).max();
    translated.unwrap_or(0).max(body[key].as_str().map_or(0, length))
}
