//! Checks of request bodies. Errors become 50035, "Invalid Form Body", with the tree that Discord would send.

mod application;
mod attachment;
mod choice;
mod command;
mod component;
mod embed;
mod guild;
mod localization;
mod mention;
mod message;
mod name;
mod number;
mod option;
mod poll;
mod url;

use std::fmt;

use serde_json::{Map, Value, json};

pub(crate) use application::check_application;
pub(crate) use command::{check_command, check_command_change};
pub(crate) use component::check_modal;
pub(crate) use guild::{
    check_channel_change, check_command_permissions, check_guild_change, check_member_change, check_thread,
    check_thread_change,
};
pub(crate) use message::{check_allowed_flags, check_message, check_nonce, has_components_v2};

/// The errors of a body, each with its path.
#[derive(Debug, Default)]
pub(crate) struct FormErrors {
    faults: Vec<FieldError>,
}

#[derive(Debug)]
struct FieldError {
    /// Keys and indexes, separated by dots; empty for the request itself.
    path: String,
    code: &'static str,
    message: String,
}

/// The path of a child.
pub(crate) fn join(parent: &str, child: impl fmt::Display) -> String {
    if parent.is_empty() { child.to_string() } else { format!("{parent}.{child}") }
}

/// The length in code points, as Discord counts it.
pub(crate) fn length(text: &str) -> usize {
    text.chars().count()
}

impl FormErrors {
    pub(crate) fn report(&mut self, path: &str, code: &'static str, message: impl Into<String>) {
        self.faults.push(FieldError { path: path.into(), code, message: message.into() });
    }

    pub(crate) fn required(&mut self, path: &str) {
        self.report(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    pub(crate) fn too_long(&mut self, path: &str, most: usize) {
        let message = format!("Must be {most} or fewer in length.");
        self.report(path, "BASE_TYPE_MAX_LENGTH", message);
    }

    pub(crate) fn not_one_of(&mut self, path: &str, values: &str) {
        self.report(path, "BASE_TYPE_CHOICES", format!("Value must be one of {{{values}}}."));
    }

    /// A component or option whose `type` is not allowed here.
    pub(crate) fn wrong_type(&mut self, path: &str, allowed: &[u64]) {
        let list: Vec<String> = allowed.iter().map(u64::to_string).collect();
        // Discord's message is a Python tuple, and a tuple of one ends with a comma.
        let comma = if allowed.len() == 1 { "," } else { "" };
        let message = format!("Value of field \"type\" must be one of ({}{comma}).", list.join(", "));
        self.report(path, "UNION_TYPE_CHOICES", message);
    }

    pub(crate) fn bad_length(&mut self, path: &str, least: usize, most: usize) {
        let message = format!("Must be between {least} and {most} in length.");
        self.report(path, "BASE_TYPE_BAD_LENGTH", message);
    }

    /// The same errors with all paths moved below `at`.
    pub(crate) fn under(mut self, at: &str) -> Self {
        self.faults.iter_mut().for_each(|fault| fault.path = join(at, &fault.path));
        self
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    /// A string of at most `most` characters, or null. Returns the string.
    fn text<'v>(&mut self, at: &str, body: &'v Value, key: &str, most: usize) -> Option<&'v str> {
        let path = join(at, key);
        match &body[key] {
            Value::Null => None,
            Value::String(text) => {
                if length(text) > most {
                    self.too_long(&path, most);
                }
                Some(text)
            }
            _ => {
                self.report(&path, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
                None
            }
        }
    }

    /// A required string of 1 to `most` characters. Returns it even if its length is wrong.
    fn required_text<'v>(&mut self, at: &str, body: &'v Value, key: &str, most: usize) -> Option<&'v str> {
        let path = join(at, key);
        match body[key].as_str() {
            Some(text) if text.is_empty() || length(text) > most => {
                self.bad_length(&path, 1, most);
                Some(text)
            }
            Some(text) => Some(text),
            None if body[key].is_null() => {
                self.required(&path);
                None
            }
            None => self.text(at, body, key, most),
        }
    }

    /// A required list of `least` to `most` entries. Returns its entries.
    fn filled_list<'v>(
        &mut self,
        at: &str,
        body: &'v Value,
        key: &str,
        (least, most): (usize, usize),
    ) -> &'v [Value] {
        let path = join(at, key);
        if body[key].is_null() {
            self.required(&path);
            return &[];
        }
        let entries = self.list(at, body, key, usize::MAX);
        if body[key].is_array() && !(least..=most).contains(&entries.len()) {
            self.bad_length(&path, least, most);
        }
        entries
    }

    /// A boolean or null.
    fn boolean(&mut self, at: &str, body: &Value, key: &str) {
        if !body[key].is_null() && !body[key].is_boolean() {
            self.report(&join(at, key), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
        }
    }

    /// A list of at most `most` entries, or null. Returns its entries.
    fn list<'v>(&mut self, at: &str, body: &'v Value, key: &str, most: usize) -> &'v [Value] {
        let path = join(at, key);
        match &body[key] {
            Value::Null => &[],
            Value::Array(entries) => {
                if entries.len() > most {
                    self.too_long(&path, most);
                }
                entries
            }
            _ => {
                self.report(&path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
                &[]
            }
        }
    }

    /// The `errors` object of the response. As with Discord, an object's own errors are reported only if none
    /// of its fields has errors.
    pub(crate) fn tree(&self) -> Value {
        let mut root = Value::Object(Map::new());
        for fault in self.faults.iter().filter(|fault| !self.has_a_wrong_part(&fault.path)) {
            let mut node = &mut root;
            for key in fault.path.split('.').filter(|key| !key.is_empty()) {
                node = &mut node[key];
            }
            let entry = json!({ "code": fault.code, "message": fault.message });
            match node["_errors"].as_array_mut() {
                Some(list) => list.push(entry),
                None => node["_errors"] = json!([entry]),
            }
        }
        root
    }

    fn has_a_wrong_part(&self, path: &str) -> bool {
        let is_part = |fault: &FieldError| match fault.path.strip_prefix(path) {
            Some(rest) => rest.starts_with('.') || (path.is_empty() && !rest.is_empty()),
            None => false,
        };
        self.faults.iter().any(is_part)
    }
}

/// The first error, on one line.
impl fmt::Display for FormErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.first() {
            Some(fault) => write!(f, "{}[{}] {}", fault.path, fault.code, fault.message),
            None => Ok(()),
        }
    }
}
