//! What is too old goes, and the rest is counted.

use rusqlite::{Connection, Row, params};

use super::{Millis, queues, seconds};
use crate::Error;

/// How many messages are in which state.
#[derive(Default)]
pub(crate) struct Counts {
    pub visible: u64,
    pub in_flight: u64,
    pub delayed: u64,
}

/// Messages past the queue's retention vanish, in flight or not.
pub(super) fn expire(db: &Connection, queue: &str, retention: u32, now: Millis) -> Result<(), Error> {
    db.prepare_cached("DELETE FROM messages WHERE queue = ?1 AND sent <= ?2")?
        .execute(params![queue, now - seconds(retention)])?;
    Ok(())
}

/// Counts after what is too old has vanished.
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
