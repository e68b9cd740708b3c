//! What a member sees, as text for assertions.

use local_discord::{Seen, View, render};
use serde_json::Value;

/// A message in a channel.
pub struct Message(pub(crate) Value);

impl Message {
    /// The message as plain text.
    pub fn text(&self) -> String {
        render(&self.0).join("\n")
    }
}

/// What a member sees, as text for assertions.
pub trait Look {
    /// The last message as plain text; empty if there is none.
    fn text(&self) -> String;
    /// The steps in order: `thinking`, `message`, `edited`, ...; ephemeral ones end with `!`.
    fn story(&self) -> Vec<&'static str>;
}

impl Look for View {
    fn text(&self) -> String {
        self.message().map(|message| render(message).join("\n")).unwrap_or_default()
    }

    fn story(&self) -> Vec<&'static str> {
        self.steps.iter().map(|step| word(&step.seen)).collect()
    }
}

fn word(seen: &Seen) -> &'static str {
    match seen {
        Seen::Thinking { private: true } => "thinking!",
        Seen::Thinking { private: false } => "thinking",
        Seen::Message { private: true, .. } => "message!",
        Seen::Message { private: false, .. } => "message",
        Seen::Updated { .. } => "updated",
        Seen::Edited { .. } => "edited",
        Seen::FollowUp { private: true, .. } => "follow-up!",
        Seen::FollowUp { private: false, .. } => "follow-up",
        Seen::Deleted { .. } => "deleted",
        Seen::Choices { .. } => "choices",
        Seen::Modal { .. } => "modal",
        Seen::DidNotRespond { .. } => "did not respond",
    }
}
