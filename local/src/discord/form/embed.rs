//! Checks of embeds, one by one and together.

use jiff::Timestamp;
use serde_json::Value;

use super::{Form, join, length, url::Schemes};
use crate::discord::limits;

/// `at` is the path of the list.
pub(super) fn check(form: &mut Form, at: &str, embeds: &[Value]) {
    for (index, embed) in embeds.iter().enumerate() {
        let path = join(at, index);
        if embed.is_object() {
            check_one(form, &path, embed);
        } else {
            form.report(&path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        }
    }
    if embeds.iter().map(size).sum::<usize>() > limits::EMBEDS_TOTAL {
        let message = format!("Embed size exceeds maximum size of {}", limits::EMBEDS_TOTAL);
        form.report(at, "MAX_EMBED_SIZE_EXCEEDED", message);
    }
}

fn check_one(form: &mut Form, at: &str, embed: &Value) {
    text(form, at, embed, "title", limits::EMBED_TITLE);
    text(form, at, embed, "description", limits::EMBED_DESCRIPTION);
    form.url(at, embed, "url", Schemes::Web);
    form.integer(at, embed, "color", 0..=limits::COLOUR);
    check_timestamp(form, at, embed);
    for key in ["image", "thumbnail"] {
        form.url(&join(at, key), &embed[key], "url", Schemes::Media);
    }
    check_named(form, at, embed, "footer", ("text", limits::EMBED_FOOTER));
    check_named(form, at, embed, "author", ("name", limits::EMBED_AUTHOR));
    let fields = form.list(at, embed, "fields", limits::EMBED_FIELDS);
    for (index, field) in fields.iter().enumerate() {
        let path = join(&join(at, "fields"), index);
        needed(form, &path, field, "name", limits::EMBED_FIELD_NAME);
        needed(form, &path, field, "value", limits::EMBED_FIELD_VALUE);
        form.boolean(&path, field, "inline");
    }
    if is_empty(embed) {
        form.required(&join(at, "description"));
    }
}

/// Footer or author: a text with a picture.
fn check_named(form: &mut Form, at: &str, embed: &Value, key: &str, (name, most): (&str, usize)) {
    if embed[key].is_object() {
        let path = join(at, key);
        needed(form, &path, &embed[key], name, most);
        form.url(&path, &embed[key], "icon_url", Schemes::Media);
        form.url(&path, &embed[key], "url", Schemes::Web);
    }
}

fn check_timestamp(form: &mut Form, at: &str, embed: &Value) {
    let Some(text) = embed["timestamp"].as_str() else { return };
    if text.parse::<Timestamp>().is_err() {
        let message = format!("Could not parse {text}. Should be ISO8601.");
        form.report(&join(at, "timestamp"), "DATE_TIME_TYPE_PARSE", message);
    }
}

/// The texts of an embed are trimmed before they are counted.
fn text(form: &mut Form, at: &str, body: &Value, key: &str, most: usize) {
    match body[key].as_str() {
        Some(text) if length(text.trim()) > most => form.too_long(&join(at, key), most),
        Some(_) => {}
        None => {
            form.text(at, body, key, most);
        }
    }
}

fn needed(form: &mut Form, at: &str, body: &Value, key: &str, most: usize) {
    match &body[key] {
        Value::Null => form.required(&join(at, key)),
        Value::String(text) if text.trim().is_empty() => form.required(&join(at, key)),
        _ => text(form, at, body, key, most),
    }
}

fn is_empty(embed: &Value) -> bool {
    let keys = ["title", "description", "fields", "image", "thumbnail", "footer", "author", "video", "url"];
    keys.iter().all(|key| match &embed[key] {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    })
}

/// What counts towards the total.
fn size(embed: &Value) -> usize {
    let count = |value: &Value| value.as_str().map_or(0, |text| length(text.trim()));
    let fields = embed["fields"].as_array().map_or(&[][..], Vec::as_slice);
    count(&embed["title"])
        + count(&embed["description"])
        + count(&embed["footer"]["text"])
        + count(&embed["author"]["name"])
        + fields.iter().map(|field| count(&field["name"]) + count(&field["value"])).sum::<usize>()
}
