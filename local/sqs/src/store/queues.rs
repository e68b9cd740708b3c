//! Creates, finds and changes queues.

use rusqlite::{Connection, OptionalExtension, params};

use super::Millis;
use crate::{Attributes, Error, address};

pub(crate) struct Queue {
    pub attributes: Attributes,
    pub created: Millis,
    pub modified: Millis,
}

pub(crate) fn find(db: &Connection, name: &str) -> Result<Option<Queue>, Error> {
    let mut select = db.prepare_cached("SELECT attributes, created, modified FROM queues WHERE name = ?1")?;
    let row = select.query_row([name], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)));
    let Some((attributes, created, modified)) = row.optional()? else {
        return Ok(None);
    };
    Ok(Some(Queue { attributes: serde_json::from_str(&attributes)?, created, modified }))
}

pub(crate) fn get(db: &Connection, name: &str) -> Result<Queue, Error> {
    find(db, name)?.ok_or(Error::QueueDoesNotExist)
}

pub(crate) fn create(db: &Connection, name: &str, attributes: &Attributes, now: Millis) -> Result<(), Error> {
    address::check_name(name)?;
    check_dead_letter_queue(db, attributes)?;
    db.execute(
        "INSERT INTO queues (name, attributes, created, modified) VALUES (?1, ?2, ?3, ?3)",
        params![name, serde_json::to_string(attributes)?, now],
    )?;
    Ok(())
}

pub(crate) fn set(db: &Connection, name: &str, attributes: &Attributes, now: Millis) -> Result<(), Error> {
    get(db, name)?;
    check_dead_letter_queue(db, attributes)?;
    db.execute(
        "UPDATE queues SET attributes = ?2, modified = ?3 WHERE name = ?1",
        params![name, serde_json::to_string(attributes)?, now],
    )?;
    Ok(())
}

/// The names of all queues, sorted.
pub(crate) fn names(db: &Connection) -> Result<Vec<String>, Error> {
    let mut select = db.prepare_cached("SELECT name FROM queues ORDER BY name")?;
    let names = select.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
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
