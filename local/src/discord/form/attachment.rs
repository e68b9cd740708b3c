//! Checks of `attachments`: what a message says about its files.

use serde_json::Value;

use super::{Form, join};
use crate::discord::limits;

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
    }
}
