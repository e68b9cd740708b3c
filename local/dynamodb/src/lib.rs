//! DynamoDB on this machine: the database, its address, and the stream of its changes.

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

pub use stream::{Pump, Relay, Unread};

/// In-memory databases of this process so far, each of which has a name of its own.
static IN_MEMORY: AtomicU64 = AtomicU64::new(0);

/// Why the database or the stream failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The library refused.
    #[error("{0}")]
    Database(#[from] dynoxide::DynoxideError),
    /// SQLite refused.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// An item is not what this version of the library writes.
    #[error("an item: {0}")]
    Item(#[from] serde_json::Error),
    /// A record of the stream is not what this version of the library writes.
    #[error("the stream: {0}")]
    Stream(String),
    /// The position cannot be written down.
    #[error("the position in the stream: {0}")]
    Position(#[from] std::io::Error),
}

/// The database. Clones of it are the same one.
#[derive(Clone)]
pub struct DynamoDb {
    database: dynoxide::Database,
    /// As SQLite opens it, which the trimming of streams needs a second time.
    path: String,
}

impl DynamoDb {
    /// `None` keeps it in memory, where a second connection can still find it.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(file: Option<&Path>) -> Result<Self, Error> {
        let path = match file {
            Some(file) => file.to_string_lossy().into_owned(),
            None => format!("file:/steward-{}?vfs=memdb", IN_MEMORY.fetch_add(1, Ordering::Relaxed)),
        };
        Ok(Self { database: dynoxide::Database::new(&path)?, path })
    }

    /// Answers DynamoDB's API on this listener until the process ends.
    pub async fn serve(self, listener: TcpListener) {
        dynoxide::server::serve_on(listener, self.database).await;
    }

    /// Items of a table as plain JSON, the first `limit` that scans find: one gives a mebibyte at most.
    ///
    /// # Errors
    /// When the table cannot be read.
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

    /// Reads the stream of a table, and gives what it reads to the relay. `position`: the file that
    /// holds how far it has come.
    pub fn pump(&self, table: &str, position: Option<&Path>, relay: Box<dyn Relay>) -> Result<Pump, Error> {
        Pump::open(self.database.clone(), &self.path, table, position, relay)
    }
}

fn plain_item(item: &Value) -> Value {
    let members = item.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.clone(), plain(value))).collect()
}

/// Without DynamoDB's letter for the type; numbers stay the text that they are on the wire.
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
