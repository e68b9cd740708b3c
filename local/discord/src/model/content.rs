//! The content of a message: turns the application's body into what Discord stores.

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::{component, file, reference, snowflake::iso};
use crate::{api_error::ApiError, limits, model, validation::FormErrors};

/// Replaces the fields that `body` has, and leaves the others. `at` is now, in Discord's time format.
pub(crate) fn fill(
    message: &mut Value,
    body: &Value,
    at: &str,
    users: &[model::User],
) -> Result<(), ApiError> {
    if let Some(attachments) = body.get("attachments") {
        message["attachments"] = file::merge(&message["attachments"], attachments);
    }
    if let Some(content) = body.get("content") {
        message["content"] = content.as_str().unwrap_or("").trim().into();
        message["mentions"] = mentions(message["content"].as_str().unwrap_or(""), body, users);
    }
    if let Some(embeds) = body.get("embeds") {
        let embeds = embeds.as_array().map_or(&[][..], Vec::as_slice);
        message["embeds"] = embeds.iter().map(embed).collect();
    }
    if let Some(components) = body.get("components") {
        message["components"] = if components.is_array() { components.clone() } else { json!([]) };
    }
    let mut errors = FormErrors::default();
    reference::resolve(message, &mut errors);
    if !errors.is_clean() {
        return Err(ApiError::invalid_form(errors));
    }
    component::complete(&mut message["components"]);
    if body["poll"].is_object() {
        message["poll"] = poll(&body["poll"], at);
    }
    Ok(())
}

fn embed(sent: &Value) -> Value {
    let mut embed = sent.clone();
    embed["type"] = "rich".into();
    for key in ["title", "description"] {
        if let Some(text) = sent[key].as_str() {
            embed[key] = text.trim().into();
        }
    }
    let fields = embed.get_mut("fields").and_then(Value::as_array_mut);
    for field in fields.into_iter().flatten() {
        field["inline"] = field["inline"].as_bool().unwrap_or(false).into();
    }
    embed
}

/// The users mentioned by `<@id>`. Without `allowed_mentions`, all of them are.
fn mentions(content: &str, body: &Value, users: &[model::User]) -> Value {
    let allowed = &body["allowed_mentions"];
    let all = allowed.is_null()
        || allowed["parse"].as_array().is_some_and(|parse| parse.iter().any(|kind| kind == "users"));
    let listed =
        |id: &str| allowed["users"].as_array().is_some_and(|ids| ids.iter().any(|listed| listed == id));
    let mentioned = |user: &&model::User| {
        let id = user.id.to_string();
        (all || listed(&id))
            && (content.contains(&format!("<@{id}>")) || content.contains(&format!("<@!{id}>")))
    };
    users.iter().filter(mentioned).map(model::User::rest_object).collect()
}

/// A new poll without votes, which expires by the stack's clock.
fn poll(sent: &Value, at: &str) -> Value {
    let hours = sent["duration"].as_i64().unwrap_or(limits::DEFAULT_POLL_HOURS);
    let ends = at.parse::<Timestamp>().ok().and_then(|now| now.checked_add(hours.hours()).ok());
    let answers = sent["answers"].as_array().map_or(&[][..], Vec::as_slice);
    let answers = (1..)
        .zip(answers)
        .map(|(number, answer): (u32, _)| json!({ "answer_id": number, "poll_media": media(answer) }));
    json!({
        "question": { "text": sent["question"]["text"] },
        "answers": answers.collect::<Vec<_>>(),
        "expiry": iso(ends.unwrap_or(Timestamp::MAX)),
        "allow_multiselect": sent["allow_multiselect"].as_bool().unwrap_or(false),
        "layout_type": 1,
        "results": { "answer_counts": [], "is_finalized": false },
    })
}

/// Fills in `id` and `name` of an emoji as null where they are missing.
fn media(answer: &Value) -> Value {
    let mut media = answer["poll_media"].clone();
    if let Some(emoji) = media.get_mut("emoji").and_then(Value::as_object_mut) {
        emoji.entry("id").or_insert(Value::Null);
        emoji.entry("name").or_insert(Value::Null);
    }
    media
}
