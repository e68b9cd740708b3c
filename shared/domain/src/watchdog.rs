//! The watchdog message of a job.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ApplicationId, GuildId, InteractionId, InteractionToken, Job, Language};

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
    /// A [`ProbeJob`](crate::ProbeJob).
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::MessageError;

    const WATCHDOG: &str = r#"{"v":2,"kind":"watch","interaction":"5","application":"6","token":"canary","guild":null,"command":"weather","language":"de","beside":false}"#;

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
}
