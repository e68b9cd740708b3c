//! What may be shown of a message in the dead-letter queue: why it failed, without the token or any text of
//! users.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{GuildId, InteractionId, Queued, deadline};

/// The message attribute that names the queue from which the function sent the message here, by its ARN.
pub const SOURCE: &str = "source";
/// The message attribute with the cause of the failure, `component: code`.
pub const CAUSE: &str = "cause";
/// The message attribute with the number of attempts.
pub const ATTEMPTS: &str = "attempts";
/// The message attribute of a message that was sent back to its queue.
pub const REDRIVEN: &str = "redriven";

/// Why the function sent a message to the dead-letter queue. It has no user id and no text of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalFailure {
    /// `component: code`, as in the logs.
    pub cause: String,
    /// How many attempts there were.
    pub attempts: u32,
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
    /// A [`crate::ProbeJob`].
    Probe,
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
    /// `component: code` of the failure, or why the message cannot be parsed.
    pub reason: String,
    /// Whether it is too late for a reply.
    pub expired: bool,
    /// When the user acted; for a message that cannot be parsed, when it came into this queue.
    pub sent: Timestamp,
    /// Seconds since then.
    pub age_seconds: u64,
    /// When it failed for good; `None` if SQS moved it.
    pub failed_at: Option<Timestamp>,
    /// How many attempts there were; `None` if SQS moved it.
    pub attempts: Option<u32>,
}

/// The reason if SQS moved the message: no receive came to an end.
const KILLED_REASON: &str = "it was never executed, or every attempt was killed";

impl DeadLetter {
    /// What may be shown of the message with this body and SQS message id, which has been in the queue since
    /// `since`. `failure` is `None` if SQS moved it.
    pub fn from_message(
        body: &str,
        message: &str,
        since: Timestamp,
        now: Timestamp,
        failure: Option<&FinalFailure>,
    ) -> Self {
        let mut letter = Self {
            id: message.to_owned(),
            message: message.to_owned(),
            kind: Kind::Poison,
            interaction: None,
            guild: None,
            command: None,
            reason: failure.map_or(KILLED_REASON, |failure| &failure.cause).to_owned(),
            expired: true,
            sent: since,
            age_seconds: deadline::left(since, now).as_secs(),
            failed_at: failure.map(|_| since),
            attempts: failure.map(|failure| failure.attempts),
        };
        match Queued::parse(body) {
            Ok(Queued::Job(job)) => letter.is(Kind::Job, job.interaction, job.guild, job.command, now),
            Ok(Queued::Watchdog(watchdog)) => {
                letter.is(Kind::Watchdog, watchdog.interaction, watchdog.guild, watchdog.command, now);
            }
            Ok(Queued::Probe(probe)) => {
                letter.is(Kind::Probe, probe.interaction, None, "(probe)".to_owned(), now);
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
        self.sent = interaction.created_at();
        self.age_seconds = deadline::left(self.sent, now).as_secs();
    }
}

/// The interaction that a message belongs to; `None` if it cannot be parsed.
pub fn interaction_of(body: &str) -> Option<InteractionId> {
    match Queued::parse(body).ok()? {
        Queued::Job(job) => Some(job.interaction),
        Queued::Watchdog(watchdog) => Some(watchdog.interaction),
        Queued::Probe(probe) => Some(probe.interaction),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: &str = r#"{"v":1,"interaction":"175928847299117063","application":"6","token":"canary-1","guild":"7","act":"command","command":"weather","language":"de","body":{"token":"canary-1","data":"canary-2"}}"#;

    fn letter(body: &str, failure: Option<&FinalFailure>, age: i64) -> DeadLetter {
        let born: Timestamp = "2016-04-30T11:18:25.796Z".parse().unwrap();
        let now = Timestamp::from_millisecond(born.as_millisecond() + age * 1_000).unwrap();
        let since = now - jiff::SignedDuration::from_secs(5);
        DeadLetter::from_message(body, "m-1", since, now, failure)
    }

    #[test]
    fn a_letter_says_why_and_how_old_it_is_and_shows_neither_token_nor_text() {
        let failure = FinalFailure { cause: "discord: status 503".to_owned(), attempts: 4 };
        let shown = letter(JOB, Some(&failure), 60);
        assert_eq!((shown.id.as_str(), shown.reason.as_str()), ("175928847299117063", "discord: status 503"));
        assert_eq!((shown.kind, shown.expired, shown.age_seconds), (Kind::Job, false, 60));
        assert_eq!((shown.attempts, shown.failed_at.is_some()), (Some(4), true));
        assert!(!serde_json::to_string(&shown).unwrap().contains("canary"));
        let moved = letter(JOB, None, 60);
        assert_eq!((moved.reason.as_str(), moved.attempts, moved.failed_at), (KILLED_REASON, None, None));
        assert!(letter(JOB, None, 900).expired);
        let last = deadline::reply_until("175928847299117063".parse().unwrap());
        assert!(
            !DeadLetter::from_message(JOB, "m-1", last, last, None).expired,
            "the last millisecond counts"
        );
        assert_eq!(letter("canary", None, 60).age_seconds, 5, "an unreadable one is as old as its stay here");
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
