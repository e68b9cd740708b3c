//! An interaction: who did what, its state, and what the user saw.

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

/// The state of the application's response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    /// Sent, and not yet answered.
    Pending,
    /// The user sees "thinking…".
    Deferred,
    /// A component was acknowledged by type 6; its message may still be edited.
    DeferredUpdate,
    Answered,
    /// "The application did not respond". The token is invalid.
    Failed,
}

impl State {
    /// The name in the database column.
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
    /// The name of the command with its subcommands, or the custom id.
    pub name: String,
    pub user: Snowflake,
    pub channel: Snowflake,
    /// `authorizing_integration_owners`, repeated in the metadata of its messages.
    pub owners: Value,
    /// Further fields of its messages' `interaction_metadata`: the target, or the interaction that opened the modal.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// Whether responses are always ephemeral, because the user lacks `USE_EXTERNAL_APPS` here.
    #[serde(default)]
    pub only_private: bool,
    pub acted_at: Timestamp,
    pub state: State,
    /// Whether the response was type 5 or 6; it stays true after the edit.
    pub deferred: bool,
    /// The message behind `@original`.
    pub original: Option<Snowflake>,
    /// The message whose component was used.
    pub source: Option<Snowflake>,
    /// Follow-up messages that still exist.
    pub follow_ups: Vec<Snowflake>,
    /// The interaction of the submission, if this one opened a modal.
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

/// Whether `authorizing_integration_owners` has a user (1) and no guild (0).
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

/// Fails interactions that were pending when the process ended: their HTTP requests are gone.
pub(crate) fn fail_pending(connection: &Connection, now: Timestamp) -> Result<(), Error> {
    let sql = "SELECT document FROM interactions WHERE state = 'pending'";
    for mut interaction in store::documents::<Interaction>(connection, sql, [])? {
        interaction.fail(now, "the simulated Discord was restarted meanwhile".into());
        save(connection, &interaction)?;
    }
    Ok(())
}

/// How many interactions ended how. An interaction may count in several fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Answered without being deferred.
    pub answered: u64,
    /// Deferred by type 5 or 6.
    pub deferred: u64,
    /// Original response edited at least once.
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

/// The counts of one interaction.
pub(crate) fn as_counted(state: &str, deferred: bool, edits: u32) -> Counts {
    Counts {
        answered: u64::from(state == "answered" && !deferred),
        deferred: u64::from(deferred),
        edited: u64::from(edits > 0),
        failed: u64::from(state == "failed"),
    }
}
