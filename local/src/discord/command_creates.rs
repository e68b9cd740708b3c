//! The daily limit of new commands: names that a scope did not have before.

use jiff::{Timestamp, ToSpan};
use rusqlite::Connection;

use super::{Error, api_error::ApiError, limits, store};

/// Counts one more new command in the scope (0: global), or refuses it (30034). A day is the 24
/// hours before now, by the stack's clock.
pub(super) fn count(db: &Connection, scope: i64, now: Timestamp) -> Result<(), ApiError> {
    let day = 24.hours();
    let begin = (now - day).as_millisecond();
    store::execute(db, "DELETE FROM command_creates WHERE at <= ?1", [begin])?;
    let (count, oldest) = counted(db, scope)?;
    if count >= limits::DAILY_COMMANDS {
        let free = Timestamp::from_millisecond(oldest).unwrap_or(now) + day;
        return Err(ApiError::daily_commands(free.duration_since(now).as_secs_f64()));
    }
    store::execute(db, "INSERT INTO command_creates VALUES (?1, ?2)", (scope, now.as_millisecond()))?;
    Ok(())
}

/// How many there were, and when the first of them was, in milliseconds since 1970.
fn counted(db: &Connection, scope: i64) -> Result<(usize, i64), Error> {
    let sql = "SELECT count(*), coalesce(min(at), 0) FROM command_creates WHERE guild = ?1";
    let row: (i64, i64) = db.prepare_cached(sql)?.query_row([scope], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((usize::try_from(row.0).unwrap_or(0), row.1))
}
