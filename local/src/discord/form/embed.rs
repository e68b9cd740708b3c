//! Checks of embeds, one by one and together.

use serde_json::Value;

use super::{Form, join, length};
use crate::discord::limits;

/// `at` is the path of the list.
pub(super) fn check(form: &mut Form, at: &str, embeds: &[Value]) {
    for (index, embed) in embeds.iter().enumerate() {
        check_one(form, &join(at, index), embed);
    }
    if embeds.iter().map(size).sum::<usize>() > limits::EMBEDS_TOTAL {
        let message = format!("Embed size exceeds maximum size of {}", limits::EMBEDS_TOTAL);
        form.report(at, "MAX_EMBED_SIZE_EXCEEDED", message);
    }
}

fn check_one(form: &mut Form, at: &str, embed: &Value) {
    form.text(at, embed, "title", limits::EMBED_TITLE);
    form.text(at, embed, "description", limits::EMBED_DESCRIPTION);
    if embed["footer"].is_object() {
        form.required_text(&join(at, "footer"), &embed["footer"], "text", limits::EMBED_FOOTER);
    }
    if embed["author"].is_object() {
        form.required_text(&join(at, "author"), &embed["author"], "name", limits::EMBED_AUTHOR);
    }
    let fields = form.list(at, embed, "fields", limits::EMBED_FIELDS);
    for (index, field) in fields.iter().enumerate() {
        let path = join(&join(at, "fields"), index);
        form.required_text(&path, field, "name", limits::EMBED_FIELD_NAME);
        form.required_text(&path, field, "value", limits::EMBED_FIELD_VALUE);
    }
}

/// What counts towards the total.
fn size(embed: &Value) -> usize {
    let count = |value: &Value| value.as_str().map_or(0, length);
    let fields = embed["fields"].as_array().map_or(&[][..], Vec::as_slice);
    count(&embed["title"])
        + count(&embed["description"])
        + count(&embed["footer"]["text"])
        + count(&embed["author"]["name"])
        + fields.iter().map(|field| count(&field["name"]) + count(&field["value"])).sum::<usize>()
}
