//! The HTTP response to an interaction.

use serde::Serialize;

use crate::{
    Modal, Reply,
    limits::{self, OverLimit},
    wire::{self, EPHEMERAL},
};

/// The response to an interaction. Source: Discord, "Interaction Callback Type".
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// Answers a PING (type 1).
    Pong,
    /// Sends a message (type 4).
    Message {
        /// The message.
        reply: Reply,
        /// Whether it is ephemeral.
        ephemeral: bool,
    },
    /// Shows "thinking…" until the message is edited (type 5, deferred).
    DeferredMessage {
        /// Whether it is ephemeral, which an edit cannot change.
        ephemeral: bool,
    },
    /// Leaves the component's message as it is until it is edited (type 6, deferred).
    DeferredUpdate,
    /// Edits the component's message (type 7).
    Update(Reply),
    /// Returns autocomplete choices (type 8).
    Choices(Choices),
    /// Opens a modal (type 9).
    Modal(Modal),
}

/// The choices of an autocomplete response, at most 25.
pub type Choices = Vec<Choice>;

/// A choice of an autocomplete response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The text that the user sees, cut to 100 characters.
    pub name: String,
    /// The value of the option, at most 100 characters.
    pub value: String,
}

/// `{"type": ..., "data": ...}`.
#[derive(Serialize)]
struct Wire<D> {
    #[serde(rename = "type")]
    kind: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<D>,
}

#[derive(Serialize)]
struct Flags {
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<u32>,
}

#[derive(Serialize)]
struct Offered {
    choices: Choices,
}

impl Response {
    /// The body of the HTTP response.
    ///
    /// # Errors
    /// [`OverLimit`] if it exceeds one of Discord's limits.
    pub fn into_json(self) -> Result<String, OverLimit> {
        match self {
            Self::Pong => json(1, None::<()>),
            Self::Message { reply, ephemeral } => json(4, Some(reply.message(ephemeral)?)),
            Self::DeferredMessage { ephemeral } => {
                json(5, Some(Flags { flags: ephemeral.then_some(EPHEMERAL) }))
            }
            Self::DeferredUpdate => json(6, None::<()>),
            Self::Update(reply) => json(7, Some(reply.update()?)),
            Self::Choices(choices) => json(8, Some(Offered { choices: offered(choices) })),
            Self::Modal(modal) => json::<wire::Modal>(9, Some(modal.render()?)),
        }
    }
}

/// Serializing plain data with string keys cannot fail.
fn json<D: Serialize>(kind: u8, data: Option<D>) -> Result<String, OverLimit> {
    serde_json::to_string(&Wire { kind, data }).map_err(|_| OverLimit { what: "response" })
}

/// Drops choices with too long a value: cutting it would change its meaning.
fn offered(choices: Choices) -> Choices {
    let fits = |choice: &Choice| {
        choice.value.chars().count() <= limits::MAX_CHOICE_LENGTH && !choice.name.is_empty()
    };
    let clipped =
        |choice: Choice| Choice { name: limits::clip(&choice.name, limits::MAX_CHOICE_LENGTH), ..choice };
    choices.into_iter().filter(fits).take(limits::MAX_CHOICES).map(clipped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Container, ContainerItem};

    fn json(response: Response) -> String {
        response.into_json().unwrap()
    }

    #[test]
    fn each_response_has_discords_shape() {
        assert_eq!(json(Response::Pong), r#"{"type":1}"#);
        assert_eq!(json(Response::DeferredMessage { ephemeral: true }), r#"{"type":5,"data":{"flags":64}}"#);
        assert_eq!(json(Response::DeferredMessage { ephemeral: false }), r#"{"type":5,"data":{}}"#);
        assert_eq!(json(Response::DeferredUpdate), r#"{"type":6}"#);
        let hello = Reply::from("hello".to_owned());
        assert_eq!(
            json(Response::Message { reply: hello.clone(), ephemeral: true }),
            r#"{"type":4,"data":{"allowed_mentions":{"parse":[]},"content":"hello","flags":64}}"#
        );
        assert!(json(Response::Update(hello)).contains(r#""components":[]"#));
    }

    #[test]
    fn an_update_to_a_container_removes_the_text_and_a_new_container_mentions_none() {
        let container = || {
            Reply::from(Container {
                color: None,
                items: vec![ContainerItem::TextDisplay("hello".to_owned())],
            })
        };
        let update = json(Response::Update(container()));
        assert!(update.contains(r#""content":null,"embeds":[],"components":[{"type":17"#), "{update}");
        let new = json(Response::Message { reply: container(), ephemeral: false });
        assert!(new.contains(r#"{"parse":[]},"components""#), "{new}");
    }

    #[test]
    fn at_most_25_choices_that_fit_are_offered() {
        let choice = |value: &str| Choice { name: "n".repeat(120), value: value.to_owned() };
        let mut choices = vec![choice(&"v".repeat(101))];
        choices.extend((0..30).map(|number| choice(&number.to_string())));
        let text = json(Response::Choices(choices));
        assert_eq!(text.matches("\"value\"").count(), 25);
        assert!(!text.contains("vv") && text.contains(&format!("{}…", "n".repeat(99))));
    }

    #[test]
    fn what_discord_would_refuse_is_an_error_here() {
        let long = Reply::from("x".repeat(2_001));
        assert_eq!(
            Response::Message { reply: long, ephemeral: false }.into_json(),
            Err(OverLimit { what: "text" })
        );
    }
}
