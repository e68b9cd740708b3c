//! The queues themselves: their attributes, and how many messages each holds.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Millis, messages};
use crate::queue::{Attributes, Error, address};

pub(in crate::queue) struct Queue {
    pub attributes: Attributes,
    pub created: Millis,
    pub modified: Millis,
}

/// How many messages are in which state.
#[derive(Default)]
pub(in crate::queue) struct Counts {
    pub visible: u64,
    pub in_flight: u64,
    pub delayed: u64,
}

pub(in crate::queue) fn find(db: &Connection, name: &str) -> Result<Option<Queue>, Error> {
    let mut select = db.prepare_cached("SELECT attributes, created, modified FROM queues WHERE name = ?1")?;
    let row = select.query_row([name], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)));
    let Some((attributes, created, modified)) = row.optional()? else {
        return Ok(None);
    };
    Ok(Some(Queue { attributes: serde_json::from_str(&attributes)?, created, modified }))
}

pub(in crate::queue) fn get(db: &Connection, name: &str) -> Result<Queue, Error> {
    find(db, name)?.ok_or(Error::QueueDoesNotExist)
}

pub(in crate::queue) fn create(
    db: &Connection,
    name: &str,
    attributes: &Attributes,
    now: Millis,
) -> Result<(), Error> {
    address::check_name(name)?;
    check_dead_letter_queue(db, attributes)?;
    db.execute(
        "INSERT INTO queues (name, attributes, created, modified) VALUES (?1, ?2, ?3, ?3)",
        params![name, serde_json::to_string(attributes)?, now],
    )?;
    Ok(())
}

pub(in crate::queue) fn set(
    db: &Connection,
    name: &str,
    attributes: &Attributes,
    now: Millis,
) -> Result<(), Error> {
    get(db, name)?;
    check_dead_letter_queue(db, attributes)?;
    db.execute(
        "UPDATE queues SET attributes = ?2, modified = ?3 WHERE name = ?1",
        params![name, serde_json::to_string(attributes)?, now],
    )?;
    Ok(())
}

/// All names, in order.
pub(in crate::queue) fn names(db: &Connection) -> Result<Vec<String>, Error> {
    let mut select = db.prepare_cached("SELECT name FROM queues ORDER BY name")?;
    let names = select.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// Counts after what is too old has vanished.
pub(in crate::queue) fn counts(db: &Connection, name: &str, now: Millis) -> Result<Counts, Error> {
    messages::expire(db, name, get(db, name)?.attributes.retention, now)?;
    let mut select = db.prepare_cached(
        "SELECT COUNT(*) FILTER (WHERE visible_from <= ?2),
                COUNT(*) FILTER (WHERE visible_from > ?2 AND receive_count > 0),
                COUNT(*) FILTER (WHERE visible_from > ?2 AND receive_count = 0)
         FROM messages WHERE queue = ?1",
    )?;
    let count = |row: &Row<'_>, at| row.get::<_, i64>(at).map(i64::unsigned_abs);
    Ok(select.query_row(params![name, now], |row| {
        Ok(Counts { visible: count(row, 0)?, in_flight: count(row, 1)?, delayed: count(row, 2)? })
    })?)
}

fn check_dead_letter_queue(db: &Connection, attributes: &Attributes) -> Result<(), Error> {
    let Some(policy) = &attributes.redrive_policy else {
        return Ok(());
    };
    match find(db, &policy.dead_letter_queue)? {
        Some(_) => Ok(()),
        None => {
            let arn = address::arn(&policy.dead_letter_queue);
            Err(Error::parameter("RedrivePolicy", arn, "Dead letter target does not exist."))
        }
    }
}
