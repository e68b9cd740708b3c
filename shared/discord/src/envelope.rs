//! The common fields of every interaction, parsed without copying and as leniently as possible.

#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt};

use domain::{ApplicationId, GuildId, InteractionId, InteractionToken, Language, UserId};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Permissions, wire::EPHEMERAL};

/// The type of an interaction. Source: Discord, "Interaction Type".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PING: Discord checks the endpoint.
    Ping,
    /// APPLICATION_COMMAND.
    Command,
    /// MESSAGE_COMPONENT: a button or a select menu.
    Component,
    /// APPLICATION_COMMAND_AUTOCOMPLETE.
    Autocomplete,
    /// MODAL_SUBMIT.
    Modal,
    /// A type that this version does not know.
    Unknown,
}

impl From<u8> for Kind {
    fn from(number: u8) -> Self {
        match number {
            1 => Self::Ping,
            2 => Self::Command,
            3 => Self::Component,
            4 => Self::Autocomplete,
            5 => Self::Modal,
            _ => Self::Unknown,
        }
    }
}

/// The type of a command. Source: Discord, "Application Command Types".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandKind {
    /// CHAT_INPUT, a slash command.
    Slash,
    /// USER, in the context menu of a user.
    User,
    /// MESSAGE, in the context menu of a message.
    Message,
}

impl CommandKind {
    fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Slash),
            2 => Some(Self::User),
            3 => Some(Self::Message),
            _ => None,
        }
    }
}

/// The common fields of an interaction: enough to route it and to respond.
pub struct Envelope<'a> {
    /// The type of the interaction.
    pub kind: Kind,
    /// The interaction's id.
    pub id: InteractionId,
    /// The token for the reply. Secret.
    pub token: InteractionToken,
    read: Fields<'a>,
}

/// The fields that are read. All of them may be missing.
#[derive(Default, Deserialize)]
struct Fields<'a> {
    #[serde(rename = "type")]
    kind: Option<u64>,
    id: Option<InteractionId>,
    #[serde(borrow)]
    token: Option<Text<'a>>,
    application_id: Option<ApplicationId>,
    guild_id: Option<GuildId>,
    #[serde(borrow)]
    data: Option<Data<'a>>,
    member: Option<Member>,
    user: Option<User>,
    #[serde(borrow)]
    locale: Option<Text<'a>>,
    #[serde(borrow)]
    guild_locale: Option<Text<'a>>,
    app_permissions: Option<Permissions>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
}

/// A string that is copied only if it contains escapes. Serde always copies a plain `Cow` within an
/// `Option`.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Text<'_> {
    fn get(&self) -> &str {
        &self.0
    }
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    custom_id: Option<Text<'a>>,
    #[serde(rename = "type")]
    command_type: Option<u8>,
    component_type: Option<u8>,
    #[serde(borrow)]
    options: Option<&'a RawValue>,
    #[serde(borrow)]
    values: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Member {
    user: Option<User>,
    permissions: Option<Permissions>,
}

#[derive(Deserialize)]
struct User {
    id: UserId,
}

/// The fields without which no response is possible.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "type")]
    kind: Option<u64>,
    id: Option<InteractionId>,
    #[serde(borrow)]
    token: Option<Text<'a>>,
}

impl<'a> Fields<'a> {
    /// Parses all fields, or only the head if another field has an unexpected type.
    fn parse(body: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(body).or_else(|_| {
            let Head { kind, id, token } = serde_json::from_str(body)?;
            Ok(Self { kind, id, token, ..Self::default() })
        })
    }
}

/// A parsed request body.
#[expect(clippy::large_enum_variant, reason = "made once a request and read where it is made")]
#[derive(Debug)]
pub enum Incoming<'a> {
    /// A PING. Nothing else of it is parsed.
    Ping,
    /// An interaction of a user.
    Interaction(Envelope<'a>),
}

/// The body lacks the id, type or token, so no response is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an interaction")]
pub struct NotAnInteraction;

impl<'a> Incoming<'a> {
    /// Parses the envelope of an interaction.
    ///
    /// Id, type and token are enough: whatever else is unreadable, the user gets a response.
    ///
    /// # Errors
    /// [`NotAnInteraction`] for everything else.
    pub fn parse(body: &'a str) -> Result<Self, NotAnInteraction> {
        let mut read = Fields::parse(body).map_err(|_| NotAnInteraction)?;
        let kind = read.kind.ok_or(NotAnInteraction)?;
        let kind = u8::try_from(kind).map_or(Kind::Unknown, Kind::from);
        if kind == Kind::Ping {
            return Ok(Self::Ping);
        }
        let (Some(id), Some(token)) = (read.id, read.token.take()) else {
            return Err(NotAnInteraction);
        };
        Ok(Self::Interaction(Envelope { kind, id, token: InteractionToken::new(token.0), read }))
    }
}

/// Leaves out the options, which are text of users.
impl fmt::Debug for Envelope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope").field("kind", &self.kind).field("id", &self.id).finish_non_exhaustive()
    }
}

/// Source: Discord, "Component Types".
const BUTTON_TYPE: u8 = 2;

impl Envelope<'_> {
    /// The bot's application id; `None` if it is unreadable.
    pub fn application(&self) -> Option<ApplicationId> {
        self.read.application_id
    }

    /// The guild; `None` in DMs.
    pub fn guild(&self) -> Option<GuildId> {
        self.read.guild_id
    }

    /// The user; `None` if it is unreadable.
    pub fn user(&self) -> Option<UserId> {
        let member = self.read.member.as_ref().and_then(|member| member.user.as_ref());
        member.or(self.read.user.as_ref()).map(|user| user.id)
    }

    /// The member's permissions in the channel; `None` in DMs.
    pub fn permissions(&self) -> Option<Permissions> {
        self.read.member.as_ref()?.permissions
    }

    /// The bot's permissions in the channel; `None` if they are unreadable.
    pub fn app_permissions(&self) -> Option<Permissions> {
        self.read.app_permissions
    }

    /// The type and name of the command.
    pub fn command(&self) -> Option<(CommandKind, &str)> {
        let data = self.read.data.as_ref()?;
        let kind = data.command_type.map_or(Some(CommandKind::Slash), CommandKind::from_number)?;
        Some((kind, data.name.as_ref()?.get()))
    }

    /// Whether a button was clicked, rather than a select menu used.
    pub fn is_button(&self) -> bool {
        let kind = self.read.data.as_ref().and_then(|data| data.component_type);
        kind.is_none_or(|kind| kind == BUTTON_TYPE)
    }

    /// The chosen values of a select menu.
    pub fn chosen(&self) -> Vec<String> {
        let values = self.read.data.as_ref().and_then(|data| data.values);
        values.and_then(|values| serde_json::from_str(values.get()).ok()).unwrap_or_default()
    }

    /// Whether it belongs to a message: a component, or a modal opened from one.
    pub fn is_on_message(&self) -> bool {
        self.read.message.is_some_and(|message| message.get() != "null")
    }

    /// Whether that message is ephemeral.
    pub fn is_on_ephemeral_message(&self) -> bool {
        #[derive(Deserialize)]
        struct Message {
            #[serde(default)]
            flags: u32,
        }
        let message = self.read.message.and_then(|message| serde_json::from_str(message.get()).ok());
        message.is_some_and(|Message { flags }| flags & EPHEMERAL != 0)
    }

    /// Whether the command has options that need parsing.
    pub fn has_options(&self) -> bool {
        let options = self.read.data.as_ref().and_then(|data| data.options);
        options.is_some_and(|options| options.get() != "[]")
    }

    /// The custom id of the component or modal.
    pub fn custom_id(&self) -> Option<&str> {
        self.read.data.as_ref()?.custom_id.as_ref().map(Text::get)
    }

    /// The language of the user's locale.
    pub fn user_language(&self) -> Language {
        self.read.locale.as_ref().map(Text::get).map(Language::from_locale).unwrap_or_default()
    }

    /// The language of the guild's locale; in DMs, of the user's.
    pub fn place_language(&self) -> Language {
        self.read
            .guild_locale
            .as_ref()
            .map(Text::get)
            .map_or_else(|| self.user_language(), Language::from_locale)
    }
}
