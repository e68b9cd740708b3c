//! Limits of commands in a scope (global or a guild), and of new ones a day.

use jiff::{Timestamp, ToSpan};
use rusqlite::Connection;

use serde_json::Value;

use crate::{
    Error,
    api_error::ApiError,
    limits,
    model::{
        command_kind::{CHAT_INPUT, kind},
        store,
    },
};

/// Checks the number of commands of each type (30032).
pub(crate) fn check(commands: &[Value]) -> Result<(), ApiError> {
    let count = |wanted| commands.iter().filter(|command| kind(command) == wanted).count();
    let context_menus = count(2).max(count(3));
    if count(CHAT_INPUT) > limits::CHAT_INPUT_COMMANDS || context_menus > limits::CONTEXT_COMMANDS {
        return Err(ApiError::TOO_MANY_COMMANDS);
    }
    Ok(())
}

/// Counts one new command in the scope (0: global), or refuses it (30034). A day is the 24 hours before now, by the
/// stack's clock.
pub(crate) fn count_new(db: &Connection, scope: i64, now: Timestamp) -> Result<(), ApiError> {
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

/// The number of new commands, and the time of the first in milliseconds since 1970.
fn counted(db: &Connection, scope: i64) -> Result<(usize, i64), Error> {
    let sql = "SELECT count(*), coalesce(min(at), 0) FROM command_creates WHERE guild = ?1";
    let row: (i64, i64) = db.prepare_cached(sql)?.query_row([scope], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((usize::try_from(row.0).unwrap_or(0), row.1))
}
