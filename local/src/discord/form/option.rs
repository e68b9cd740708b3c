//! Checks of the options of a command.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    Form, join,
    name::{check_description, check_name},
};
use crate::discord::limits;

pub(super) const SUB_COMMAND: u64 = 1;
pub(super) const GROUP: u64 = 2;
const STRING: u64 = 3;
const INTEGER: u64 = 4;
const CHANNEL: u64 = 7;
const NUMBER: u64 = 10;
const ATTACHMENT: u64 = 11;

/// What the options hang on. Only command > group > subcommand may nest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Command,
    Group,
    SubCommand,
}

impl Depth {
    fn allows(self) -> &'static [u64] {
        match self {
            Self::Command => &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
            Self::Group => &[SUB_COMMAND],
            Self::SubCommand => &[3, 4, 5, 6, 7, 8, 9, 10, 11],
        }
    }
}

pub(super) fn check_list(form: &mut Form, at: &str, parent: &Value, depth: Depth) {
    let options = form.list(at, parent, "options", limits::OPTIONS);
    let list = join(at, "options");
    let mut names = HashSet::new();
    let mut optional_seen = false;
    for (index, option) in options.iter().enumerate() {
        let path = join(&list, index);
        check_one(form, &path, option, depth);
        if !names.insert(option["name"].as_str()) {
            form.report(&path, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name already in use");
        }
        let required = option["required"].as_bool().unwrap_or(false);
        if required && optional_seen {
            let message = "Required options must be placed before non-required options";
            form.report(&path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
        }
        if options.first().is_some_and(|first| nests(first) != nests(option)) {
            let message =
                "Sub-command and sub-command group option types are mutually exclusive to all other types";
            form.report(&path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
        }
        optional_seen |= !required;
    }
}

fn nests(option: &Value) -> bool {
    matches!(option["type"].as_u64(), Some(SUB_COMMAND | GROUP))
}

fn check_one(form: &mut Form, at: &str, option: &Value, depth: Depth) {
    let kind = match &option["type"] {
        Value::Null => return form.required(&join(at, "type")),
        kind => kind.as_u64().filter(|kind| depth.allows().contains(kind)),
    };
    let Some(kind) = kind else {
        return form.wrong_type(at, depth.allows());
    };
    check_name(form, at, option);
    check_description(form, at, option);
    form.boolean(at, option, "required");
    match kind {
        SUB_COMMAND => check_list(form, at, option, Depth::SubCommand),
        GROUP => check_list(form, at, option, Depth::Group),
        _ => check_value(form, at, option, kind),
    }
}

/// What bounds the value that a member gives.
fn check_value(form: &mut Form, at: &str, option: &Value, kind: u64) {
    match kind {
        STRING => check_lengths(form, at, option),
        INTEGER => {
            let safe = -limits::SAFE_INTEGER..=limits::SAFE_INTEGER;
            form.integer(at, option, "min_value", safe.clone());
            form.integer(at, option, "max_value", safe);
            check_order(form, at, option, ("min_value", "max_value"));
        }
        NUMBER => {
            form.number(at, option, "min_value", limits::NUMBER);
            form.number(at, option, "max_value", limits::NUMBER);
            check_order(form, at, option, ("min_value", "max_value"));
        }
        CHANNEL => check_channel_types(form, at, option),
        ATTACHMENT => form.file_types(at, option),
        _ => {}
    }
    if matches!(kind, STRING | INTEGER | NUMBER) {
        check_choices(form, at, option, kind);
    } else {
        refuse_choices(form, at, option);
    }
}

fn check_lengths(form: &mut Form, at: &str, option: &Value) {
    form.integer(at, option, "min_length", 0..=limits::OPTION_LENGTH);
    form.integer(at, option, "max_length", 1..=limits::OPTION_LENGTH);
    check_order(form, at, option, ("min_length", "max_length"));
}

fn check_order(form: &mut Form, at: &str, option: &Value, (least, most): (&str, &str)) {
    if let (Some(low), Some(high)) = (option[least].as_f64(), option[most].as_f64())
        && low > high
    {
        let message = format!("{least} must be less than or equal to {most}");
        form.report(&join(at, least), "APPLICATION_COMMAND_OPTIONS_MIN_MAX_INVALID", message);
    }
}

fn check_channel_types(form: &mut Form, at: &str, option: &Value) {
    let types = form.list(at, option, "channel_types", usize::MAX);
    for (index, kind) in types.iter().enumerate() {
        if !matches!(kind.as_u64(), Some(0..=5 | 10..=16)) {
            let path = join(&join(at, "channel_types"), index);
            form.not_one_of(&path, "0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16");
        }
    }
}

fn check_choices(form: &mut Form, at: &str, option: &Value, kind: u64) {
    let choices = form.choices(at, option, Some(kind));
    form.boolean(at, option, "autocomplete");
    if !choices.is_empty() && option["autocomplete"] == true {
        let message = "Options with autocomplete cannot have choices";
        form.report(&join(at, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message);
    }
}

/// Only strings and numbers are chosen from a list or completed.
fn refuse_choices(form: &mut Form, at: &str, option: &Value) {
    if option["choices"].as_array().is_some_and(|choices| !choices.is_empty()) {
        let message = "Choices are only allowed for STRING, INTEGER and NUMBER options";
        form.report(&join(at, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", message);
    }
    if option["autocomplete"] == true {
        let message = "Autocomplete is only allowed for STRING, INTEGER and NUMBER options";
        form.report(&join(at, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message);
    }
}
