//! Create Message: messages that the bot sends without an interaction.

use jiff::{Timestamp, ToSpan};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{
    Channel,
    file::{self, NewFile},
    message,
    snowflake::iso,
    store,
};
use crate::{Discord, Error, Snowflake, api_error::ApiError, limits::flags, model};

/// Discord's message type of a reply.
const REPLY: u8 = 19;
/// The type of the first message of a thread that was started from a message.
pub(crate) const THREAD_STARTER: u8 = 21;
/// `enforce_nonce` finds duplicates of "the past few minutes", as Discord's documentation says.
const NONCE_MINUTES: i64 = 5;

impl Discord {
    /// Stores a message whose `body` has passed the validation. With `enforce_nonce`, a recent message with
    /// the same nonce is returned instead.
    pub(crate) fn post_message(
        &self,
        db: &Connection,
        channel: &Channel,
        (body, files): (&Value, &[NewFile]),
    ) -> Result<Value, ApiError> {
        let now = self.inner.clock.now();
        if body["enforce_nonce"] == true
            && let Some(earlier) = same_nonce(db, channel.id, &body["nonce"], now)?
        {
            return Ok(earlier);
        }
        if channel.is_thread() {
            self.speak_in(db, channel, now)?;
        }
        let id = self.inner.ids.next(now);
        let mut message = message::blank(id, channel.id, self.application_id(), &iso(now));
        refer(db, &mut message, &body["message_reference"])?;
        message::edit(&mut message, body, &iso(now), &model::users(db)?)?;
        message["edited_timestamp"] = Value::Null;
        message["flags"] = (body["flags"].as_u64().unwrap_or(0) & flags::ON_CREATE).into();
        message["tts"] = body["tts"].as_bool().unwrap_or(false).into();
        message["mention_everyone"] = mentions_everyone(&message, &body["allowed_mentions"]).into();
        if !body["nonce"].is_null() {
            message["nonce"] = body["nonce"].clone();
        }
        if message::is_empty(&message) {
            return Err(ApiError::EMPTY_MESSAGE);
        }
        message::save(db, id, channel.id, &message)?;
        file::settle(db, id, &message["attachments"], files)?;
        Ok(message)
    }

    /// Writing in a thread unarchives it and makes the author a member.
    fn speak_in(&self, db: &Connection, thread: &Channel, now: Timestamp) -> Result<(), Error> {
        let mut thread = thread.clone();
        thread.thread.set_archived(false, now);
        thread.thread.join(self.application_id(), now);
        model::save_channel(db, &thread)
    }
}

/// The messages of a channel without ephemeral ones, newest first.
pub(crate) fn in_channel(db: &Connection, channel: Snowflake) -> Result<Vec<Value>, Error> {
    let sql = "SELECT document FROM messages WHERE channel = ?1 ORDER BY id DESC";
    let mut list: Vec<Value> = store::documents(db, sql, [channel])?;
    list.retain(|message| !message::is_private(message));
    Ok(list)
}

fn same_nonce(
    db: &Connection,
    channel: Snowflake,
    nonce: &Value,
    now: Timestamp,
) -> Result<Option<Value>, Error> {
    if nonce.is_null() {
        return Ok(None);
    }
    let oldest = (now - NONCE_MINUTES.minutes()).as_millisecond();
    let born = |message: &Value| {
        let id = message["id"].as_str().and_then(|id| id.parse::<Snowflake>().ok());
        id.map_or(0, Snowflake::born_ms)
    };
    let mut list = in_channel(db, channel)?.into_iter();
    Ok(list.find(|message| message["nonce"] == *nonce && born(message) >= oldest))
}

/// Makes `message` a reply to the referenced message.
fn refer(db: &Connection, message: &mut Value, reference: &Value) -> Result<(), ApiError> {
    let Some(id) = reference["message_id"].as_str() else { return Ok(()) };
    let found = id.parse().ok().map(|id| message::load(db, id)).transpose()?.flatten();
    match found.filter(|found| found["channel_id"] == message["channel_id"]) {
        Some(found) => {
            message["type"] = REPLY.into();
            message["message_reference"] =
                json!({ "type": 0, "channel_id": found["channel_id"], "message_id": found["id"] });
            message["referenced_message"] = found;
            Ok(())
        }
        None if reference["fail_if_not_exists"] == false => Ok(()),
        None => {
            Err(ApiError::at("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"))
        }
    }
}

/// Without `allowed_mentions`, `@everyone` and `@here` take effect.
fn mentions_everyone(message: &Value, allowed: &Value) -> bool {
    let content = message["content"].as_str().unwrap_or("");
    let parsed = allowed["parse"].as_array().is_some_and(|list| list.iter().any(|kind| kind == "everyone"));
    (allowed.is_null() || parsed) && (content.contains("@everyone") || content.contains("@here"))
}
