//! Checks of buttons, by their style.

use serde_json::Value;

use super::{ComponentChecker, join};
use crate::{limits, validation::url::Schemes};

const LINK: u64 = 5;
const PREMIUM: u64 = 6;

impl<'v> ComponentChecker<'_, 'v> {
    pub(super) fn button(&mut self, at: &str, button: &'v Value) {
        self.errors.text(at, button, "label", limits::LABEL);
        self.errors.boolean(at, button, "disabled");
        match (&button["style"], button["style"].as_u64()) {
            (_, Some(1..=4)) => self.pressable(at, button),
            (_, Some(LINK)) => self.link(at, button),
            (_, Some(PREMIUM)) => self.premium(at, button),
            (Value::Null, _) => self.errors.required(&join(at, "style")),
            _ => self.errors.not_one_of(&join(at, "style"), "1, 2, 3, 4, 5, 6"),
        }
    }

    fn pressable(&mut self, at: &str, button: &'v Value) {
        self.custom_id(at, button, ("BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required"));
        if !button["url"].is_null() {
            self.both(at);
        }
        self.face(at, button);
    }

    fn link(&mut self, at: &str, button: &'v Value) {
        if button["url"].as_str().is_none_or(str::is_empty) {
            self.errors.report(&join(at, "url"), "BUTTON_COMPONENT_URL_REQUIRED", "A url is required");
        }
        self.errors.text(at, button, "url", limits::URL);
        self.errors.url(at, button, "url", Schemes::Link);
        if !button["custom_id"].is_null() {
            self.both(at);
        }
        self.face(at, button);
    }

    fn both(&mut self, at: &str) {
        let message = "A custom id and url cannot both be specified";
        self.errors.report(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message);
    }

    /// A premium button has the label and emoji of its SKU, and none of its own.
    fn premium(&mut self, at: &str, button: &'v Value) {
        match &button["sku_id"] {
            Value::Null => self.errors.required(&join(at, "sku_id")),
            sku => self.errors.snowflake(&join(at, "sku_id"), sku),
        }
        for key in ["custom_id", "label", "url", "emoji"] {
            if !button[key].is_null() {
                let message = format!("A premium button cannot have {key}");
                self.errors.report(&join(at, key), "BUTTON_COMPONENT_PREMIUM_FIELD_FORBIDDEN", message);
            }
        }
    }

    /// A button needs a label, an emoji or both.
    fn face(&mut self, at: &str, button: &'v Value) {
        if button["label"].as_str().is_none_or(str::is_empty) && button["emoji"].is_null() {
            self.errors.required(&join(at, "label"));
        }
    }
}
