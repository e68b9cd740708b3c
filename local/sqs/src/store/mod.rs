//! The queues in SQLite. Every function is short, blocks, and takes the time as an argument.

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

/// `visible_from` and `receive_count` tell the state: hidden and received is in flight, hidden and
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
    /// A database in this file, or in memory without one.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Error> {
        let db = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        // With a write-ahead log, what is written survives a killed process without waiting for
        // the disk. A power cut may cost the last messages, and one machine is not production.
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.execute_batch(SCHEMA)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Self { db })
    }

    /// All or nothing. What is not committed is rolled back when it is dropped.
    pub(super) fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        Ok(self.db.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

/// In milliseconds.
fn seconds(count: u32) -> Millis {
    Millis::from(count) * 1000
}
