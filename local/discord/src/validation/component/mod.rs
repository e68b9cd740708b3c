//! Checks of components: which types are allowed where, how many, and that ids are unique.

mod button;
mod input;
mod layout;
mod select;

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    limits,
    validation::{FormErrors, join, length},
};

const ACTION_ROW: u64 = 1;
const BUTTON: u64 = 2;
const STRING_SELECT: u64 = 3;
const TEXT_INPUT: u64 = 4;
const SECTION: u64 = 9;
const TEXT_DISPLAY: u64 = 10;
const THUMBNAIL: u64 = 11;
const GALLERY: u64 = 12;
const FILE: u64 = 13;
const SEPARATOR: u64 = 14;
const CONTAINER: u64 = 17;
const LABEL: u64 = 18;
const FILE_UPLOAD: u64 = 19;
const RADIO_GROUP: u64 = 21;
const CHECKBOX_GROUP: u64 = 22;
const CHECKBOX: u64 = 23;

/// Where a component is, which decides the allowed types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parent {
    Legacy,
    V2,
    Row,
    Section,
    Accessory,
    Container,
    Modal,
    ModalRow,
    Label,
}

impl Parent {
    fn allows(self) -> &'static [u64] {
        match self {
            Self::Legacy => &[ACTION_ROW],
            Self::V2 => &[ACTION_ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER],
            Self::Row => &[BUTTON, STRING_SELECT, 5, 6, 7, 8],
            Self::Section => &[TEXT_DISPLAY],
            Self::Accessory => &[BUTTON, THUMBNAIL],
            Self::Container => &[ACTION_ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR],
            Self::Modal => &[ACTION_ROW, TEXT_DISPLAY, LABEL],
            Self::ModalRow => &[TEXT_INPUT],
            Self::Label => &[3, TEXT_INPUT, 5, 6, 7, 8, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX],
        }
    }
}

/// Checks the components of the message at `at`. `v2`: the message has IS_COMPONENTS_V2.
pub(super) fn check(errors: &mut FormErrors, at: &str, body: &Value, v2: bool) {
    let most = if v2 { limits::V2_COMPONENTS } else { limits::ROWS };
    let list = errors.list(at, body, "components", most);
    let path = join(at, "components");
    let mut walk = ComponentChecker::new(errors);
    walk.each(&path, list, if v2 { Parent::V2 } else { Parent::Legacy });
    let (count, text) = (walk.count, walk.text);
    if count > limits::V2_COMPONENTS && list.len() <= most {
        errors.too_long(&path, limits::V2_COMPONENTS);
    }
    if text > limits::TEXT_DISPLAYS {
        let message = "The total size of displayable text in components exceeds the maximum of 4000";
        errors.report(&path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message);
    }
}

/// Checks the data of a type 9 callback.
pub(crate) fn check_modal(errors: &mut FormErrors, at: &str, data: &Value) {
    errors.required_text(at, data, "custom_id", limits::CUSTOM_ID);
    errors.required_text(at, data, "title", limits::MODAL_TITLE);
    let list = errors.list(at, data, "components", limits::MODAL_COMPONENTS);
    let path = join(at, "components");
    if list.is_empty() {
        errors.required(&path);
    }
    ComponentChecker::new(errors).each(&path, list, Parent::Modal);
}

struct ComponentChecker<'f, 'v> {
    errors: &'f mut FormErrors,
    custom_ids: HashSet<&'v str>,
    ids: HashSet<i64>,
    count: usize,
    /// Characters of all text displays.
    text: usize,
}

impl<'f, 'v> ComponentChecker<'f, 'v> {
    fn new(errors: &'f mut FormErrors) -> Self {
        Self { errors, custom_ids: HashSet::new(), ids: HashSet::new(), count: 0, text: 0 }
    }

    fn each(&mut self, path: &str, list: &'v [Value], place: Parent) {
        for (index, component) in list.iter().enumerate() {
            self.visit(&join(path, index), component, place);
        }
    }

    fn visit(&mut self, at: &str, component: &'v Value, place: Parent) {
        self.count += 1;
        if !component.is_object() {
            self.errors.report(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
            return;
        }
        if component["type"].is_null() {
            self.errors.required(&join(at, "type"));
            return;
        }
        let kind = component["type"].as_u64().filter(|kind| place.allows().contains(kind));
        let Some(kind) = kind else {
            self.errors.wrong_type(at, place.allows());
            return;
        };
        self.id(at, component);
        self.look_at(at, component, kind, place);
    }

    fn look_at(&mut self, at: &str, component: &'v Value, kind: u64, place: Parent) {
        match kind {
            ACTION_ROW if place == Parent::Modal => self.modal_row(at, component),
            ACTION_ROW => self.row(at, component),
            BUTTON => self.button(at, component),
            TEXT_INPUT => self.text_input(at, component, place == Parent::Label),
            SECTION => self.section(at, component),
            TEXT_DISPLAY => self.text_display(at, component),
            THUMBNAIL => self.media(at, component, "media"),
            GALLERY => self.gallery(at, component),
            FILE => self.file(at, component),
            SEPARATOR => self.separator(at, component),
            CONTAINER => self.container(at, component),
            LABEL => self.label(at, component),
            FILE_UPLOAD => self.file_upload(at, component),
            RADIO_GROUP | CHECKBOX_GROUP => self.group(at, component, kind),
            CHECKBOX => self.checkbox(at, component),
            _ => self.select(at, component, kind, place == Parent::Label),
        }
    }

    fn text_display(&mut self, at: &str, display: &'v Value) {
        let text = self.errors.required_text(at, display, "content", limits::TEXT_DISPLAYS);
        self.text += text.map_or(0, length);
    }

    /// `id` must be unique; without one, or with 0, Discord assigns it.
    fn id(&mut self, at: &str, component: &Value) {
        let id = self.errors.integer(at, component, "id", 0..=i64::from(i32::MAX));
        if id.is_some_and(|id| id != 0 && !self.ids.insert(id)) {
            let message = "Component id cannot be duplicated";
            self.errors.report(&join(at, "id"), "COMPONENT_ID_DUPLICATED", message);
        }
    }

    fn custom_id(&mut self, at: &str, component: &'v Value, when_missing: (&'static str, &'static str)) {
        let path = join(at, "custom_id");
        if component["custom_id"].is_null() {
            self.errors.report(&path, when_missing.0, when_missing.1);
            return;
        }
        let Some(id) = self.errors.required_text(at, component, "custom_id", limits::CUSTOM_ID) else {
            return;
        };
        if !self.custom_ids.insert(id) {
            let message = "Component custom id cannot be duplicated";
            self.errors.report(&path, "COMPONENT_CUSTOM_ID_DUPLICATED", message);
        }
    }
}

/// The entries of a list that may be missing.
fn entries(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

const REQUIRED: (&str, &str) = ("BASE_TYPE_REQUIRED", "This field is required");
