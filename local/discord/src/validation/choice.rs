//! Checks of choices, of options and of autocomplete responses.

use std::collections::HashSet;

use serde_json::Value;

use super::{FormErrors, join, localization};
use crate::limits;

impl FormErrors {
    /// Checks and returns `choices`. `kind` is the type of the option; `None` for an autocomplete response.
    pub(crate) fn choices<'v>(&mut self, at: &str, body: &'v Value, kind: Option<u64>) -> &'v [Value] {
        let choices = self.list(at, body, "choices", limits::CHOICES);
        let mut names = HashSet::new();
        for (index, choice) in choices.iter().enumerate() {
            let path = join(&join(at, "choices"), index);
            self.required_text(&path, choice, "name", limits::CHOICE);
            localization::check(self, &path, choice, "name", limits::CHOICE);
            self.choice_value(&path, choice, kind);
            if !names.insert(choice["name"].as_str()) {
                let message = "The specified choice name is already used";
                self.report(&path, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", message);
            }
        }
        choices
    }

    fn choice_value(&mut self, at: &str, choice: &Value, kind: Option<u64>) {
        let path = join(at, "value");
        match (&choice["value"], kind) {
            (Value::Null, _) => self.required(&path),
            (Value::String(_), None | Some(3)) => {
                self.text(at, choice, "value", limits::CHOICE);
            }
            (Value::Number(_), Some(3)) | (Value::Bool(_) | Value::Array(_) | Value::Object(_), None) => {
                self.report(&path, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
            }
            (_, Some(4)) => {
                self.integer(at, choice, "value", -limits::MAX_SAFE_INTEGER..=limits::MAX_SAFE_INTEGER);
            }
            (Value::Number(_), _) => self.number(at, choice, "value", limits::NUMBER),
            (other, _) => self.not_a(&path, other, "float"),
        }
    }
}
