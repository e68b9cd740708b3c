//! Histories are rings: the newest are kept, what is still under way too, and nothing grows forever.

use std::sync::PoisonError;

use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    Discord, Error, Snowflake,
    interaction::{self, Counts},
    knobs::Settings,
    limits, snowflake, store, world,
};

/// How many interactions are kept.
const INTERACTIONS: u32 = 500;
/// How many messages of a channel are kept.
const MESSAGES: u32 = 200;
/// The setting that holds the counts of the interactions that are gone.
const GONE: &str = "counts_of_the_gone";

impl Discord {
    /// Forgets settled interactions beyond the newest, and what was live of them.
    pub(super) fn trim_interactions(&self, db: &Connection, now: Timestamp) -> Result<(), Error> {
        let expired = snowflake::first_column_of(now.as_millisecond() - limits::TOKEN_MS);
        let gone = gone(db, expired)?;
        if gone.is_empty() {
            return Ok(());
        }
        let mut counts = counts_of_the_gone(db)?;
        let mut live = self.inner.live.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, its_counts) in gone {
            counts = counts + its_counts;
            store::execute(db, "DELETE FROM interactions WHERE id = ?1", [id])?;
            live.remove(&id);
        }
        store::set_setting(db, GONE, &store::json(&counts)?)
    }

    /// Begins the world anew: people, guilds, messages and interactions. Keys, tokens and global
    /// commands stay; ids of people and places change.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reset(&self) -> Result<(), Error> {
        let inner = &self.inner;
        inner.store.write(|db| {
            for table in ["users", "guilds", "channels", "members", "messages", "interactions"] {
                db.execute(&format!("DELETE FROM {table}"), [])?;
            }
            store::execute(db, "DELETE FROM commands WHERE guild <> 0", [])?;
            for table in ["command_creates", "command_permissions"] {
                db.execute(&format!("DELETE FROM {table}"), [])?;
            }
            store::execute(db, "DELETE FROM settings WHERE name = ?1", [GONE])?;
            world::seed(db, &inner.mint, inner.clock.now())
        })?;
        let mut live = inner.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.drain().for_each(|(_, live)| live.changed.notify_waiters());
        inner.uploads.lock().unwrap_or_else(PoisonError::into_inner).clear();
        inner.refusals.lock().unwrap_or_else(PoisonError::into_inner).clear();
        inner.knobs.turn(|knobs| *knobs = Settings::default());
        Ok(())
    }
}

/// Settled ones beyond the newest, each as it counts. A deferred one is settled by its token's end.
fn gone(db: &Connection, expired: i64) -> Result<Vec<(Snowflake, Counts)>, Error> {
    const SQL: &str = "SELECT id, state, deferred, edits FROM interactions
        WHERE id <= (SELECT id FROM interactions ORDER BY id DESC LIMIT 1 OFFSET ?1)
        AND (state IN ('answered', 'failed') OR id < ?2)";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map((INTERACTIONS, expired), |row| {
        let (state, deferred): (String, bool) = (row.get(1)?, row.get(2)?);
        Ok((row.get(0)?, interaction::as_counted(&state, deferred, row.get::<_, u32>(3)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn counts_of_the_gone(db: &Connection) -> Result<Counts, Error> {
    let text = store::setting(db, GONE)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
}

/// Forgets messages of the channel beyond the newest, but none that still says "thinking…".
pub(super) fn trim_messages(db: &Connection, channel: Snowflake) -> Result<(), Error> {
    const SQL: &str = "DELETE FROM messages WHERE channel = ?1
        AND id <= (SELECT id FROM messages WHERE channel = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)
        AND json_extract(document, '$.flags') & ?3 = 0";
    store::execute(db, SQL, (channel, MESSAGES, limits::flags::LOADING.cast_signed()))?;
    Ok(())
}
