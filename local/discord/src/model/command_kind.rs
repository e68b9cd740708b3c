//! The type of an application command.

use serde_json::Value;

/// A slash command.
pub(crate) const CHAT_INPUT: u64 = 1;

/// A slash command, if the body does not say.
pub(crate) fn kind(body: &Value) -> u64 {
    body["type"].as_u64().unwrap_or(CHAT_INPUT)
}
