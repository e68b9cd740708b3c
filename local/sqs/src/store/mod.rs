//! The queues in SQLite. All functions are short and blocking, and get the time as an argument.

pub(super) mod dead_letters;
pub(super) mod messages;
pub(super) mod queues;
pub(super) mod receive;
pub(super) mod retention;

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::Error;

/// Milliseconds since 1970, by the stack's clock.
pub(super) type Millis = i64;

pub(super) struct Store {
    db: Connection,
}

/// The state follows from `visible_from` and `receive_count`: hidden and received is in flight, hidden and
/// never received is delayed.
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS queues (
        name TEXT PRIMARY KEY,
        attributes TEXT NOT NULL,
        created INTEGER NOT NULL,
        modified INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS messages (
        arrival INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        queue TEXT NOT NULL REFERENCES queues (name),
        body TEXT NOT NULL,
        attributes TEXT NOT NULL,
        group_id TEXT,
        trace_header TEXT,
        sent INTEGER NOT NULL,
        visible_from INTEGER NOT NULL,
        receive_count INTEGER NOT NULL DEFAULT 0,
        first_received INTEGER,
        dead_letter_source TEXT
    );
    CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (queue, visible_from);
    CREATE INDEX IF NOT EXISTS messages_by_age ON messages (queue, sent);
";

impl Store {
    /// Opens the database in this file; `None` keeps it in memory.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Error> {
        let db = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        // With a write-ahead log, committed data survives a killed process without an fsync. A power
        // failure may lose the last messages, which is acceptable in development.
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.execute_batch(SCHEMA)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Self { db })
    }

    /// Begins a transaction, which is rolled back if it is dropped without a commit.
    pub(super) fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        Ok(self.db.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

/// Seconds in milliseconds.
fn seconds(count: u32) -> Millis {
    Millis::from(count) * 1000
}
