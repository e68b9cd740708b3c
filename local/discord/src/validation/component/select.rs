//! Checks of selects.

use std::collections::HashSet;

use serde_json::Value;

use super::{ComponentChecker, REQUIRED, STRING_SELECT, entries, join};
use crate::limits;

impl<'v> ComponentChecker<'_, 'v> {
    /// `labelled`: it is in a modal.
    pub(super) fn select(&mut self, at: &str, select: &'v Value, kind: u64, labelled: bool) {
        self.custom_id(at, select, REQUIRED);
        self.errors.text(at, select, "placeholder", limits::PLACEHOLDER);
        self.range(at, select, 25, labelled);
        if labelled && !select["disabled"].is_null() {
            let message = "Selects in a modal cannot be disabled";
            self.errors.report(&join(at, "disabled"), "SELECT_COMPONENT_DISABLED_IN_MODAL", message);
        }
        if kind == STRING_SELECT {
            self.select_options(at, select);
        } else {
            self.default_values(at, select, kind);
        }
    }

    /// Checks `min_values` and `max_values`. A required field of a modal has a minimum of at least 1.
    pub(super) fn range(&mut self, at: &str, select: &Value, most: i64, labelled: bool) {
        let required = labelled && select["required"] != false;
        let least = i64::from(required);
        let min = self.errors.integer(at, select, "min_values", least..=most);
        let max = self.errors.integer(at, select, "max_values", 1..=most);
        if min.is_some_and(|min| min > max.unwrap_or(1) && min <= most) {
            let message = "min_values must be less than or equal to max_values";
            self.errors.report(&join(at, "min_values"), "SELECT_COMPONENT_MIN_VALUES_TOO_LARGE", message);
        }
        self.errors.boolean(at, select, "required");
    }

    fn select_options(&mut self, at: &str, select: &'v Value) {
        let options = self.errors.filled_list(at, select, "options", (1, limits::SELECT_OPTIONS));
        self.options(&join(at, "options"), options);
        let defaults = options.iter().filter(|option| option["default"] == true).count();
        if defaults > usize::try_from(select["max_values"].as_u64().unwrap_or(1)).unwrap_or(usize::MAX) {
            let message = "More options are selected by default than max_values allows";
            self.errors.report(&join(at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", message);
        }
    }

    /// Options of a string select, or of a group in a modal.
    pub(super) fn options(&mut self, path: &str, options: &'v [Value]) {
        let mut values = HashSet::new();
        for (index, option) in options.iter().enumerate() {
            let path = join(path, index);
            self.errors.required_text(&path, option, "label", limits::CHOICE);
            self.errors.required_text(&path, option, "value", limits::CHOICE);
            self.errors.text(&path, option, "description", limits::CHOICE);
            self.errors.boolean(&path, option, "default");
            if option["value"].is_string() && !values.insert(option["value"].as_str()) {
                let message = "The specified option value is already used";
                self.errors.report(&path, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message);
            }
        }
    }

    /// `default_values` of user, role, mentionable and channel selects.
    fn default_values(&mut self, at: &str, select: &Value, kind: u64) {
        let allowed: &[&str] = match kind {
            5 => &["user"],
            6 => &["role"],
            7 => &["user", "role"],
            _ => &["channel"],
        };
        for (index, value) in entries(&select["default_values"]).iter().enumerate() {
            let path = join(&join(at, "default_values"), index);
            self.errors.snowflake(&join(&path, "id"), &value["id"]);
            if !value["type"].as_str().is_some_and(|kind| allowed.contains(&kind)) {
                self.errors.not_one_of(&join(&path, "type"), &allowed.join(", "));
            }
        }
    }
}
