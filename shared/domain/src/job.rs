//! A job: an interaction whose work is deferred, as it travels through the queue.

use std::{fmt, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{ApplicationId, GuildId, InteractionId, InteractionToken, Language, deadline};

/// The version of the envelope of a job. What else travels there says its kind, in version 2
/// ([`crate::watch`]).
pub const VERSION: u64 = 1;

/// How often the queue hands a job out before it goes to the dead letters (`maxReceiveCount`).
pub const MAX_RECEIVES: u32 = 4;

/// What the user did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Used a command.
    Command,
    /// Pressed a button or chose from a menu.
    Component,
    /// Sent a form.
    Form,
}

/// The visibility of a reply: ephemeral, or for the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// The user alone; in the user's language.
    Private,
    /// Everybody in the channel; in the guild's language.
    Public,
}

impl Visibility {
    /// Public only if both are.
    #[must_use]
    pub fn narrowed_to(self, other: Self) -> Self {
        if self == Self::Public { other } else { self }
    }
}

/// Where an answer goes, and who sees it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A message of its own.
    New(Visibility),
    /// The message that a component is on, or a form was opened from.
    InPlace(Visibility),
}

impl Target {
    /// Who sees it.
    pub fn seen_by(self) -> Visibility {
        let (Self::New(seen) | Self::InPlace(seen)) = self;
        seen
    }

    /// The same for these.
    #[must_use]
    pub fn for_eyes_of(self, seen: Visibility) -> Self {
        match self {
            Self::New(_) => Self::New(seen),
            Self::InPlace(_) => Self::InPlace(seen),
        }
    }
}

/// The deferred work of one interaction.
#[derive(Clone, Serialize, Deserialize)]
pub struct Job {
    /// The envelope's version, [`VERSION`].
    pub v: u64,
    /// Whose interaction. Also the idempotency key and the correlation id.
    pub interaction: InteractionId,
    /// Part of the reply's address.
    pub application: ApplicationId,
    /// Part of the reply's address, and a secret.
    pub token: InteractionToken,
    /// Where it happened; `None` outside guilds.
    pub guild: Option<GuildId>,
    /// What was done.
    pub act: Act,
    /// The command that will do the work.
    pub command: String,
    /// The language of the reply, for an apology, should it come to that.
    pub language: Language,
    /// The interaction, byte for byte: writing the parsed form again would lose what it does not know.
    pub body: Box<RawValue>,
}

impl Job {
    /// Reads a job from a queue message.
    ///
    /// # Errors
    /// [`MessageError::Version`] for an envelope of another time, which another version of this code will
    /// take; [`MessageError::Unreadable`] for anything else.
    pub fn parse(text: &str) -> Result<Self, MessageError> {
        match serde_json::from_str::<Version>(text) {
            Ok(Version { v: VERSION }) => serde_json::from_str(text).map_err(|_| MessageError::Unreadable),
            Ok(Version { v }) => Err(MessageError::Version(v)),
            Err(_) => Err(MessageError::Unreadable),
        }
    }

    /// Until when its reply can be given.
    pub fn reply_until(&self) -> Timestamp {
        deadline::reply_until(self.interaction)
    }
}

#[derive(Deserialize)]
struct Version {
    v: u64,
}

/// The body holds the token again, and what the user wrote.
impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("interaction", &self.interaction)
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}

/// Why a message could not be taken for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Not an envelope at all.
    #[error("unreadable")]
    Unreadable,
    /// An envelope of a version that this code does not know.
    #[error("version {0}")]
    Version(u64),
    /// An envelope of a kind that this code does not know.
    #[error("unknown kind")]
    Kind,
}

/// How long the queue holds a job back after its n-th failed receive (1, 2, ...).
///
/// The user is waiting, so the first steps are short; all of them together stay far below the
/// fifteen minutes of the token.
pub fn retry_in(receives: u32) -> Duration {
    Duration::from_secs(match receives {
        0 | 1 => 2,
        2 => 8,
        _ => 20,
    })
}

/// Whether the queue will not hand the job out again after this receive.
pub fn is_last(receives: u32) -> bool {
    receives >= MAX_RECEIVES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_of_another_version_is_told_from_rubbish() {
        assert_eq!(Job::parse(r#"{"v":2,"later":"fields"}"#).unwrap_err(), MessageError::Version(2));
        for rubbish in ["", "not json", "{}", r#"{"v":"1"}"#, r#"{"v":1}"#, r#"{"v":-1}"#] {
            assert_eq!(Job::parse(rubbish).unwrap_err(), MessageError::Unreadable, "{rubbish}");
        }
    }

    #[test]
    fn a_job_does_not_show_its_token_or_what_was_written() {
        let text = r#"{"v":1,"interaction":"5","application":"6","token":"canary-1","guild":null,"act":"command","command":"weather","language":"de","body":{"token":"canary-1","data":"canary-2"}}"#;
        let shown = format!("{:?}", Job::parse(text).unwrap());
        assert!(shown.contains("weather") && !shown.contains("canary"), "{shown}");
    }

    #[test]
    fn a_job_keeps_its_interaction_byte_for_byte() {
        let text = r#"{"v":1,"interaction":"5","application":"6","token":"t","guild":null,"act":"command","command":"weather","language":"de","body":{"a" : 1.0}}"#;
        let job = Job::parse(text).unwrap();
        assert_eq!(job.body.get(), r#"{"a" : 1.0}"#);
        assert_eq!(serde_json::to_string(&job).unwrap(), text);
    }
}
