//! Dead letters: what of a message that failed for good may be shown, and why it failed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{GuildId, InteractionId, Queued, deadline};

/// The last attempt of a job that failed on its last receive. It names no user and quotes nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where; `None` outside guilds.
    pub guild: Option<GuildId>,
    /// The command.
    pub command: String,
    /// [`crate::Fault::place`].
    pub component: String,
    /// [`crate::Fault::code`].
    pub code: String,
    /// Which receive it was.
    pub receives: u32,
    /// When.
    pub at: Timestamp,
}

impl Failure {
    /// Place and code, as the logs have them.
    pub fn reason(&self) -> String {
        format!("{}: {}", self.component, self.code)
    }
}

/// What a message of the dead-letter queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A job.
    Job,
    /// A watch over one.
    Watch,
    /// Neither, for this version.
    Poison,
}

/// A message of the dead-letter queue, without its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its name: the interaction's id, and of a poison message the message's own.
    pub id: String,
    /// The queue's own name for it.
    pub message: String,
    /// What it is.
    pub kind: Kind,
    /// The correlation id; of poison, `None`.
    pub interaction: Option<InteractionId>,
    /// Where; `None` outside guilds.
    pub guild: Option<GuildId>,
    /// The command.
    pub command: Option<String>,
    /// Why it is here: `place: code` of the last attempt.
    pub reason: String,
    /// Whether a reply can no longer be given.
    pub expired: bool,
    /// When it was first sent.
    pub sent: Timestamp,
    /// How long ago that is, in seconds.
    pub age_seconds: u64,
    /// When its last attempt failed, if that was written down.
    pub failed_at: Option<Timestamp>,
    /// On which receive that was.
    pub receives: Option<u32>,
}

/// No failure was recorded, so no attempt lived long enough to record one.
const KILLED: &str = "every attempt was killed";

impl Letter {
    /// What may be shown of a message. `failure` is what was written down about its interaction.
    pub fn of(body: &str, message: &str, sent: Timestamp, now: Timestamp, failure: Option<&Failure>) -> Self {
        let mut letter = Self {
            id: message.to_owned(),
            message: message.to_owned(),
            kind: Kind::Poison,
            interaction: None,
            guild: None,
            command: None,
            reason: failure.map_or_else(|| KILLED.to_owned(), Failure::reason),
            expired: true,
            sent,
            age_seconds: deadline::left(sent, now).as_secs(),
            failed_at: failure.map(|failure| failure.at),
            receives: failure.map(|failure| failure.receives),
        };
        match Queued::parse(body) {
            Ok(Queued::Job(job)) => letter.is(Kind::Job, job.interaction, job.guild, job.command, now),
            Ok(Queued::Watch(watch)) => {
                letter.is(Kind::Watch, watch.interaction, watch.guild, watch.command, now);
            }
            Err(poison) => letter.reason = poison.to_string(),
        }
        letter
    }

    fn is(
        &mut self,
        kind: Kind,
        interaction: InteractionId,
        guild: Option<GuildId>,
        command: String,
        now: Timestamp,
    ) {
        self.kind = kind;
        self.id = interaction.to_string();
        self.interaction = Some(interaction);
        self.guild = guild;
        self.command = Some(command);
        self.expired = now > deadline::reply_until(interaction);
    }
}

/// The interaction of a message, if it has one.
pub fn interaction_of(body: &str) -> Option<InteractionId> {
    match Queued::parse(body).ok()? {
        Queued::Job(job) => Some(job.interaction),
        Queued::Watch(watch) => Some(watch.interaction),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: &str = r#"{"v":1,"interaction":"175928847299117063","application":"6","token":"canary-1","guild":"7","act":"command","command":"weather","language":"de","body":{"token":"canary-1","data":"canary-2"}}"#;

    fn letter(body: &str, failure: Option<&Failure>, age: i64) -> Letter {
        let born: Timestamp = "2016-04-30T11:18:25Z".parse().unwrap();
        let now = Timestamp::from_second(born.as_second() + age).unwrap();
        Letter::of(body, "m-1", born, now, failure)
    }

    #[test]
    fn a_letter_says_why_and_shows_neither_token_nor_text() {
        let failure = Failure {
            guild: None,
            command: "weather".to_owned(),
            component: "discord".to_owned(),
            code: "status 503".to_owned(),
            receives: 4,
            at: Timestamp::UNIX_EPOCH,
        };
        let shown = letter(JOB, Some(&failure), 60);
        assert_eq!((shown.id.as_str(), shown.reason.as_str()), ("175928847299117063", "discord: status 503"));
        assert_eq!((shown.kind, shown.expired, shown.age_seconds), (Kind::Job, false, 60));
        assert!(!serde_json::to_string(&shown).unwrap().contains("canary"));
        assert_eq!(letter(JOB, None, 60).reason, KILLED);
        assert!(letter(JOB, None, 900).expired);
    }

    #[test]
    fn poison_goes_by_the_name_of_its_message() {
        for (body, reason) in [("canary", "unreadable"), (r#"{"v":99}"#, "version 99")] {
            let shown = letter(body, None, 60);
            assert_eq!((shown.id.as_str(), shown.kind, shown.reason.as_str()), ("m-1", Kind::Poison, reason));
        }
    }
}
