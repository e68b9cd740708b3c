//! Checks of an application command.

use serde_json::Value;

use super::{
    Form, join, length, localization,
    name::{check_description, check_name},
    option,
};
use crate::discord::limits;

const CHAT_INPUT: u64 = 1;
const ENTRY_POINT: u64 = 4;

/// `at` is the index in a bulk overwrite, or empty.
pub(in crate::discord) fn check_command(form: &mut Form, at: &str, command: &Value) {
    if !command.is_object() {
        form.report(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return;
    }
    let kind = &command["type"];
    match kind.as_u64() {
        Some(CHAT_INPUT) => check_chat_input(form, at, command),
        None if kind.is_null() => check_chat_input(form, at, command),
        None => form.not_a(&join(at, "type"), kind, "int"),
        Some(2 | 3) => check_context_menu(form, at, command),
        Some(ENTRY_POINT) => check_entry_point(form, at, command),
        Some(_) => form.not_one_of(&join(at, "type"), "1, 2, 3, 4"),
    }
    check_settings(form, at, command);
    if size(command) > limits::COMMAND_TOTAL {
        let message = format!("Command exceeds maximum size ({})", limits::COMMAND_TOTAL);
        form.report(at, "APPLICATION_COMMAND_TOO_LARGE", message);
    }
}

/// `change` is a PATCH of `old`. What it does not name stays, and need not be checked again.
pub(in crate::discord) fn check_command_change(form: &mut Form, old: &Value, change: &Value) {
    let mut whole = old.clone();
    for (key, value) in change.as_object().into_iter().flatten() {
        whole[key] = value.clone();
    }
    check_command(form, "", &whole);
}

fn check_chat_input(form: &mut Form, at: &str, command: &Value) {
    check_name(form, at, command);
    check_description(form, at, command);
    option::check_list(form, at, command, option::Depth::Command);
}

fn check_context_menu(form: &mut Form, at: &str, command: &Value) {
    form.required_text(at, command, "name", limits::COMMAND_NAME);
    localization::check(form, at, command, "name", limits::COMMAND_NAME);
    for key in ["description", "options"] {
        let filled = match &command[key] {
            Value::String(text) => !text.is_empty(),
            Value::Array(list) => !list.is_empty(),
            _ => false,
        };
        if filled {
            let message = format!("Context menu commands cannot have {key}");
            form.report(&join(at, key), "APPLICATION_COMMAND_INVALID", message);
        }
    }
}

fn check_entry_point(form: &mut Form, at: &str, command: &Value) {
    form.required_text(at, command, "name", limits::COMMAND_NAME);
    if !matches!(command["handler"].as_u64(), Some(1 | 2)) {
        form.not_one_of(&join(at, "handler"), "1, 2");
    }
}

/// What commands of every type have.
fn check_settings(form: &mut Form, at: &str, command: &Value) {
    form.boolean(at, command, "nsfw");
    form.boolean(at, command, "dm_permission");
    let permissions = &command["default_member_permissions"];
    if !permissions.is_null() {
        let number = permissions.is_u64() || permissions.as_str().is_some_and(|it| it.parse::<u64>().is_ok());
        if !number {
            form.not_a(&join(at, "default_member_permissions"), permissions, "int");
        }
    }
    check_set(form, at, command, "contexts", 2);
    check_set(form, at, command, "integration_types", 1);
}

/// A set of numbers from 0 to `most`.
fn check_set(form: &mut Form, at: &str, command: &Value, key: &str, most: u64) {
    let path = join(at, key);
    let entries = form.list(at, command, key, usize::MAX);
    for (index, entry) in entries.iter().enumerate() {
        if entry.as_u64().is_none_or(|number| number > most) {
            let list: Vec<String> = (0..=most).map(|number| number.to_string()).collect();
            form.not_one_of(&join(&path, index), &list.join(", "));
        }
        if entries.iter().take(index).any(|earlier| earlier == entry) {
            form.report(&path, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
        }
    }
}

/// Names, descriptions and choice values of the command and all it holds; of a text and its
/// translations the longest counts.
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
