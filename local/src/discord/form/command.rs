//! Checks of an application command.

use serde_json::Value;

use super::{Form, join, length, option};
use crate::discord::limits;

const CHAT_INPUT: u64 = 1;

/// `at` is the index in a bulk overwrite, or empty.
pub(in crate::discord) fn check_command(form: &mut Form, at: &str, command: &Value) {
    match command["type"].as_u64() {
        None | Some(CHAT_INPUT) => check_chat_input(form, at, command),
        Some(2 | 3) => check_context_menu(form, at, command),
        Some(_) => form.not_one_of(&join(at, "type"), "1, 2, 3, 4"),
    }
    if size(command) > limits::COMMAND_TOTAL {
        let message = format!("Command exceeds maximum size ({})", limits::COMMAND_TOTAL);
        form.report(at, "APPLICATION_COMMAND_TOO_LARGE", message);
    }
}

fn check_chat_input(form: &mut Form, at: &str, command: &Value) {
    check_name(form, at, command);
    form.required_text(at, command, "description", limits::DESCRIPTION);
    option::check_list(form, at, command, option::Depth::Command);
}

fn check_context_menu(form: &mut Form, at: &str, command: &Value) {
    form.required_text(at, command, "name", limits::COMMAND_NAME);
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

/// Name of a chat input command or of an option: lower case letters, digits, `-`, `_`, `'`.
pub(super) fn check_name(form: &mut Form, at: &str, body: &Value) {
    let Some(name) = form.required_text(at, body, "name", limits::COMMAND_NAME) else {
        return;
    };
    let valid = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '\'') || is_mark(c);
    if !name.chars().all(valid) || name.to_lowercase() != name {
        form.report(&join(at, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
}

/// The pattern allows all of Devanagari and Thai, whose vowel signs are no letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{097F}' | '\u{0E00}'..='\u{0E7F}')
}

/// Names, descriptions and choice values of the command and all it holds.
fn size(body: &Value) -> usize {
    let own: usize =
        ["name", "description", "value"].iter().filter_map(|key| body[key].as_str()).map(length).sum();
    let nested: usize =
        ["options", "choices"].iter().filter_map(|key| body[key].as_array()).flatten().map(size).sum();
    own + nested
}
