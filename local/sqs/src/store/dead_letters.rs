//! Moves messages to the dead-letter queue, and back.

use rusqlite::{Connection, params};

use super::{Millis, messages, queues, retention::expire};
use crate::{Error, attributes::RedrivePolicy};

/// Moves visible messages that have reached the maximum receive count. Id, age and receive count stay.
pub(super) fn bury(
    db: &Connection,
    queue: &str,
    policy: &RedrivePolicy,
    now: Millis,
) -> Result<usize, Error> {
    let mut update = db.prepare_cached(
        "UPDATE messages SET queue = ?2, dead_letter_source = ?1, visible_from = ?4
         WHERE queue = ?1 AND visible_from <= ?4 AND receive_count >= ?3",
    )?;
    let RedrivePolicy { dead_letter_queue, max_receive_count } = policy;
    Ok(update.execute(params![queue, dead_letter_queue, max_receive_count, now])?)
}

/// Whether a queue's redrive policy names this one.
pub(crate) fn is_target(db: &Connection, dead: &str) -> Result<bool, Error> {
    for name in queues::names(db)? {
        if dead_letter_queue(db, &name)?.as_deref() == Some(dead) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) fn dead_letter_queue(db: &Connection, name: &str) -> Result<Option<String>, Error> {
    let policy = queues::get(db, name)?.attributes.redrive_policy;
    Ok(policy.map(|policy| policy.dead_letter_queue))
}

/// Moves the visible messages to `destination`, or back to the queue from which each came; without a
/// destination, messages that were sent to the dead-letter queue directly stay. As on SQS, a moved message is
/// a new one: new id, new age, receive count 0.
pub(crate) fn redrive(
    db: &Connection,
    dead: &str,
    destination: Option<&str>,
    now: Millis,
) -> Result<usize, Error> {
    expire(db, dead, queues::get(db, dead)?.attributes.retention, now)?;
    if let Some(destination) = destination {
        queues::get(db, destination)?;
    }
    let mut select = db.prepare_cached(
        "SELECT arrival, COALESCE(?3, dead_letter_source) FROM messages
         WHERE queue = ?1 AND visible_from <= ?2
            AND COALESCE(?3, dead_letter_source) IS NOT NULL",
    )?;
    let letters = select
        .query_map(params![dead, now, destination], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
    for (arrival, queue) in &letters {
        start_anew(db, *arrival, queue, now)?;
    }
    Ok(letters.len())
}

fn start_anew(db: &Connection, arrival: i64, queue: &str, now: Millis) -> Result<(), Error> {
    let mut update = db.prepare_cached(
        "UPDATE messages SET queue = ?2, id = ?3, sent = ?4, visible_from = ?4,
            receive_count = 0, first_received = NULL, dead_letter_source = NULL
         WHERE arrival = ?1",
    )?;
    update.execute(params![arrival, queue, messages::new_id(), now])?;
    Ok(())
}
