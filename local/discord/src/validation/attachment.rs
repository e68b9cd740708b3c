//! Checks of `attachments` and `file_types`.

use serde_json::Value;

use super::{FormErrors, join};
use crate::limits;

/// Groups of file types that `file_types` accepts besides extensions.
const KINDS: [&str; 3] = ["image", "video", "audio"];

impl FormErrors {
    /// `file_types` of an attachment option or a file upload.
    pub(super) fn file_types(&mut self, at: &str, definition: &Value) {
        let list = self.list(at, definition, "file_types", limits::FILE_TYPES);
        for (index, wanted) in list.iter().enumerate() {
            let known = wanted.as_str().is_some_and(|wanted| {
                KINDS.contains(&wanted) || wanted.strip_prefix('.').is_some_and(|rest| !rest.is_empty())
            });
            if !known {
                let path = join(&join(at, "file_types"), index);
                self.not_one_of(&path, "image, video, audio, .extension");
            }
        }
    }
}

/// Checks `attachments`. `file::check` checks whether the files exist.
pub(super) fn check(errors: &mut FormErrors, at: &str, body: &Value) {
    let list = errors.list(at, body, "attachments", limits::ATTACHMENTS);
    for (index, attachment) in list.iter().enumerate() {
        let path = join(&join(at, "attachments"), index);
        if attachment["id"].is_null() {
            errors.required(&join(&path, "id"));
        } else {
            errors.snowflake(&join(&path, "id"), &attachment["id"]);
        }
        errors.text(&path, attachment, "filename", limits::ALT_TEXT);
        errors.text(&path, attachment, "description", limits::ALT_TEXT);
        errors.boolean(&path, attachment, "is_spoiler");
    }
}
