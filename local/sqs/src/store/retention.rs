//! Deletes messages past their retention period, and counts the others.

use rusqlite::{Connection, Row, params};

use super::{Millis, queues, seconds};
use crate::Error;

/// The numbers of messages by state.
#[derive(Default)]
pub(crate) struct Counts {
    pub visible: u64,
    pub in_flight: u64,
    pub delayed: u64,
}

/// Deletes messages past the queue's retention period, in flight or not.
pub(super) fn expire(db: &Connection, queue: &str, retention: u32, now: Millis) -> Result<(), Error> {
    db.prepare_cached("DELETE FROM messages WHERE queue = ?1 AND sent <= ?2")?
        .execute(params![queue, now - seconds(retention)])?;
    Ok(())
}

/// Counts messages by state, after deleting expired ones.
pub(crate) fn counts(db: &Connection, name: &str, now: Millis) -> Result<Counts, Error> {
    expire(db, name, queues::get(db, name)?.attributes.retention, now)?;
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
