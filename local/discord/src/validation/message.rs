//! Checks of a message body: content, embeds, components, flags.

use serde_json::Value;

use super::{FormErrors, attachment, component, embed, join, length, mention, poll};
use crate::limits::{self, flags};

/// Checks the fields that are present. Whether the message is empty is checked after the edit.
/// `v2`: the edited message already has IS_COMPONENTS_V2, which cannot be removed.
pub(crate) fn check_message(errors: &mut FormErrors, at: &str, body: &Value, v2: bool) {
    let v2 = v2 || has_components_v2(body);
    errors.text(at, body, "content", limits::CONTENT);
    let embeds = errors.list(at, body, "embeds", limits::EMBEDS);
    embed::check(errors, &join(at, "embeds"), embeds);
    component::check(errors, at, body, v2);
    mention::check(errors, at, body);
    attachment::check(errors, at, body);
    poll::check(errors, at, body);
    errors.boolean(at, body, "tts");
    if v2 {
        refuse_legacy_fields(errors, at, body);
    }
}

/// A new message may have only `allowed` flags.
pub(crate) fn check_allowed_flags(errors: &mut FormErrors, at: &str, body: &Value, allowed: u64) {
    let path = join(at, "flags");
    match &body["flags"] {
        Value::Null => {}
        flags => match flags.as_u64() {
            Some(flags) if flags & !allowed == 0 => {}
            Some(_) => {
                errors.report(&path, "BITFIELD_TYPE_INVALID", "One or more flags are not allowed here.")
            }
            None => errors.report(&path, "NUMBER_TYPE_COERCE", "Value is not int."),
        },
    }
}

/// A nonce is an integer, or a string of at most 25 characters.
pub(crate) fn check_nonce(errors: &mut FormErrors, body: &Value) {
    let long = body["nonce"].as_str().is_some_and(|nonce| length(nonce) > limits::NONCE);
    if long {
        let message = format!("Must be {} or fewer in length.", limits::NONCE);
        errors.report("nonce", "NONCE_TYPE_TOO_LONG", message);
    }
    errors.boolean("", body, "enforce_nonce");
}

/// Whether a body or a stored message has IS_COMPONENTS_V2.
pub(crate) fn has_components_v2(message: &Value) -> bool {
    message["flags"].as_u64().unwrap_or(0) & flags::COMPONENTS_V2 != 0
}

fn refuse_legacy_fields(errors: &mut FormErrors, at: &str, body: &Value) {
    for key in ["content", "embeds", "poll", "sticker_ids"] {
        let filled = match &body[key] {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(list) => !list.is_empty(),
            _ => true,
        };
        if filled {
            let message =
                format!("The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
            errors.report(&join(at, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message);
        }
    }
}
