//! A local DynamoDB, built on `dynoxide`: the database, its HTTP API, and the reader of a table's stream.

mod hot_keys;
mod stream;
#[cfg(test)]
mod tests;
mod wire;

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use serde_json::{Value, json};
use tokio::net::TcpListener;

pub use hot_keys::{HotKeys, MAX_WRITES_PER_SECOND};
pub use stream::{Pump, Relay, Unread};

/// The number of in-memory databases of this process, which makes their names unique.
static IN_MEMORY_DATABASES: AtomicU64 = AtomicU64::new(0);

/// Why the database or the stream failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `dynoxide` failed.
    #[error("{0}")]
    Database(#[from] dynoxide::DynoxideError),
    /// SQLite failed.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// An item cannot be converted from or to JSON.
    #[error("an item: {0}")]
    Item(#[from] serde_json::Error),
    /// A record of the stream has an unexpected format.
    #[error("the stream: {0}")]
    Stream(String),
    /// The file with the position cannot be read or written.
    #[error("the position in the stream: {0}")]
    Position(#[from] std::io::Error),
}

/// The database. Clones share it.
#[derive(Clone)]
pub struct DynamoDb {
    database: dynoxide::Database,
    /// SQLite's path or URI, for the second connection that trims streams.
    path: String,
}

impl DynamoDb {
    /// Opens the file. `None` keeps the database in memory, under a URI that a second connection can open.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(file: Option<&Path>) -> Result<Self, Error> {
        let path = match file {
            Some(file) => file.to_string_lossy().into_owned(),
            None => {
                format!("file:/steward-{}?vfs=memdb", IN_MEMORY_DATABASES.fetch_add(1, Ordering::Relaxed))
            }
        };
        Ok(Self { database: dynoxide::Database::new(&path)?, path })
    }

    /// Serves DynamoDB's API on this listener until the process ends.
    pub async fn serve(self, listener: TcpListener) {
        dynoxide::server::serve_on(listener, self.database).await;
    }

    /// The first `limit` items of a table as plain JSON. It scans repeatedly, because a scan returns at most 1 MiB.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn items(&self, table: &str, limit: usize) -> Result<Vec<Value>, Error> {
        let (mut items, mut from) = (Vec::new(), Value::Null);
        loop {
            let mut request = json!({ "TableName": table, "Limit": limit - items.len() });
            if !from.is_null() {
                request["ExclusiveStartKey"] = from;
            }
            let found = serde_json::to_value(self.database.scan(serde_json::from_value(request)?)?)?;
            items.extend(found["Items"].as_array().into_iter().flatten().map(plain_item));
            from = found["LastEvaluatedKey"].clone();
            if from.is_null() || items.len() >= limit {
                return Ok(items);
            }
        }
    }

    /// A reader that passes the stream of a table to the relay. `position` is the file with the last record
    /// that was passed on.
    pub fn pump(&self, table: &str, position: Option<&Path>, relay: Box<dyn Relay>) -> Result<Pump, Error> {
        Pump::open(self.database.clone(), &self.path, table, position, relay)
    }
}

fn plain_item(item: &Value) -> Value {
    let members = item.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.clone(), plain(value))).collect()
}

/// A value without DynamoDB's type descriptor. Numbers stay strings, as in DynamoDB's JSON.
fn plain(value: &Value) -> Value {
    let Some((kind, inner)) = value.as_object().and_then(|object| object.iter().next()) else {
        return value.clone();
    };
    match kind.as_str() {
        "M" => plain_item(inner),
        "L" => inner.as_array().into_iter().flatten().map(plain).collect(),
        "NULL" => Value::Null,
        _ => inner.clone(),
    }
}
