//! The interactions that are sent as probes, and the answers that they must get.

use domain::{ApplicationId, InteractionId};
use serde_json::{Value, json};

/// `CHANNEL_MESSAGE_WITH_SOURCE`. Source: Discord, "Interaction Callback Type".
const MESSAGE: u64 = 4;
/// `EPHEMERAL`. Source: Discord, "Message Flags".
const EPHEMERAL: u64 = 64;

/// An interaction that is sent as a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// `/ping`.
    Ping,
    /// A command that does not exist.
    UnknownCommand,
    /// A button whose command does not exist.
    UnknownButton,
}

impl Sent {
    pub(crate) const ALL: [Self; 3] = [Self::Ping, Self::UnknownCommand, Self::UnknownButton];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ping => "/ping",
            Self::UnknownCommand => "an unknown command",
            Self::UnknownButton => "an unknown button",
        }
    }

    /// The interaction, in a direct message. Its user has the interaction's id, so that no two probes share a rate
    /// limit.
    pub(crate) fn interaction(self, id: InteractionId, application: ApplicationId) -> Value {
        let id = id.to_string();
        let (kind, data) = match self {
            Self::Ping => (2, json!({ "type": 1, "id": "1", "name": "ping" })),
            Self::UnknownCommand => (2, json!({ "type": 1, "id": "1", "name": "probe-of-nothing" })),
            Self::UnknownButton => (3, json!({ "custom_id": "probe-of-nothing.1~", "component_type": 2 })),
        };
        json!({
            "id": id,
            "application_id": application.to_string(),
            "token": "probe",
            "type": kind,
            "version": 1,
            "locale": "en-US",
            "user": { "id": id, "username": "probe" },
            "data": data,
        })
    }

    /// Whether the response is a message with a text, which is ephemeral if it says that something does not exist.
    pub(crate) fn is_answered_by(self, response: &Value) -> bool {
        let flags = response["data"]["flags"].as_u64().unwrap_or_default();
        let is_filled = |name: &str| match &response["data"][name] {
            Value::String(text) => !text.is_empty(),
            Value::Array(parts) => !parts.is_empty(),
            _ => false,
        };
        response["type"] == MESSAGE
            && (self == Self::Ping || flags & EPHEMERAL != 0)
            && ["content", "embeds", "components"].into_iter().any(is_filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_text_and_what_does_not_exist_is_said_to_the_user_alone() {
        let message = |flags: u64| json!({ "type": 4, "data": { "content": "x", "flags": flags } });
        assert!(Sent::Ping.is_answered_by(&message(0)));
        for sent in [Sent::UnknownCommand, Sent::UnknownButton] {
            assert!(sent.is_answered_by(&message(64)) && !sent.is_answered_by(&message(0)));
        }
        for other in [
            json!(null),
            json!({ "type": 5 }),
            json!({ "type": 4, "data": {} }),
            json!({ "type": 4, "data": { "content": "", "embeds": [], "flags": 64 } }),
        ] {
            assert!(!Sent::Ping.is_answered_by(&other), "{other}");
        }
    }
}
