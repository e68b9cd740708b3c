//! Checks of the names and descriptions of slash commands and options.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{FormErrors, join, length, localization};
use crate::limits;

/// The pattern of names in Discord's documentation.
static NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$").ok());

/// The name of a slash command or option, and its localizations.
pub(super) fn check_name(errors: &mut FormErrors, at: &str, body: &Value) {
    let name = errors.required_text(at, body, "name", limits::COMMAND_NAME);
    localization::check(errors, at, body, "name", limits::COMMAND_NAME);
    let own = name.map(|name| (join(at, "name"), name));
    for (path, name) in own.into_iter().chain(localization::texts(at, body, "name")) {
        let short = (1..=limits::COMMAND_NAME).contains(&length(name));
        if short && !is_name(name) {
            errors.report(&path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
        }
    }
}

/// Whether the name matches the pattern and is lower case, if its script has cases.
fn is_name(name: &str) -> bool {
    NAME.as_ref().is_none_or(|pattern| pattern.is_match(name)) && name.to_lowercase() == name
}

/// The required description, and its localizations.
pub(super) fn check_description(errors: &mut FormErrors, at: &str, body: &Value) {
    errors.required_text(at, body, "description", limits::DESCRIPTION);
    localization::check(errors, at, body, "description", limits::DESCRIPTION);
}
