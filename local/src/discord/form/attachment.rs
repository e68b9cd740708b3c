//! Checks of `attachments`: what a message says about its files.

use serde_json::Value;

use super::{Form, join};
use crate::discord::limits;

/// Whole families of files, as `file_types` names them.
const KINDS: [&str; 3] = ["image", "video", "audio"];

impl Form {
    /// `file_types` of an option or a field that asks for files.
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

/// Whether the files exist is asked of the request that carries them.
pub(super) fn check(form: &mut Form, at: &str, body: &Value) {
    let list = form.list(at, body, "attachments", limits::ATTACHMENTS);
    for (index, attachment) in list.iter().enumerate() {
        let path = join(&join(at, "attachments"), index);
        if attachment["id"].is_null() {
            form.required(&join(&path, "id"));
        } else {
            form.snowflake(&join(&path, "id"), &attachment["id"]);
        }
        form.text(&path, attachment, "filename", limits::ALT_TEXT);
        form.text(&path, attachment, "description", limits::ALT_TEXT);
        form.boolean(&path, attachment, "is_spoiler");
    }
}
