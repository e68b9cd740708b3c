//! The target of a context menu command.

use std::collections::HashMap;

use domain::{MessageId, UserId};
use serde::Deserialize;

use crate::data::{self, OptionsError};

/// The user on whom the command was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetUser {
    /// The user's id.
    pub id: UserId,
    /// Whether the user is a bot.
    pub is_bot: bool,
}

/// The message on which the command was used.
#[derive(Clone, PartialEq, Eq)]
pub struct TargetMessage {
    /// The message's id.
    pub id: MessageId,
    /// The text, in Discord's markdown.
    pub text: String,
}

/// Leaves out the text, which is a user's.
impl std::fmt::Debug for TargetMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TargetMessage").field("id", &self.id).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Data {
    target_id: String,
    resolved: Resolved,
}

#[derive(Deserialize)]
struct Resolved {
    #[serde(default)]
    users: HashMap<String, User>,
    #[serde(default)]
    messages: HashMap<String, Message>,
}

#[derive(Deserialize)]
struct User {
    id: UserId,
    #[serde(default)]
    bot: bool,
}

#[derive(Deserialize)]
struct Message {
    id: MessageId,
    #[serde(default)]
    content: String,
}

/// Parses the target user from the body of an interaction.
///
/// # Errors
/// [`OptionsError`] if there is none.
pub fn user(body: &str) -> Result<TargetUser, OptionsError> {
    let data: Data = data::parse(body)?;
    let user = data.resolved.users.get(&data.target_id).ok_or(OptionsError)?;
    Ok(TargetUser { id: user.id, is_bot: user.bot })
}

/// Parses the target message from the body of an interaction.
///
/// # Errors
/// [`OptionsError`] if there is none.
pub fn message(body: &str) -> Result<TargetMessage, OptionsError> {
    let mut data: Data = data::parse(body)?;
    let message = data.resolved.messages.remove(&data.target_id).ok_or(OptionsError)?;
    Ok(TargetMessage { id: message.id, text: message.content })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_is_the_one_that_is_named_among_all_that_are_told() {
        let body = r#"{"data":{"target_id":"4","resolved":{
            "users":{"3":{"id":"3"},"4":{"id":"4","bot":true}},
            "messages":{"4":{"id":"4","content":"10 miles","author":{"id":"3"}}}}}}"#;
        assert_eq!(user(body), Ok(TargetUser { id: UserId::new(4).unwrap(), is_bot: true }));
        let message = message(body).unwrap();
        assert_eq!((message.text.as_str(), message.id.get()), ("10 miles", 4));
        let shown = format!("{message:?}");
        assert!(shown.contains("MessageId(4)") && !shown.contains("miles"), "{shown}");
    }

    #[test]
    fn without_its_target_there_is_none() {
        for body in ["{}", r#"{"data":{}}"#, r#"{"data":{"target_id":"4","resolved":{}}}"#] {
            assert!(user(body).is_err() && message(body).is_err(), "{body}");
        }
    }
}
