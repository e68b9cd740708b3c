//! Checks of components: rows, buttons, selects and modals.

use std::collections::HashSet;

use serde_json::Value;

use super::{Form, join};
use crate::discord::limits;

const ACTION_ROW: u64 = 1;
const BUTTON: u64 = 2;
const STRING_SELECT: u64 = 3;
const LINK: u64 = 5;
const PREMIUM: u64 = 6;

/// The components of the message body at `at`; `v2`: layouts of any kind are allowed.
pub(super) fn check(form: &mut Form, at: &str, body: &Value, v2: bool) {
    let most = if v2 { limits::V2_COMPONENTS } else { limits::ROWS };
    let list = form.list(at, body, "components", most);
    let mut walk = Walk { form, v2, custom_ids: HashSet::new(), count: 0 };
    let path = join(at, "components");
    for (index, component) in list.iter().enumerate() {
        walk.top_level(&join(&path, index), component);
    }
    if v2 && walk.count > limits::V2_COMPONENTS {
        form.too_long(&path, limits::V2_COMPONENTS);
    }
}

/// The data of a type 9 callback.
pub(in crate::discord) fn check_modal(form: &mut Form, at: &str, data: &Value) {
    form.required_text(at, data, "custom_id", limits::CUSTOM_ID);
    form.required_text(at, data, "title", limits::MODAL_TITLE);
    let list = form.list(at, data, "components", limits::MODAL_COMPONENTS);
    if list.is_empty() {
        form.required(&join(at, "components"));
    }
}

struct Walk<'f, 'v> {
    form: &'f mut Form,
    v2: bool,
    custom_ids: HashSet<&'v str>,
    count: usize,
}

impl<'v> Walk<'_, 'v> {
    fn top_level(&mut self, at: &str, component: &'v Value) {
        let kind = component["type"].as_u64();
        if !self.v2 && kind != Some(ACTION_ROW) {
            self.form.not_one_of(&join(at, "type"), "1");
            return;
        }
        self.visit(at, component);
    }

    fn visit(&mut self, at: &str, component: &'v Value) {
        self.count += 1;
        match component["type"].as_u64() {
            Some(ACTION_ROW) => self.row(at, component),
            Some(BUTTON) => self.button(at, component),
            Some(STRING_SELECT | 5..=8) => self.select(at, component),
            Some(_) => {}
            None => self.form.required(&join(at, "type")),
        }
        let children = component["components"].as_array().map_or(&[][..], Vec::as_slice);
        for (index, child) in children.iter().enumerate() {
            self.visit(&join(&join(at, "components"), index), child);
        }
        if component["accessory"].is_object() {
            self.visit(&join(at, "accessory"), &component["accessory"]);
        }
    }

    fn row(&mut self, at: &str, row: &'v Value) {
        let path = join(at, "components");
        match row["components"].as_array().map(Vec::len) {
            None => self.form.required(&path),
            Some(1..=limits::ROW_CHILDREN) => {}
            Some(_) => {
                let message = "Must be between 1 and 5 in length.";
                self.form.report(&path, "BASE_TYPE_BAD_LENGTH", message);
            }
        }
    }

    fn button(&mut self, at: &str, button: &'v Value) {
        self.form.text(at, button, "label", limits::LABEL);
        match button["style"].as_u64() {
            Some(1..=4) => self.custom_id(at, button, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"),
            Some(LINK) => {
                self.form.required_text(at, button, "url", limits::URL);
            }
            Some(PREMIUM) => {}
            _ => self.form.not_one_of(&join(at, "style"), "1, 2, 3, 4, 5, 6"),
        }
    }

    fn select(&mut self, at: &str, select: &'v Value) {
        self.custom_id(at, select, "BASE_TYPE_REQUIRED");
        if select["type"] != STRING_SELECT {
            return;
        }
        let options = self.form.list(at, select, "options", limits::SELECT_OPTIONS);
        if options.is_empty() {
            self.form.required(&join(at, "options"));
        }
        for (index, option) in options.iter().enumerate() {
            let path = join(&join(at, "options"), index);
            self.form.required_text(&path, option, "label", limits::CHOICE);
            self.form.required_text(&path, option, "value", limits::CHOICE);
        }
    }

    fn custom_id(&mut self, at: &str, component: &'v Value, when_missing: &'static str) {
        let path = join(at, "custom_id");
        if component["custom_id"].as_str().is_none_or(str::is_empty) {
            self.form.report(&path, when_missing, "A custom id is required");
            return;
        }
        let Some(id) = self.form.required_text(at, component, "custom_id", limits::CUSTOM_ID) else {
            return;
        };
        if !self.custom_ids.insert(id) {
            let message = "Component custom id cannot be duplicated";
            self.form.report(&path, "COMPONENT_CUSTOM_ID_DUPLICATED", message);
        }
    }
}
