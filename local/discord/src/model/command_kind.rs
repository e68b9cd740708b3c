//! The type of an application command.

use serde_json::Value;

/// A slash command.
pub(crate) const CHAT_INPUT: u64 = 1;

/// The `type` of a command; a slash command if the body has none.
pub(crate) fn kind(body: &Value) -> u64 {
    body["type"].as_u64().unwrap_or(CHAT_INPUT)
}
