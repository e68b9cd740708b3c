//! What every interaction carries, read without copying and without believing more than it must.

#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt};

use domain::{ApplicationId, GuildId, InteractionId, InteractionToken, Language, UserId};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Permissions, wire::EPHEMERAL};

/// What the user did. Source: Discord, "Interaction Type".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Discord asks whether we are there.
    Ping,
    /// A command was used.
    Command,
    /// A button was pressed, or something was chosen from a menu.
    Component,
    /// Somebody is typing an option.
    Autocomplete,
    /// A form was sent.
    Modal,
    /// Something of a later time.
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

/// How a command is used. Source: Discord, "Application Command Types".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandKind {
    /// It is typed.
    Slash,
    /// From the context menu of a person.
    User,
    /// From the context menu of a message.
    Message,
}

impl CommandKind {
    fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Slash),
            2 => Some(Self::User),
            3 => Some(Self::Message),
            _ => None,
        }
    }
}

/// The outside of an interaction: enough to route it and to answer it.
pub struct Envelope<'a> {
    /// What the user did.
    pub kind: Kind,
    /// Whose interaction.
    pub id: InteractionId,
    /// The secret to answer it with.
    pub token: InteractionToken,
    read: Fields<'a>,
}

/// What is read of an interaction. All of it may be missing.
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

/// A string that is copied only if it holds escapes. Within an `Option` a plain `Cow` always is.
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

/// The fields without which nobody can be answered.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "type")]
    kind: Option<u64>,
    id: Option<InteractionId>,
    #[serde(borrow)]
    token: Option<Text<'a>>,
}

impl<'a> Fields<'a> {
    /// Reads all fields; only the head if one of the others is not what it should be.
    fn parse(body: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(body).or_else(|_| {
            let Head { kind, id, token } = serde_json::from_str(body)?;
            Ok(Self { kind, id, token, ..Self::default() })
        })
    }
}

/// What came in.
#[expect(clippy::large_enum_variant, reason = "made once a request and read where it is made")]
#[derive(Debug)]
pub enum Incoming<'a> {
    /// Discord's PING; it is answered without looking further.
    Ping,
    /// An interaction of a user.
    Interaction(Envelope<'a>),
}

/// The body has no id, type and token: nobody could be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an interaction")]
pub struct NotAnInteraction;

impl<'a> Incoming<'a> {
    /// Reads the outside of an interaction.
    ///
    /// What has id, type and token is taken, however little else of it can be read: its user gets an
    /// answer.
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

/// The options are what the user wrote.
impl fmt::Debug for Envelope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope").field("kind", &self.kind).field("id", &self.id).finish_non_exhaustive()
    }
}

/// Source: Discord, "Component Types".
const BUTTON: u8 = 2;

impl Envelope<'_> {
    /// The bot's own id; `None` if it could not be read.
    pub fn application(&self) -> Option<ApplicationId> {
        self.read.application_id
    }

    /// Where it happened; `None` outside guilds.
    pub fn guild(&self) -> Option<GuildId> {
        self.read.guild_id
    }

    /// Who did it.
    pub fn user(&self) -> Option<UserId> {
        let member = self.read.member.as_ref().and_then(|member| member.user.as_ref());
        member.or(self.read.user.as_ref()).map(|user| user.id)
    }

    /// What that member may do in this channel; `None` outside guilds.
    pub fn permissions(&self) -> Option<Permissions> {
        self.read.member.as_ref()?.permissions
    }

    /// What the bot may do there.
    pub fn app_permissions(&self) -> Option<Permissions> {
        self.read.app_permissions
    }

    /// The command that was used: how, and its name.
    pub fn command(&self) -> Option<(CommandKind, &str)> {
        let data = self.read.data.as_ref()?;
        let kind = data.command_type.map_or(Some(CommandKind::Slash), CommandKind::of)?;
        Some((kind, data.name.as_ref()?.get()))
    }

    /// Whether a button was pressed, rather than something chosen from a menu.
    pub fn is_button(&self) -> bool {
        let kind = self.read.data.as_ref().and_then(|data| data.component_type);
        kind.is_none_or(|kind| kind == BUTTON)
    }

    /// What was chosen from a menu.
    pub fn chosen(&self) -> Vec<String> {
        let values = self.read.data.as_ref().and_then(|data| data.values);
        values.and_then(|values| serde_json::from_str(values.get()).ok()).unwrap_or_default()
    }

    /// Whether it happened on a message: a component was used, or a form sent that one had opened.
    pub fn is_on_message(&self) -> bool {
        self.read.message.is_some_and(|message| message.get() != "null")
    }

    /// Whether only the user sees that message.
    pub fn is_on_private_message(&self) -> bool {
        #[derive(Deserialize)]
        struct Message {
            #[serde(default)]
            flags: u32,
        }
        let message = self.read.message.and_then(|message| serde_json::from_str(message.get()).ok());
        message.is_some_and(|Message { flags }| flags & EPHEMERAL != 0)
    }

    /// Whether the command was given options that would have to be parsed.
    pub fn has_options(&self) -> bool {
        let options = self.read.data.as_ref().and_then(|data| data.options);
        options.is_some_and(|options| options.get() != "[]")
    }

    /// The custom id of the component or form.
    pub fn custom_id(&self) -> Option<&str> {
        self.read.data.as_ref()?.custom_id.as_ref().map(Text::get)
    }

    /// The language of the person.
    pub fn user_language(&self) -> Language {
        self.read.locale.as_ref().map(Text::get).map(Language::of).unwrap_or_default()
    }

    /// The language of the place; the person's where there is no guild.
    pub fn place_language(&self) -> Language {
        self.read.guild_locale.as_ref().map(Text::get).map_or_else(|| self.user_language(), Language::of)
    }
}
