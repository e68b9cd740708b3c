//! Reads the stream of a table in order, passes records to a relay, and deletes them afterwards.
//!
//! `dynoxide` never deletes stream records, and each write scans them all for the highest sequence number. So
//! records that were passed on are deleted here, except the last one, from which the next number is derived.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use dynoxide::{
    Database,
    actions::{
        describe_stream::DescribeStreamRequest, get_records::GetRecordsRequest,
        get_shard_iterator::GetShardIteratorRequest, list_streams::ListStreamsRequest,
    },
};
use rusqlite::Connection;
use serde_json::Value;

use super::Error;

/// The pause before the next poll if there was nothing new, in real time.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// `dynoxide` adds this to stored sequence numbers.
const SEQUENCE_OFFSET: u128 = 100_000_000_000_000_000_000;
/// How long to wait for SQLite's lock; a write of `dynoxide` takes less.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Receives the changes of a table, as a Lambda function would.
pub trait Relay: Send {
    /// Handles records, oldest first. After `false` they are passed again.
    fn take(&mut self, records: &[Value]) -> bool;
}

/// A relay that discards all records. It keeps the stream short until there is a relay of domain events.
pub struct Unread;

impl Relay for Unread {
    fn take(&mut self, _: &[Value]) -> bool {
        true
    }
}

/// A reader of one table's stream.
pub struct Pump {
    database: Database,
    sqlite: Connection,
    table: String,
    position: Option<PathBuf>,
    relay: Box<dyn Relay>,
    /// The stream's ARN, and the sequence number of the last record that was passed on.
    after: Option<(String, String)>,
}

impl Pump {
    pub(super) fn open(
        database: Database,
        path: &str,
        table: &str,
        position: Option<&Path>,
        relay: Box<dyn Relay>,
    ) -> Result<Self, Error> {
        let sqlite = Connection::open(path)?;
        sqlite.busy_timeout(BUSY_TIMEOUT)?;
        // A power failure may undo the last deletions, which are then repeated.
        sqlite.pragma_update(None, "synchronous", "NORMAL")?;
        let after = position.map(read_position).transpose()?.flatten();
        let position = position.map(Path::to_owned);
        Ok(Self { database, sqlite, table: table.to_owned(), position, relay, after })
    }

    /// Reads until the task is aborted.
    pub async fn run(mut self) {
        loop {
            let turn = tokio::task::spawn_blocking(move || (self.turn(), self)).await;
            // The runtime is shutting down.
            let Ok((turn, pump)) = turn else { return };
            self = pump;
            match turn {
                Ok(0) => tokio::time::sleep(POLL_INTERVAL).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, table = self.table, "the stream of a table could not be read");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Passes on new records. Returns how many.
    pub(super) fn turn(&mut self) -> Result<usize, Error> {
        let Some(stream) = self.stream()? else { return Ok(0) };
        let records = self.read(&stream)?;
        let Some(last) = records.last() else { return Ok(0) };
        let last = last["dynamodb"]["SequenceNumber"].as_str().unwrap_or("").to_owned();
        if !self.relay.take(&records) {
            return Ok(0);
        }
        if let Some(file) = &self.position {
            write_position(file, &stream, &last)?;
        }
        self.trim(&last)?;
        self.after = Some((stream, last));
        Ok(records.len())
    }

    /// The ARN of the table's stream; `None` if it has none.
    fn stream(&self) -> Result<Option<String>, Error> {
        let request = ListStreamsRequest { table_name: Some(self.table.clone()), ..Default::default() };
        let mut streams = self.database.list_streams(request)?.streams;
        Ok(streams.pop().map(|stream| stream.stream_arn))
    }

    fn read(&self, stream: &str) -> Result<Vec<Value>, Error> {
        let request = DescribeStreamRequest { stream_arn: stream.to_owned(), ..Default::default() };
        let shards = self.database.describe_stream(request)?.stream_description.shards;
        let Some(shard) = shards.into_iter().next() else { return Ok(Vec::new()) };
        // A position in another stream is that of a deleted table of the same name.
        let after = self.after.as_ref().filter(|(of, _)| of == stream).map(|(_, number)| number.clone());
        let kind = if after.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" };
        let request = GetShardIteratorRequest {
            stream_arn: stream.to_owned(),
            shard_id: shard.shard_id,
            shard_iterator_type: kind.to_owned(),
            sequence_number: after,
        };
        let iterator = self.database.get_shard_iterator(request)?.shard_iterator.unwrap_or_default();
        let request = GetRecordsRequest { shard_iterator: iterator, limit: None };
        let records = self.database.get_records(request)?.records;
        records.iter().map(|record| event(record, stream)).collect()
    }

    /// Deletes all records before this one.
    fn trim(&self, last: &str) -> Result<(), Error> {
        let stored = last.parse::<u128>().ok().and_then(|number| number.checked_sub(SEQUENCE_OFFSET));
        let stored = stored.and_then(|number| i64::try_from(number).ok());
        let stored = stored.ok_or_else(|| Error::Stream(format!("`{last}` is not a sequence number")))?;
        let sql =
            "DELETE FROM _stream_records WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) < ?2";
        self.sqlite.prepare_cached(sql)?.execute((&self.table, stored))?;
        Ok(())
    }
}

/// A record as in the event of a Lambda function.
fn event(record: &impl serde::Serialize, stream: &str) -> Result<Value, Error> {
    let mut event = serde_json::to_value(record).map_err(|error| Error::Stream(error.to_string()))?;
    event["eventSourceARN"] = stream.into();
    Ok(event)
}

/// Reads the position: the stream's ARN and the sequence number, one a line.
fn read_position(file: &Path) -> Result<Option<(String, String)>, Error> {
    match fs::read_to_string(file) {
        Ok(text) => {
            Ok(text.trim().split_once('\n').map(|(stream, number)| (stream.to_owned(), number.to_owned())))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Replaces the file atomically, so that a crash cannot leave half a position.
fn write_position(file: &Path, stream: &str, number: &str) -> Result<(), Error> {
    let new = file.with_extension("new");
    fs::write(&new, format!("{stream}\n{number}\n"))?;
    Ok(fs::rename(new, file)?)
}
