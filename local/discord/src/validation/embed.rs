//! Checks of embeds, one by one and together.

use jiff::Timestamp;
use serde_json::Value;

use super::{FormErrors, join, length, url::Schemes};
use crate::limits;

/// `at` is the path of the list.
pub(super) fn check(errors: &mut FormErrors, at: &str, embeds: &[Value]) {
    for (index, embed) in embeds.iter().enumerate() {
        let path = join(at, index);
        if embed.is_object() {
            check_one(errors, &path, embed);
        } else {
            errors.report(&path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        }
    }
    if embeds.iter().map(size).sum::<usize>() > limits::EMBEDS_TOTAL {
        let message = format!("Embed size exceeds maximum size of {}", limits::EMBEDS_TOTAL);
        errors.report(at, "MAX_EMBED_SIZE_EXCEEDED", message);
    }
}

fn check_one(errors: &mut FormErrors, at: &str, embed: &Value) {
    text(errors, at, embed, "title", limits::EMBED_TITLE);
    text(errors, at, embed, "description", limits::EMBED_DESCRIPTION);
    errors.url(at, embed, "url", Schemes::Web);
    errors.integer(at, embed, "color", 0..=limits::MAX_COLOUR);
    check_timestamp(errors, at, embed);
    for key in ["image", "thumbnail"] {
        errors.url(&join(at, key), &embed[key], "url", Schemes::Media);
    }
    check_named(errors, at, embed, "footer", ("text", limits::EMBED_FOOTER));
    check_named(errors, at, embed, "author", ("name", limits::EMBED_AUTHOR));
    let fields = errors.list(at, embed, "fields", limits::EMBED_FIELDS);
    for (index, field) in fields.iter().enumerate() {
        let path = join(&join(at, "fields"), index);
        needed(errors, &path, field, "name", limits::EMBED_FIELD_NAME);
        needed(errors, &path, field, "value", limits::EMBED_FIELD_VALUE);
        errors.boolean(&path, field, "inline");
    }
    if is_empty(embed) {
        errors.required(&join(at, "description"));
    }
}

/// A footer or author, which has a text and an icon.
fn check_named(errors: &mut FormErrors, at: &str, embed: &Value, key: &str, (name, most): (&str, usize)) {
    if embed[key].is_object() {
        let path = join(at, key);
        needed(errors, &path, &embed[key], name, most);
        errors.url(&path, &embed[key], "icon_url", Schemes::Media);
        errors.url(&path, &embed[key], "url", Schemes::Web);
    }
}

fn check_timestamp(errors: &mut FormErrors, at: &str, embed: &Value) {
    let Some(text) = embed["timestamp"].as_str() else { return };
    if text.parse::<Timestamp>().is_err() {
        let message = format!("Could not parse {text}. Should be ISO8601.");
        errors.report(&join(at, "timestamp"), "DATE_TIME_TYPE_PARSE", message);
    }
}

/// Discord trims the texts of an embed before it counts characters.
fn text(errors: &mut FormErrors, at: &str, body: &Value, key: &str, most: usize) {
    match body[key].as_str() {
        Some(text) if length(text.trim()) > most => errors.too_long(&join(at, key), most),
        Some(_) => {}
        None => {
            errors.text(at, body, key, most);
        }
    }
}

fn needed(errors: &mut FormErrors, at: &str, body: &Value, key: &str, most: usize) {
    match &body[key] {
        Value::Null => errors.required(&join(at, key)),
        Value::String(text) if text.trim().is_empty() => errors.required(&join(at, key)),
        _ => text(errors, at, body, key, most),
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

/// The characters that count towards [`limits::EMBEDS_TOTAL`].
fn size(embed: &Value) -> usize {
    let count = |value: &Value| value.as_str().map_or(0, |text| length(text.trim()));
    let fields = embed["fields"].as_array().map_or(&[][..], Vec::as_slice);
    count(&embed["title"])
        + count(&embed["description"])
        + count(&embed["footer"]["text"])
        + count(&embed["author"]["name"])
        + fields.iter().map(|field| count(&field["name"]) + count(&field["value"])).sum::<usize>()
}
