//! One interaction: who did what, what became of it, and what the user saw.

use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    seen::{Seen, Step},
    store,
};
use crate::{Error, Snowflake, limits};

/// What the user did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Command,
    Component,
    Autocomplete,
    Modal,
}

impl Kind {
    /// Discord's interaction type.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Command => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Modal => 5,
        }
    }
}

/// How far the answer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    /// Sent, and not answered yet.
    Pending,
    /// The user sees "thinking…".
    Deferred,
    /// A component was acknowledged; its message may still change.
    DeferredUpdate,
    Answered,
    /// "The application did not respond". The token is dead.
    Failed,
}

impl State {
    /// As the database column and the counters call it.
    fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Deferred | Self::DeferredUpdate => "deferred",
            Self::Answered => "answered",
            Self::Failed => "failed",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Interaction {
    pub id: Snowflake,
    pub token: String,
    pub kind: Kind,
    /// Of the command with its subcommands, or the custom id.
    pub name: String,
    pub user: Snowflake,
    pub channel: Snowflake,
    /// `authorizing_integration_owners`, repeated in the metadata of its messages.
    pub owners: Value,
    /// What the metadata of its messages says beside: a target, or what opened the form.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// Whether the application may show its answers only to the user.
    #[serde(default)]
    pub only_private: bool,
    pub acted_at: Timestamp,
    pub state: State,
    /// Whether the first answer was type 5 or 6; stays true when it is edited.
    pub deferred: bool,
    /// What `@original` means.
    pub original: Option<Snowflake>,
    /// The message whose component was used.
    pub source: Option<Snowflake>,
    /// Follow-ups still there, which this token may edit.
    pub follow_ups: Vec<Snowflake>,
    /// What was sent with the form that it opened.
    #[serde(default)]
    pub submission: Option<Snowflake>,
    /// PATCHes of `@original` that were accepted.
    pub edits: u32,
    pub steps: Vec<Step>,
}

impl Interaction {
    /// Whether only the user, and not the guild, has installed the application.
    pub(crate) fn is_only_of_user(&self) -> bool {
        only_of_user(&self.owners)
    }

    pub(crate) fn age_ms(&self, now: Timestamp) -> i64 {
        now.as_millisecond() - self.acted_at.as_millisecond()
    }

    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        self.age_ms(now) >= limits::TOKEN_MS
    }

    pub(crate) fn see(&mut self, now: Timestamp, seen: Seen) {
        self.steps.push(Step { ms: self.age_ms(now).max(0), seen });
    }

    pub(crate) fn fail(&mut self, now: Timestamp, reason: String) {
        self.state = State::Failed;
        self.see(now, Seen::DidNotRespond { reason });
    }
}

/// By `authorizing_integration_owners`.
pub(crate) fn only_of_user(owners: &Value) -> bool {
    owners.get("1").is_some() && owners.get("0").is_none()
}

pub(crate) fn load(connection: &Connection, id: Snowflake) -> Result<Option<Interaction>, Error> {
    store::document(connection, "SELECT document FROM interactions WHERE id = ?1", [id])
}

pub(crate) fn by_token(connection: &Connection, token: &str) -> Result<Option<Interaction>, Error> {
    store::document(connection, "SELECT document FROM interactions WHERE token = ?1", [token])
}

pub(crate) fn save(connection: &Connection, interaction: &Interaction) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO interactions VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let document = store::json(interaction)?;
    let state = interaction.state.name();
    let row = (interaction.id, &interaction.token, state, interaction.deferred, interaction.edits, document);
    store::execute(connection, sql, row)?;
    Ok(())
}

/// After a restart nobody waits for the answer to what was being sent.
pub(crate) fn fail_pending(connection: &Connection, now: Timestamp) -> Result<(), Error> {
    let sql = "SELECT document FROM interactions WHERE state = 'pending'";
    for mut interaction in store::documents::<Interaction>(connection, sql, [])? {
        interaction.fail(now, "the simulated Discord was restarted meanwhile".into());
        save(connection, &interaction)?;
    }
    Ok(())
}

/// How many interactions ended how. Edited ones are counted a second time there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// With a first answer that says everything.
    pub answered: u64,
    /// With "thinking…" or a silent acknowledgement first.
    pub deferred: u64,
    /// Whose original response was edited at least once.
    pub edited: u64,
    /// "The application did not respond".
    pub failed: u64,
}

impl std::ops::Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            answered: self.answered + other.answered,
            deferred: self.deferred + other.deferred,
            edited: self.edited + other.edited,
            failed: self.failed + other.failed,
        }
    }
}

/// How one row counts.
pub(crate) fn as_counted(state: &str, deferred: bool, edits: u32) -> Counts {
    Counts {
        answered: u64::from(state == "answered" && !deferred),
        deferred: u64::from(deferred),
        edited: u64::from(edits > 0),
        failed: u64::from(state == "failed"),
    }
}
