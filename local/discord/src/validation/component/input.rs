//! Checks of modal components: labels and inputs.

use serde_json::Value;

use super::{ComponentChecker, Parent, RADIO_GROUP, REQUIRED, join};
use crate::limits;

impl<'v> ComponentChecker<'_, 'v> {
    /// An action row in a modal, the deprecated layout: exactly one text input.
    pub(super) fn modal_row(&mut self, at: &str, row: &'v Value) {
        let children = self.errors.filled_list(at, row, "components", (1, 1));
        self.each(&join(at, "components"), children, Parent::ModalRow);
    }

    pub(super) fn label(&mut self, at: &str, label: &'v Value) {
        self.errors.required_text(at, label, "label", limits::MODAL_LABEL);
        self.errors.text(at, label, "description", limits::MODAL_DESCRIPTION);
        let path = join(at, "component");
        if label["component"].is_null() {
            self.errors.required(&path);
        } else {
            self.visit(&path, &label["component"], Parent::Label);
        }
    }

    /// `labelled`: it is inside a label component, and needs no `label` of its own.
    pub(super) fn text_input(&mut self, at: &str, input: &'v Value, labelled: bool) {
        self.custom_id(at, input, REQUIRED);
        if !labelled {
            self.errors.required_text(at, input, "label", limits::MODAL_LABEL);
        }
        match (&input["style"], input["style"].as_u64()) {
            (_, Some(1 | 2)) => {}
            (Value::Null, _) => self.errors.required(&join(at, "style")),
            _ => self.errors.not_one_of(&join(at, "style"), "1, 2"),
        }
        let most = i64::try_from(limits::TEXT_INPUT).unwrap_or(i64::MAX);
        let min = self.errors.integer(at, input, "min_length", 0..=most);
        let max = self.errors.integer(at, input, "max_length", 1..=most);
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            let message = "min_length must be less than or equal to max_length";
            self.errors.report(&join(at, "min_length"), "TEXT_INPUT_COMPONENT_MIN_LENGTH_TOO_LARGE", message);
        }
        self.errors.text(at, input, "value", limits::TEXT_INPUT);
        self.errors.text(at, input, "placeholder", limits::MODAL_DESCRIPTION);
        self.errors.boolean(at, input, "required");
    }

    pub(super) fn file_upload(&mut self, at: &str, upload: &'v Value) {
        self.custom_id(at, upload, REQUIRED);
        let most = i64::try_from(limits::UPLOADS).unwrap_or(i64::MAX);
        self.range(at, upload, most, true);
        self.errors.file_types(at, upload);
    }

    /// A radio group or a checkbox group.
    pub(super) fn group(&mut self, at: &str, group: &'v Value, kind: u64) {
        self.custom_id(at, group, REQUIRED);
        let radio = kind == RADIO_GROUP;
        let least = if radio { 2 } else { 1 };
        let options = self.errors.filled_list(at, group, "options", (least, 10));
        self.options(&join(at, "options"), options);
        if radio {
            self.errors.boolean(at, group, "required");
            self.one_default(at, options);
        } else if !group["min_values"].is_null() || !group["max_values"].is_null() {
            self.range(at, group, 10, true);
        }
    }

    fn one_default(&mut self, at: &str, options: &[Value]) {
        if options.iter().filter(|option| option["default"] == true).count() > 1 {
            let message = "Only one option can be selected by default";
            self.errors.report(&join(at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", message);
        }
    }

    pub(super) fn checkbox(&mut self, at: &str, checkbox: &'v Value) {
        self.custom_id(at, checkbox, REQUIRED);
        self.errors.boolean(at, checkbox, "default");
    }
}
