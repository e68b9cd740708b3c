//! Checks of the options of a command.

use std::collections::HashSet;

use serde_json::Value;

use super::{Form, command::check_name, join};
use crate::discord::limits;

pub(super) const SUB_COMMAND: u64 = 1;
pub(super) const GROUP: u64 = 2;
const ATTACHMENT: u64 = 11;

/// What the options hang on. Only command > group > subcommand may nest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Command,
    Group,
    SubCommand,
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
        optional_seen |= !required;
    }
}

fn check_one(form: &mut Form, at: &str, option: &Value, depth: Depth) {
    check_name(form, at, option);
    form.required_text(at, option, "description", limits::DESCRIPTION);
    match (option["type"].as_u64(), depth) {
        (Some(SUB_COMMAND), Depth::Command | Depth::Group) => {
            check_list(form, at, option, Depth::SubCommand);
        }
        (Some(GROUP), Depth::Command) => check_list(form, at, option, Depth::Group),
        (Some(3..=ATTACHMENT), Depth::Command | Depth::SubCommand) => check_choices(form, at, option),
        (Some(1..=ATTACHMENT), _) => {
            let message = "Sub-command and sub-command group option types cannot be nested like this";
            form.report(&join(at, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
        }
        (None, _) => form.required(&join(at, "type")),
        (Some(_), _) => form.not_one_of(&join(at, "type"), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11"),
    }
}

fn check_choices(form: &mut Form, at: &str, option: &Value) {
    let choices = form.choices(at, option);
    if !choices.is_empty() && option["autocomplete"] == true {
        let message = "Options with autocomplete cannot have choices";
        form.report(&join(at, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message);
    }
}
