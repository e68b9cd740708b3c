//! The SQLite database of the simulated Discord.

use std::path::Path;

use parking_lot::{Mutex, MutexGuard};
use rusqlite::{Connection, OptionalExtension, Params, Transaction, TransactionBehavior};
use serde::{Serialize, de::DeserializeOwned};

use super::feed::Feed;
use crate::{Error, Snowflake};

/// Documents are JSON; only what queries need has a column of its own.
const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, document TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS guilds (id INTEGER PRIMARY KEY, document TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS channels (id INTEGER PRIMARY KEY, document TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS members (
    guild INTEGER, user INTEGER, document TEXT NOT NULL, PRIMARY KEY (guild, user)) STRICT;
CREATE TABLE IF NOT EXISTS commands (
    id INTEGER PRIMARY KEY, guild INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL,
    document TEXT NOT NULL, UNIQUE (guild, kind, name)) STRICT;
CREATE TABLE IF NOT EXISTS command_creates (guild INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS command_permissions (
    guild INTEGER, command INTEGER, document TEXT NOT NULL, PRIMARY KEY (guild, command)) STRICT;
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, document TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS interactions (
    id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
    deferred INTEGER NOT NULL, edits INTEGER NOT NULL, document TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_channel ON messages (channel, id);
DROP TABLE IF EXISTS files;
CREATE TABLE IF NOT EXISTS attachments (
    id INTEGER PRIMARY KEY, message INTEGER NOT NULL, content_type TEXT NOT NULL, data BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS attachments_by_message ON attachments (message);
CREATE TRIGGER IF NOT EXISTS files_go_with_their_message AFTER DELETE ON messages BEGIN
    DELETE FROM attachments WHERE message = old.id;
END;
CREATE TABLE IF NOT EXISTS skus (id INTEGER PRIMARY KEY, document TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS entitlements (id INTEGER PRIMARY KEY, document TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS interactions_by_state ON interactions (state);
CREATE INDEX IF NOT EXISTS autocompletes ON interactions (id)
    WHERE json_extract(document, '$.kind') = 'Autocomplete';
";

#[derive(Debug)]
pub(crate) struct Store {
    // One connection: every call is short, and none is held across an await.
    connection: Mutex<Connection>,
    feed: Feed,
}

impl Store {
    /// Opens or creates the database; `None` keeps it in memory.
    pub(crate) fn open(path: Option<&Path>, feed: Feed) -> Result<Self, Error> {
        let connection = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        // With WAL, committed data survives a killed process even without an fsync for each commit (NORMAL).
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(SCHEMA)?;
        feed.listen(&connection);
        Ok(Self { connection: Mutex::new(connection), feed })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock()
    }

    pub(crate) fn read<T, E>(&self, work: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        work(&self.lock())
    }

    /// Runs `work` in a transaction, which an error rolls back.
    pub(crate) fn write<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let done = transact(&mut connection, work);
        if done.is_ok() {
            self.feed.tell();
        } else {
            self.feed.forget();
        }
        done
    }
}

fn transact<T, E: From<Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::from)?;
    let value = work(&transaction)?;
    transaction.commit().map_err(Error::from)?;
    Ok(value)
}

/// The first row's only column, read as JSON.
pub(crate) fn document<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Option<T>, Error> {
    let text: Option<String> =
        connection.prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional()?;
    text.map(|text| Ok(serde_json::from_str(&text)?)).transpose()
}

/// Every row's only column, read as JSON.
pub(crate) fn documents<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<T>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| row.get::<_, String>(0))?;
    rows.map(|row| Ok(serde_json::from_str(&row?)?)).collect()
}

pub(crate) fn execute(connection: &Connection, sql: &str, params: impl Params) -> Result<usize, Error> {
    Ok(connection.prepare_cached(sql)?.execute(params)?)
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, Error> {
    Ok(serde_json::to_string(value)?)
}

pub(crate) fn setting(connection: &Connection, name: &str) -> Result<Option<String>, Error> {
    let mut statement = connection.prepare_cached("SELECT value FROM settings WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

pub(crate) fn set_setting(connection: &Connection, name: &str, value: &str) -> Result<(), Error> {
    execute(connection, "INSERT OR REPLACE INTO settings VALUES (?1, ?2)", [name, value])?;
    Ok(())
}

/// The highest id in use, so that ids keep increasing after a restart.
pub(crate) fn highest_id(connection: &Connection) -> Result<Option<Snowflake>, Error> {
    const SQL: &str = "SELECT max(id) FROM (
        SELECT max(id) AS id FROM users UNION SELECT max(id) FROM guilds
        UNION SELECT max(id) FROM channels UNION SELECT max(id) FROM commands
        UNION SELECT max(id) FROM messages UNION SELECT max(id) FROM interactions
        UNION SELECT max(id) FROM skus UNION SELECT max(id) FROM entitlements
        UNION SELECT max(id) FROM attachments)";
    Ok(connection.query_row(SQL, [], |row| row.get(0))?)
}
