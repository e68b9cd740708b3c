//! Checks of layout and content components: rows, sections, containers, media, files, separators.

use serde_json::Value;

use super::{BUTTON, ComponentChecker, Parent, entries, join};
use crate::{limits, validation::url::Schemes};

impl<'v> ComponentChecker<'_, 'v> {
    /// One to five buttons, or one select, which is as wide as five buttons.
    pub(super) fn row(&mut self, at: &str, row: &'v Value) {
        let path = join(at, "components");
        let children = self.errors.filled_list(at, row, "components", (1, limits::ROW_CHILDREN));
        self.each(&path, children, Parent::Row);
        let mut width = 0;
        for (index, child) in children.iter().enumerate().take(limits::ROW_CHILDREN) {
            width += if child["type"] == BUTTON { 1 } else { limits::ROW_CHILDREN };
            if width > limits::ROW_CHILDREN {
                let message = "The specified component exceeds the maximum width";
                self.errors.report(&join(&path, index), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
            }
        }
    }

    pub(super) fn section(&mut self, at: &str, section: &'v Value) {
        let texts = self.errors.filled_list(at, section, "components", (1, limits::SECTION_TEXTS));
        self.each(&join(at, "components"), texts, Parent::Section);
        let path = join(at, "accessory");
        if section["accessory"].is_null() {
            self.errors.required(&path);
        } else {
            self.visit(&path, &section["accessory"], Parent::Accessory);
        }
    }

    pub(super) fn container(&mut self, at: &str, container: &'v Value) {
        self.errors.integer(at, container, "accent_color", 0..=limits::MAX_COLOUR);
        self.errors.boolean(at, container, "spoiler");
        let children = self.errors.filled_list(at, container, "components", (1, usize::MAX));
        self.each(&join(at, "components"), children, Parent::Container);
    }

    pub(super) fn gallery(&mut self, at: &str, gallery: &'v Value) {
        self.errors.filled_list(at, gallery, "items", (1, limits::GALLERY_ITEMS));
        for (index, item) in entries(&gallery["items"]).iter().enumerate() {
            self.media(&join(&join(at, "items"), index), item, "media");
        }
    }

    /// A thumbnail or media gallery item.
    pub(super) fn media(&mut self, at: &str, body: &Value, key: &str) {
        self.errors.text(at, body, "description", limits::ALT_TEXT);
        self.errors.boolean(at, body, "spoiler");
        self.address(&join(at, key), &body[key], Schemes::Media);
    }

    pub(super) fn file(&mut self, at: &str, file: &Value) {
        self.errors.boolean(at, file, "spoiler");
        self.address(&join(at, "file"), &file["file"], Schemes::File);
    }

    fn address(&mut self, at: &str, media: &Value, schemes: Schemes) {
        if media["url"].as_str().is_none_or(str::is_empty) {
            self.errors.required(&join(at, "url"));
        }
        self.errors.url(at, media, "url", schemes);
    }

    pub(super) fn separator(&mut self, at: &str, separator: &Value) {
        self.errors.boolean(at, separator, "divider");
        if !matches!(
            (&separator["spacing"], separator["spacing"].as_u64()),
            (Value::Null, _) | (_, Some(1 | 2))
        ) {
            self.errors.not_one_of(&join(at, "spacing"), "1, 2");
        }
    }
}
