//! Messages: builds and edits the message objects that Discord stores.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::{
    content,
    interaction::{Interaction, Kind},
    retention, store,
};
use crate::{Error, Snowflake, api_error::ApiError, limits::flags, model};

/// Discord's message types.
const REPLY: u8 = 19;
const CHAT_INPUT_COMMAND: u8 = 20;
const CONTEXT_MENU_COMMAND: u8 = 23;

/// What a new message needs besides its body.
pub(crate) struct NewMessage<'a> {
    pub id: Snowflake,
    /// Now, in Discord's time format.
    pub at: &'a str,
    pub application: Snowflake,
    pub interaction: &'a Interaction,
    pub user: &'a model::User,
    /// The message that this one replies to: the original response, or the one with the button.
    pub replies_to: Option<Snowflake>,
}

/// The first message of a deferred response, shown as "thinking…".
pub(crate) fn loading(new_message: &NewMessage<'_>, private: bool) -> Value {
    let ephemeral = if private { flags::EPHEMERAL } else { 0 };
    let mut message = empty(new_message);
    message["flags"] = (flags::LOADING | ephemeral).into();
    message
}

/// A message made from `body`, which has passed the validation.
pub(crate) fn new(
    new_message: &NewMessage<'_>,
    body: &Value,
    users: &[model::User],
) -> Result<Value, ApiError> {
    let mut message = empty(new_message);
    content::fill(&mut message, body, new_message.at, users)?;
    message["flags"] = (body["flags"].as_u64().unwrap_or(0) & flags::ON_CREATE).into();
    message["tts"] = body["tts"].as_bool().unwrap_or(false).into();
    Ok(message)
}

/// Replaces the fields that `body` has and leaves the others. A loading message stops loading.
pub(crate) fn edit(
    message: &mut Value,
    body: &Value,
    at: &str,
    users: &[model::User],
) -> Result<(), ApiError> {
    content::fill(message, body, at, users)?;
    let becomes_v2 = body["flags"].as_u64().is_some_and(|flags| flags & flags::COMPONENTS_V2 != 0);
    if becomes_v2 && let Some(field) = legacy_field(message) {
        let text = format!("The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
        return Err(ApiError::at(field, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text));
    }
    let before = message["flags"].as_u64().unwrap_or(0) & !flags::LOADING;
    let wanted = body["flags"].as_u64().unwrap_or(before) & flags::ON_EDIT;
    // An edit cannot change EPHEMERAL, and cannot remove IS_COMPONENTS_V2.
    let kept = before & !flags::SUPPRESS_EMBEDS;
    message["flags"] = (kept | wanted).into();
    message["edited_timestamp"] = at.into();
    Ok(())
}

/// A field that a message with IS_COMPONENTS_V2 cannot have; an edit that sets the flag must clear it.
fn legacy_field(message: &Value) -> Option<&'static str> {
    let has_text = message["content"].as_str().is_some_and(|text| !text.is_empty());
    let has_embeds = message["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
    if has_text { Some("content") } else { has_embeds.then_some("embeds") }
}

pub(crate) fn is_private(message: &Value) -> bool {
    has_flag(message, flags::EPHEMERAL)
}

pub(crate) fn make_private(message: &mut Value) {
    message["flags"] = (message["flags"].as_u64().unwrap_or(0) | flags::EPHEMERAL).into();
}

pub(crate) fn is_loading(message: &Value) -> bool {
    has_flag(message, flags::LOADING)
}

fn has_flag(message: &Value, flag: u64) -> bool {
    message["flags"].as_u64().unwrap_or(0) & flag != 0
}

/// Whether the message has nothing to show, which Discord refuses (50006).
pub(crate) fn is_empty(message: &Value) -> bool {
    let nothing = |key: &str| message[key].as_array().is_none_or(Vec::is_empty);
    message["content"].as_str().is_none_or(str::is_empty)
        && nothing("embeds")
        && nothing("components")
        && nothing("attachments")
        && message["poll"].is_null()
}

/// Discord's type of an ordinary message.
const DEFAULT: u8 = 0;

/// An empty message of the application. `at` is in Discord's time format.
pub(crate) fn blank(id: Snowflake, channel: Snowflake, application: Snowflake, at: &str) -> Value {
    json!({
        "id": id,
        "channel_id": channel,
        "type": DEFAULT,
        "author": model::bot_object(application),
        "content": "",
        "attachments": [],
        "embeds": [],
        "components": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": false,
        "pinned": false,
        "tts": false,
        "timestamp": at,
        "edited_timestamp": null,
        "flags": 0,
        "application_id": application,
    })
}

fn empty(new_message: &NewMessage<'_>) -> Value {
    let interaction = new_message.interaction;
    let mut message = blank(new_message.id, interaction.channel, new_message.application, new_message.at);
    message["type"] = kind(new_message).into();
    message["webhook_id"] = json!(new_message.application);
    message["interaction_metadata"] = metadata(interaction, new_message.user);
    if interaction.kind == Kind::Command {
        message["interaction"] = json!({
            "id": interaction.id,
            "type": interaction.kind.number(),
            "name": interaction.name,
            "user": new_message.user.rest_object(),
        });
    }
    if let Some(replied) = new_message.replies_to {
        message["message_reference"] =
            json!({ "type": 0, "channel_id": interaction.channel, "message_id": replied });
    }
    message
}

fn kind(new_message: &NewMessage<'_>) -> u8 {
    let targets = |key: &str| new_message.interaction.metadata.contains_key(key);
    match new_message.interaction.kind {
        _ if new_message.replies_to.is_some() => REPLY,
        Kind::Component => REPLY,
        _ if targets("target_user") || targets("target_message_id") => CONTEXT_MENU_COMMAND,
        _ => CHAT_INPUT_COMMAND,
    }
}

/// `interaction_metadata` of the messages of an interaction.
pub(crate) fn metadata(interaction: &Interaction, user: &model::User) -> Value {
    let mut metadata = json!({
        "id": interaction.id,
        "type": interaction.kind.number(),
        "user": user.rest_object(),
        "authorizing_integration_owners": interaction.owners,
    });
    if interaction.kind == Kind::Command {
        metadata["name"] = interaction.name.clone().into();
    }
    for (key, value) in &interaction.metadata {
        metadata[key] = value.clone();
    }
    if let Some(original) = interaction.original {
        metadata["original_response_message_id"] = json!(original);
    }
    if let Some(source) = interaction.source {
        metadata["interacted_message_id"] = json!(source);
    }
    metadata
}

pub(crate) fn load(connection: &Connection, id: Snowflake) -> Result<Option<Value>, Error> {
    store::document(connection, "SELECT document FROM messages WHERE id = ?1", [id])
}

/// Stores a message. A new one, unless it is ephemeral, becomes the channel's `last_message_id`.
pub(crate) fn save(
    connection: &Connection,
    id: Snowflake,
    channel: Snowflake,
    message: &Value,
) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO messages VALUES (?1, ?2, ?3)";
    store::execute(connection, sql, (id, channel, store::json(message)?))?;
    retention::trim_messages(connection, channel, id)?;
    let Some(mut channel) = model::channel(connection, channel)? else {
        return Ok(());
    };
    if !is_private(message) && channel.last_message < Some(id) {
        channel.last_message = Some(id);
        model::save_channel(connection, &channel)?;
    }
    Ok(())
}

pub(crate) fn delete(connection: &Connection, id: Snowflake) -> Result<bool, Error> {
    Ok(store::execute(connection, "DELETE FROM messages WHERE id = ?1", [id])? > 0)
}
