//! How an interaction is answered at once, in the HTTP response.

use serde::Serialize;
use twilight_model::application::command::{CommandOptionChoice, CommandOptionChoiceValue};
use twilight_model::channel::message::MessageFlags;
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};

use crate::{
    Reply,
    limits::{self, OverLimit},
    reply::NOBODY,
};

/// What Discord is to do now. Source: Discord, "Interaction Callback Type".
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// We are there (1).
    Pong,
    /// Show this message (4).
    Message {
        /// What it says.
        reply: Reply,
        /// Whether only the user sees it.
        private: bool,
    },
    /// Show "thinking…" until the message is edited (5).
    Thinking {
        /// Whether only the user sees it, now and when it is edited.
        private: bool,
    },
    /// Leave the message as it is until it is edited (6). For components.
    Working,
    /// Change the message that the component is on (7).
    Update(Reply),
    /// Offer these (8).
    Choices(Choices),
}

/// What autocomplete offers; at most 25.
pub type Choices = Vec<Choice>;

/// One thing that autocomplete offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What the user sees; clipped to 100 characters.
    pub name: String,
    /// What the command gets, at most 100 characters.
    pub value: String,
}

impl Response {
    /// The body of the HTTP response.
    ///
    /// # Errors
    /// [`OverLimit`] if Discord would not take it.
    pub fn into_json(self) -> Result<String, OverLimit> {
        let wire = match self {
            Self::Pong => plain(InteractionResponseType::Pong),
            Self::Message { reply, private } => {
                with(InteractionResponseType::ChannelMessageWithSource, message(reply, private)?)
            }
            Self::Thinking { private } => with(
                InteractionResponseType::DeferredChannelMessageWithSource,
                InteractionResponseData { flags: flags(private), ..Default::default() },
            ),
            Self::Working => plain(InteractionResponseType::DeferredUpdateMessage),
            Self::Update(reply) => with(InteractionResponseType::UpdateMessage, update(reply)?),
            Self::Choices(choices) => with(
                InteractionResponseType::ApplicationCommandAutocompleteResult,
                InteractionResponseData { choices: Some(offered(choices)), ..Default::default() },
            ),
        };
        // Plain data with string keys: writing it cannot fail.
        serde_json::to_string(&wire).map_err(|_| OverLimit { what: "response" })
    }
}

fn plain(kind: InteractionResponseType) -> InteractionResponse {
    InteractionResponse { kind, data: None }
}

fn with(kind: InteractionResponseType, data: InteractionResponseData) -> InteractionResponse {
    InteractionResponse { kind, data: Some(data) }
}

fn message(reply: Reply, private: bool) -> Result<InteractionResponseData, OverLimit> {
    let rendered = reply.render()?;
    Ok(InteractionResponseData {
        allowed_mentions: Some(NOBODY.clone()),
        content: (!rendered.content.is_empty()).then_some(rendered.content),
        embeds: (!rendered.embeds.is_empty()).then_some(rendered.embeds),
        components: (!rendered.components.is_empty()).then_some(rendered.components),
        flags: flags(private),
        ..Default::default()
    })
}

/// Everything is written out: what an update leaves out stays as it was.
fn update(reply: Reply) -> Result<InteractionResponseData, OverLimit> {
    let rendered = reply.render()?;
    Ok(InteractionResponseData {
        allowed_mentions: Some(NOBODY.clone()),
        content: Some(rendered.content),
        embeds: Some(rendered.embeds),
        components: Some(rendered.components),
        ..Default::default()
    })
}

fn flags(private: bool) -> Option<MessageFlags> {
    private.then_some(MessageFlags::EPHEMERAL)
}

/// Drops a choice whose value is too long: a clipped value would mean something else.
fn offered(choices: Choices) -> Vec<CommandOptionChoice> {
    let fits = |choice: &Choice| choice.value.chars().count() <= limits::CHOICE && !choice.name.is_empty();
    let wire = |choice: Choice| CommandOptionChoice {
        name: limits::clip(&choice.name, limits::CHOICE),
        name_localizations: None,
        value: CommandOptionChoiceValue::String(choice.value),
    };
    choices.into_iter().filter(fits).take(limits::CHOICES).map(wire).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(response: Response) -> String {
        response.into_json().unwrap()
    }

    #[test]
    fn each_answer_has_discords_form() {
        assert_eq!(json(Response::Pong), r#"{"type":1}"#);
        assert_eq!(json(Response::Thinking { private: true }), r#"{"type":5,"data":{"flags":64}}"#);
        assert_eq!(json(Response::Thinking { private: false }), r#"{"type":5,"data":{}}"#);
        assert_eq!(json(Response::Working), r#"{"type":6}"#);
        let hello = Reply::from("hello".to_owned());
        assert_eq!(
            json(Response::Message { reply: hello.clone(), private: true }),
            r#"{"type":4,"data":{"allowed_mentions":{"parse":[]},"content":"hello","flags":64}}"#
        );
        assert!(json(Response::Update(hello)).contains(r#""components":[]"#));
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
            Response::Message { reply: long, private: false }.into_json(),
            Err(OverLimit { what: "text" })
        );
    }
}
