//! Checks of the options of a command.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    FormErrors, join,
    name::{check_description, check_name},
};
use crate::limits;

pub(super) const SUB_COMMAND: u64 = 1;
pub(super) const GROUP: u64 = 2;
const STRING: u64 = 3;
const INTEGER: u64 = 4;
const CHANNEL: u64 = 7;
const NUMBER: u64 = 10;
const ATTACHMENT: u64 = 11;

/// The parent of the options. The only nesting is command > group > subcommand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OptionParent {
    Command,
    Group,
    SubCommand,
}

impl OptionParent {
    fn allows(self) -> &'static [u64] {
        match self {
            Self::Command => &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
            Self::Group => &[SUB_COMMAND],
            Self::SubCommand => &[3, 4, 5, 6, 7, 8, 9, 10, 11],
        }
    }
}

pub(super) fn check_list(errors: &mut FormErrors, at: &str, parent: &Value, depth: OptionParent) {
    let options = errors.list(at, parent, "options", limits::OPTIONS);
    let list = join(at, "options");
    let mut names = HashSet::new();
    let mut optional_seen = false;
    for (index, option) in options.iter().enumerate() {
        let path = join(&list, index);
        check_one(errors, &path, option, depth);
        if !names.insert(option["name"].as_str()) {
            errors.report(&path, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name already in use");
        }
        let required = option["required"].as_bool().unwrap_or(false);
        if required && optional_seen {
            let message = "Required options must be placed before non-required options";
            errors.report(&path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
        }
        if options.first().is_some_and(|first| nests(first) != nests(option)) {
            let message =
                "Sub-command and sub-command group option types are mutually exclusive to all other types";
            errors.report(&path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
        }
        optional_seen |= !required;
    }
}

fn nests(option: &Value) -> bool {
    matches!(option["type"].as_u64(), Some(SUB_COMMAND | GROUP))
}

fn check_one(errors: &mut FormErrors, at: &str, option: &Value, depth: OptionParent) {
    let kind = match &option["type"] {
        Value::Null => return errors.required(&join(at, "type")),
        kind => kind.as_u64().filter(|kind| depth.allows().contains(kind)),
    };
    let Some(kind) = kind else {
        return errors.wrong_type(at, depth.allows());
    };
    check_name(errors, at, option);
    check_description(errors, at, option);
    errors.boolean(at, option, "required");
    match kind {
        SUB_COMMAND => check_list(errors, at, option, OptionParent::SubCommand),
        GROUP => check_list(errors, at, option, OptionParent::Group),
        _ => check_value(errors, at, option, kind),
    }
}

/// Checks the limits of the option's value, by its type.
fn check_value(errors: &mut FormErrors, at: &str, option: &Value, kind: u64) {
    match kind {
        STRING => check_lengths(errors, at, option),
        INTEGER => {
            let safe = -limits::MAX_SAFE_INTEGER..=limits::MAX_SAFE_INTEGER;
            errors.integer(at, option, "min_value", safe.clone());
            errors.integer(at, option, "max_value", safe);
            check_order(errors, at, option, ("min_value", "max_value"));
        }
        NUMBER => {
            errors.number(at, option, "min_value", limits::NUMBER);
            errors.number(at, option, "max_value", limits::NUMBER);
            check_order(errors, at, option, ("min_value", "max_value"));
        }
        CHANNEL => check_channel_types(errors, at, option),
        ATTACHMENT => errors.file_types(at, option),
        _ => {}
    }
    if matches!(kind, STRING | INTEGER | NUMBER) {
        check_choices(errors, at, option, kind);
    } else {
        refuse_choices(errors, at, option);
    }
}

fn check_lengths(errors: &mut FormErrors, at: &str, option: &Value) {
    errors.integer(at, option, "min_length", 0..=limits::OPTION_LENGTH);
    errors.integer(at, option, "max_length", 1..=limits::OPTION_LENGTH);
    check_order(errors, at, option, ("min_length", "max_length"));
}

fn check_order(errors: &mut FormErrors, at: &str, option: &Value, (least, most): (&str, &str)) {
    if let (Some(low), Some(high)) = (option[least].as_f64(), option[most].as_f64())
        && low > high
    {
        let message = format!("{least} must be less than or equal to {most}");
        errors.report(&join(at, least), "APPLICATION_COMMAND_OPTIONS_MIN_MAX_INVALID", message);
    }
}

fn check_channel_types(errors: &mut FormErrors, at: &str, option: &Value) {
    let types = errors.list(at, option, "channel_types", usize::MAX);
    for (index, kind) in types.iter().enumerate() {
        if !matches!(kind.as_u64(), Some(0..=5 | 10..=16)) {
            let path = join(&join(at, "channel_types"), index);
            errors.not_one_of(&path, "0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16");
        }
    }
}

fn check_choices(errors: &mut FormErrors, at: &str, option: &Value, kind: u64) {
    let choices = errors.choices(at, option, Some(kind));
    errors.boolean(at, option, "autocomplete");
    if !choices.is_empty() && option["autocomplete"] == true {
        let message = "Options with autocomplete cannot have choices";
        errors.report(&join(at, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message);
    }
}

/// Only STRING, INTEGER and NUMBER options can have choices or autocomplete.
fn refuse_choices(errors: &mut FormErrors, at: &str, option: &Value) {
    if option["choices"].as_array().is_some_and(|choices| !choices.is_empty()) {
        let message = "Choices are only allowed for STRING, INTEGER and NUMBER options";
        errors.report(&join(at, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", message);
    }
    if option["autocomplete"] == true {
        let message = "Autocomplete is only allowed for STRING, INTEGER and NUMBER options";
        errors.report(&join(at, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message);
    }
}
