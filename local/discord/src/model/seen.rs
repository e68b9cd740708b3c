//! What a user sees of an interaction, step by step.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Snowflake;

/// One thing the user saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Milliseconds since the user acted, by the stack's clock.
    pub ms: i64,
    #[serde(flatten)]
    pub seen: Seen,
}

/// What the user saw. A message is Discord's JSON, as it was at that moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "seen", rename_all = "snake_case")]
pub enum Seen {
    Thinking {
        private: bool,
    },
    Message {
        private: bool,
        message: Value,
    },
    /// The message with the component was updated by the response itself (type 7).
    Updated {
        message: Value,
    },
    Edited {
        message: Value,
    },
    FollowUp {
        private: bool,
        message: Value,
    },
    Deleted {
        message_id: Snowflake,
    },
    Choices {
        choices: Vec<Value>,
    },
    Modal {
        modal: Value,
    },
    /// "The application did not respond". The reason is for the developer.
    DidNotRespond {
        reason: String,
    },
}

impl Seen {
    /// In words: what happened, and the lines of text that the user can read then.
    pub fn describe(&self, render: impl Fn(&Value) -> Vec<String>) -> (String, Vec<String>) {
        let only_you = |private: bool| if private { " (only you see this)" } else { "" };
        match self {
            Self::Thinking { private } => (format!("thinking…{}", only_you(*private)), Vec::new()),
            Self::Message { private, message } => {
                (format!("answered{}", only_you(*private)), render(message))
            }
            Self::Updated { message } => ("updated".to_owned(), render(message)),
            Self::Edited { message } => ("edited".to_owned(), render(message)),
            Self::FollowUp { private, message } => {
                (format!("follow-up{}", only_you(*private)), render(message))
            }
            Self::Deleted { .. } => ("deleted".to_owned(), Vec::new()),
            Self::Choices { choices } => {
                ("choices".to_owned(), choices.iter().map(Value::to_string).collect())
            }
            Self::Modal { modal } => ("a form opens".to_owned(), vec![modal["title"].to_string()]),
            Self::DidNotRespond { reason } => {
                ("The application did not respond".to_owned(), vec![reason.clone()])
            }
        }
    }
}
