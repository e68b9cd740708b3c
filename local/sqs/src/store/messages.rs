//! Inserts, hides, reads and deletes messages.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params, types::Type};

use super::{Millis, queues, retention::expire, seconds};
use crate::{
    Error,
    message::{Outgoing, State, Stored},
    message_attribute::{Attribute, MessageAttributes, WireAttribute},
};

/// The columns, in the order in which `stored` reads them.
pub(super) const COLUMNS: &str = "queue, id, body, attributes, group_id, trace_header, sent, \
                                  first_received, receive_count, dead_letter_source, visible_from";

/// Adds the message and returns its id.
pub(crate) fn insert(db: &Connection, queue: &str, message: &Outgoing, now: Millis) -> Result<String, Error> {
    let attributes = queues::get(db, queue)?.attributes;
    message.check(attributes.maximum_message_size)?;
    let id = new_id();
    let delay = message.delay.unwrap_or(attributes.delay);
    let wire: BTreeMap<_, _> = message.attributes.iter().map(|(k, v)| (k, v.wire())).collect();
    let mut insert = db.prepare_cached(
        "INSERT INTO messages
            (id, queue, body, attributes, group_id, trace_header, sent, visible_from)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    insert.execute(params![
        id,
        queue,
        message.body,
        serde_json::to_string(&wire)?,
        message.group,
        message.trace_header,
        now,
        now + seconds(delay),
    ])?;
    Ok(id)
}

/// Deletes the message if it exists. As on SQS, deleting twice is no error.
pub(crate) fn delete(db: &Connection, queue: &str, id: &str) -> Result<(), Error> {
    db.prepare_cached("DELETE FROM messages WHERE queue = ?1 AND id = ?2")?.execute([queue, id])?;
    Ok(())
}

/// Hides a message in flight for `timeout` seconds from now; 0 makes it visible.
pub(crate) fn change_visibility(
    db: &Connection,
    queue: &str,
    id: &str,
    timeout: u32,
    now: Millis,
) -> Result<(), Error> {
    let mut select = db.prepare_cached("SELECT visible_from FROM messages WHERE queue = ?1 AND id = ?2")?;
    match select.query_row([queue, id], |row| row.get::<_, Millis>(0)).optional()? {
        None => {
            let reason = "Message does not exist or is not available for visibility timeout change.";
            return Err(Error::parameter("ReceiptHandle", id, reason));
        }
        Some(visible_from) if visible_from <= now => return Err(Error::MessageNotInflight),
        Some(_) => {}
    }
    db.prepare_cached("UPDATE messages SET visible_from = ?2 WHERE id = ?1")?
        .execute(params![id, now + seconds(timeout)])?;
    Ok(())
}

pub(crate) fn purge(db: &Connection, queue: &str) -> Result<(), Error> {
    queues::get(db, queue)?;
    db.execute("DELETE FROM messages WHERE queue = ?1", [queue])?;
    Ok(())
}

/// The oldest messages in any state, without changing them.
pub(crate) fn oldest(db: &Connection, queue: &str, limit: u32, now: Millis) -> Result<Vec<Stored>, Error> {
    expire(db, queue, queues::get(db, queue)?.attributes.retention, now)?;
    let sql = format!("SELECT {COLUMNS} FROM messages WHERE queue = ?1 ORDER BY sent, arrival LIMIT ?2");
    let mut select = db.prepare_cached(&sql)?;
    let found = select.query_map(params![queue, limit], |row| stored(row, now))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn stored(row: &Row<'_>, now: Millis) -> rusqlite::Result<Stored> {
    let receive_count = row.get(8)?;
    let visible_from: Millis = row.get(10)?;
    Ok(Stored {
        queue: row.get(0)?,
        message_id: row.get(1)?,
        body: row.get(2)?,
        attributes: attributes(&row.get::<_, String>(3)?)
            .map_err(|e| rusqlite::Error::FromSqlConversionFailure(3, Type::Text, e.into()))?,
        group: row.get(4)?,
        trace_header: row.get(5)?,
        sent: row.get(6)?,
        first_received: row.get(7)?,
        receive_count,
        dead_letter_source: row.get(9)?,
        state: match (visible_from <= now, receive_count) {
            (true, _) => State::Visible,
            (false, 0) => State::Delayed,
            (false, _) => State::InFlight,
        },
    })
}

fn attributes(json: &str) -> Result<MessageAttributes, Error> {
    let wire: BTreeMap<String, WireAttribute> = serde_json::from_str(json)?;
    let parsed = wire.into_iter().map(|(name, wire)| {
        let attribute = Attribute::parse(&name, wire)?;
        Ok((name, attribute))
    });
    parsed.collect()
}

/// A random UUID. The random generator is not a parameter here: with a fixed seed, a restart would repeat
/// ids that are already in the file.
pub(crate) fn new_id() -> String {
    let bits = fastrand::u128(..);
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        bits >> 96,
        (bits >> 80) & 0xffff,
        (bits >> 68) & 0xfff,
        (bits >> 56) & 0xfff,
        bits & 0xffff_ffff_ffff,
    )
}
