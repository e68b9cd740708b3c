//! What may be shown of a message in the dead-letter queue: why it failed, without the token or any text of
//! users.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{GuildId, InteractionId, Queued, deadline};

/// The stored failure of a job's last receive. It has no user id and no text of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The guild; `None` in DMs.
    pub guild: Option<GuildId>,
    /// The command's name.
    pub command: String,
    /// [`crate::Fault::component`].
    pub component: String,
    /// [`crate::Fault::code`].
    pub code: String,
    /// SQS's receive count of the failed receive.
    pub receives: u32,
    /// When it failed.
    pub at: Timestamp,
}

impl Failure {
    /// `component: code`, as in the logs.
    pub fn reason(&self) -> String {
        format!("{}: {}", self.component, self.code)
    }
}

/// The kind of a message in the dead-letter queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A [`crate::Job`].
    Job,
    /// The watchdog message of a job.
    #[serde(rename = "watch")]
    Watchdog,
    /// A message that this version cannot parse.
    Poison,
}

/// A message in the dead-letter queue, without its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The interaction's id; for a message that cannot be parsed, its SQS message id.
    pub id: String,
    /// The SQS message id.
    pub message: String,
    /// What it is.
    pub kind: Kind,
    /// The correlation id; `None` if the message cannot be parsed.
    pub interaction: Option<InteractionId>,
    /// The guild; `None` in DMs, or if the message cannot be parsed.
    pub guild: Option<GuildId>,
    /// The command's name; `None` if the message cannot be parsed.
    pub command: Option<String>,
    /// `component: code` of the last attempt, or why the message cannot be parsed.
    pub reason: String,
    /// Whether it is too late for a reply.
    pub expired: bool,
    /// When it was first sent to the queue.
    pub sent: Timestamp,
    /// Seconds since then.
    pub age_seconds: u64,
    /// When its last attempt failed; `None` if no failure was stored.
    pub failed_at: Option<Timestamp>,
    /// The receive count of that attempt.
    pub receives: Option<u32>,
}

/// The reason if no failure was stored: no attempt lived long enough to store one.
const KILLED_REASON: &str = "every attempt was killed";

impl DeadLetter {
    /// What may be shown of the message with this body and SQS message id. `failure` is the stored failure
    /// of its interaction.
    pub fn from_message(
        body: &str,
        message: &str,
        sent: Timestamp,
        now: Timestamp,
        failure: Option<&Failure>,
    ) -> Self {
        let mut letter = Self {
            id: message.to_owned(),
            message: message.to_owned(),
            kind: Kind::Poison,
            interaction: None,
            guild: None,
            command: None,
            reason: failure.map_or_else(|| KILLED_REASON.to_owned(), Failure::reason),
            expired: true,
            sent,
            age_seconds: deadline::left(sent, now).as_secs(),
            failed_at: failure.map(|failure| failure.at),
            receives: failure.map(|failure| failure.receives),
        };
        match Queued::parse(body) {
            Ok(Queued::Job(job)) => letter.is(Kind::Job, job.interaction, job.guild, job.command, now),
            Ok(Queued::Watchdog(watchdog)) => {
                letter.is(Kind::Watchdog, watchdog.interaction, watchdog.guild, watchdog.command, now);
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

/// The interaction that a message belongs to; `None` if it cannot be parsed.
pub fn interaction_of(body: &str) -> Option<InteractionId> {
    match Queued::parse(body).ok()? {
        Queued::Job(job) => Some(job.interaction),
        Queued::Watchdog(watchdog) => Some(watchdog.interaction),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: &str = r#"{"v":1,"interaction":"175928847299117063","application":"6","token":"canary-1","guild":"7","act":"command","command":"weather","language":"de","body":{"token":"canary-1","data":"canary-2"}}"#;

    fn letter(body: &str, failure: Option<&Failure>, age: i64) -> DeadLetter {
        let born: Timestamp = "2016-04-30T11:18:25Z".parse().unwrap();
        let now = Timestamp::from_second(born.as_second() + age).unwrap();
        DeadLetter::from_message(body, "m-1", born, now, failure)
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
        assert_eq!(letter(JOB, None, 60).reason, KILLED_REASON);
        assert!(letter(JOB, None, 900).expired);
        let last = deadline::reply_until("175928847299117063".parse().unwrap());
        assert!(
            !DeadLetter::from_message(JOB, "m-1", last, last, None).expired,
            "the last millisecond counts"
        );
    }

    #[test]
    fn a_message_that_can_be_read_names_its_interaction() {
        let watch = r#"{"v":2,"kind":"watch","interaction":"175928847299117063","application":"6","token":"canary-1","guild":"7","command":"weather","language":"de","beside":false}"#;
        for (body, kind) in [(JOB, Kind::Job), (watch, Kind::Watchdog)] {
            let shown = letter(body, None, 60);
            assert_eq!(
                (shown.kind, shown.guild, shown.interaction),
                (kind, GuildId::new(7), interaction_of(body))
            );
            assert_eq!(interaction_of(body).map(InteractionId::get), Some(175_928_847_299_117_063));
        }
        assert_eq!(interaction_of("canary"), None);
    }

    #[test]
    fn poison_goes_by_the_name_of_its_message() {
        for (body, reason) in [("canary", "unreadable"), (r#"{"v":99}"#, "version 99")] {
            let shown = letter(body, None, 60);
            assert_eq!((shown.id.as_str(), shown.kind, shown.reason.as_str()), ("m-1", Kind::Poison, reason));
        }
    }
}
