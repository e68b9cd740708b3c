//! A job: the deferred work of an interaction, as a queue message.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{ApplicationId, GuildId, InteractionId, InteractionToken, Language};

/// The envelope version of a job. Other kinds of message use version 2 with a `kind` field (see
/// [`crate::watchdog`]).
pub const VERSION: u64 = 1;

/// How often the queue delivers a message before it moves it to the dead-letter queue (`maxReceiveCount`).
/// Only messages whose receives are all killed come so far: waiting out the 14 minutes of a reply takes 17
/// receives, waiting for another version 28.
pub const MAX_RECEIVES: u32 = 60;

/// How many attempts a job has. Faults of services that it needs are waited out and are no attempts.
pub const MAX_ATTEMPTS: u32 = 4;

/// When a message that only another version of this code can execute comes back.
pub const ANOTHER_VERSION_IN: Duration = Duration::from_secs(30);

/// What the user did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Used a command.
    Command,
    /// Clicked a button or chose from a select menu.
    Component,
    /// Submitted a modal.
    #[serde(rename = "form")]
    Modal,
}

/// The visibility of a reply: ephemeral or public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Ephemeral: only the user, in the user's language.
    Ephemeral,
    /// Everyone in the channel, in the guild's language.
    Public,
}

impl Visibility {
    /// The more restrictive of the two.
    #[must_use]
    pub fn restricted_to(self, other: Self) -> Self {
        if self == Self::Public { other } else { self }
    }
}

/// Where a reply goes, and who can see it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A message of its own.
    New(Visibility),
    /// The message that the component is on, or from which the modal was opened.
    InPlace(Visibility),
}

impl Target {
    /// The visibility of the reply.
    pub fn visibility(self) -> Visibility {
        let (Self::New(seen) | Self::InPlace(seen)) = self;
        seen
    }

    /// The same place with this visibility.
    #[must_use]
    pub fn with_visibility(self, seen: Visibility) -> Self {
        match self {
            Self::New(_) => Self::New(seen),
            Self::InPlace(_) => Self::InPlace(seen),
        }
    }
}

/// The deferred work of one interaction.
#[derive(Clone, Serialize, Deserialize)]
pub struct Job {
    /// The version of the envelope, always [`VERSION`].
    pub v: u64,
    /// The interaction's id: also the idempotency key and the correlation id.
    pub interaction: InteractionId,
    /// Needed to address the reply.
    pub application: ApplicationId,
    /// Needed to address the reply. Secret.
    pub token: InteractionToken,
    /// The guild; `None` in DMs.
    pub guild: Option<GuildId>,
    /// What the user did.
    pub act: Act,
    /// The name of the command that does the work.
    pub command: String,
    /// The language of the reply; also used for an error message.
    pub language: Language,
    /// The interaction's JSON, byte for byte, so that fields unknown to this version are kept.
    pub body: Box<RawValue>,
}

impl Job {
    /// Reads a job from a queue message.
    ///
    /// # Errors
    /// [`MessageError::Version`] for an envelope of another version, which a function of that version will
    /// read; [`MessageError::Unreadable`] for anything else.
    pub fn parse(text: &str) -> Result<Self, MessageError> {
        // The version first, because another version may have other fields.
        match serde_json::from_str::<Version>(text) {
            Ok(Version { v: VERSION }) => serde_json::from_str(text).map_err(|_| MessageError::Unreadable),
            Ok(Version { v }) => Err(MessageError::Version(v)),
            Err(_) => Err(MessageError::Unreadable),
        }
    }
}

#[derive(Deserialize)]
struct Version {
    v: u64,
}

/// Leaves out the token, and the body, which contains the token again and the user's text.
impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("interaction", &self.interaction)
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}

/// Why a queue message cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// It is not an envelope.
    #[error("unreadable")]
    Unreadable,
    /// An envelope of a version that this code does not know.
    #[error("version {0}")]
    Version(u64),
    /// An envelope of a kind that this code does not know.
    #[error("unknown kind")]
    Kind,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_for_the_user_alone_is_never_widened() {
        use Visibility::{Ephemeral, Public};
        for (one, other, narrower) in [
            (Public, Public, Public),
            (Public, Ephemeral, Ephemeral),
            (Ephemeral, Public, Ephemeral),
            (Ephemeral, Ephemeral, Ephemeral),
        ] {
            assert_eq!(one.restricted_to(other), narrower, "{one:?} and {other:?}");
        }
    }

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
