//! The watchdog message of a job, and the envelope of all messages in the queues of the jobs function.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    ApplicationId, GuildId, InteractionId, InteractionToken, Job, Language, ProbeJob,
    job::{self, MessageError},
};

/// The envelope version that has a `kind` field. A function from before the watchdog, which only reads
/// jobs, leaves such a message in the queue for a newer version.
pub const VERSION: u64 = 2;

/// The kinds of an envelope of version 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A [`Watchdog`].
    #[serde(rename = "watch")]
    Watchdog,
    /// A [`ProbeJob`].
    Probe,
}

/// Makes the jobs function check the job 12.5 minutes after the interaction, and send an error message if
/// there is no reply: every attempt may have been killed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watchdog {
    /// The version of the envelope, always [`VERSION`].
    pub v: u64,
    /// The kind of the envelope.
    pub kind: Kind,
    /// The interaction whose job is watched.
    pub interaction: InteractionId,
    /// Needed to address the reply.
    pub application: ApplicationId,
    /// Needed to address the reply. Secret.
    pub token: InteractionToken,
    /// The guild; `None` in DMs.
    pub guild: Option<GuildId>,
    /// The command whose job it is.
    pub command: String,
    /// The language of the error message.
    pub language: Language,
    /// Whether the error message is sent as a follow-up: a component's message must stay as it is.
    pub beside: bool,
}

impl Watchdog {
    /// The watchdog message for a job.
    pub fn for_job(job: &Job, beside: bool) -> Self {
        Self {
            v: VERSION,
            kind: Kind::Watchdog,
            interaction: job.interaction,
            application: job.application,
            token: job.token.clone(),
            guild: job.guild,
            command: job.command.clone(),
            language: job.language,
            beside,
        }
    }
}

impl fmt::Debug for Watchdog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watchdog")
            .field("interaction", &self.interaction)
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}

/// A message in the queues of the jobs function.
#[derive(Clone, Debug)]
pub enum Queued {
    /// The deferred work of an interaction.
    Job(Job),
    /// The watchdog message of a job.
    Watchdog(Watchdog),
    /// The check of the queue and of the jobs function.
    Probe(ProbeJob),
}

impl Queued {
    /// Reads a queue message.
    ///
    /// # Errors
    /// As [`Job::parse`]; [`MessageError::Kind`] for a kind that only another version of this code reads.
    pub fn parse(text: &str) -> Result<Self, MessageError> {
        let Head { v, kind } = serde_json::from_str(text).map_err(|_| MessageError::Unreadable)?;
        match (v, kind) {
            (VERSION, Some("watch")) => {
                serde_json::from_str(text).map(Self::Watchdog).map_err(|_| MessageError::Unreadable)
            }
            (VERSION, Some("probe")) => {
                serde_json::from_str(text).map(Self::Probe).map_err(|_| MessageError::Unreadable)
            }
            (VERSION, Some(_)) => Err(MessageError::Kind),
            (VERSION, None) => Err(MessageError::Unreadable),
            (job::VERSION, _) => Job::parse(text).map(Self::Job),
            (v, _) => Err(MessageError::Version(v)),
        }
    }
}

#[derive(Deserialize)]
struct Head<'a> {
    v: u64,
    #[serde(borrow)]
    kind: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const WATCHDOG: &str = r#"{"v":2,"kind":"watch","interaction":"5","application":"6","token":"canary","guild":null,"command":"weather","language":"de","beside":false}"#;

    #[test]
    fn a_message_is_told_by_its_version_and_its_kind() {
        assert!(matches!(Queued::parse(WATCHDOG), Ok(Queued::Watchdog(_))));
        let job = r#"{"v":1,"interaction":"5","application":"6","token":"t","guild":null,"act":"command","command":"weather","language":"de","body":{}}"#;
        assert!(matches!(Queued::parse(job), Ok(Queued::Job(_))));
        let probe = ProbeJob::new(InteractionId::new(5).unwrap(), "6".parse().unwrap());
        let written = serde_json::to_string(&probe).unwrap();
        assert_eq!(written, r#"{"v":2,"kind":"probe","interaction":"5","application":"6"}"#);
        assert!(matches!(Queued::parse(&written), Ok(Queued::Probe(read)) if read == probe));
        let refused = |text: &str| Queued::parse(text).unwrap_err();
        assert_eq!(refused(r#"{"v":3,"kind":"watch"}"#), MessageError::Version(3));
        assert_eq!(refused(r#"{"v":2,"kind":"reminder"}"#), MessageError::Kind);
        for rubbish in ["", "[]", "{}", r#"{"v":2}"#, r#"{"v":2,"kind":"watch"}"#, r#"{"v":2,"kind":7}"#] {
            assert_eq!(refused(rubbish), MessageError::Unreadable, "{rubbish}");
        }
    }

    #[test]
    fn a_watch_is_over_the_job_of_its_interaction() {
        let job = Job::parse(r#"{"v":1,"interaction":"5","application":"6","token":"canary","guild":null,"act":"command","command":"weather","language":"de","body":{}}"#).unwrap();
        let watch = Watchdog::for_job(&job, false);
        assert_eq!(serde_json::to_string(&watch).unwrap(), WATCHDOG);
        assert!(Watchdog::for_job(&job, true).beside);
    }

    #[test]
    fn a_function_that_knows_jobs_alone_leaves_a_watchdog_to_others() {
        assert_eq!(Job::parse(WATCHDOG).unwrap_err(), MessageError::Version(2));
    }

    #[test]
    fn a_watchdog_does_not_show_its_token() {
        let shown = format!("{:?}", Queued::parse(WATCHDOG).unwrap());
        assert!(shown.contains("weather") && !shown.contains("canary"), "{shown}");
    }
}
