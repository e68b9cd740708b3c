//! Limits the stored interactions and messages: the newest stay, and those whose tokens are still valid.

use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    interaction::{self, Counts},
    snowflake, store,
};
use crate::{Discord, Error, Snowflake, fault_injection::FaultSettings, limits, model};

/// How many interactions stay in any case; older ones only while their tokens are valid.
const MIN_INTERACTIONS: u32 = 500;
/// How many interactions stay if their tokens are valid; beyond that, answered ones are deleted.
const MAX_INTERACTIONS_WITH_VALID_TOKEN: u32 = 1_000;
/// How many messages of a channel stay in any case; older ones only while a token can edit them.
const MIN_MESSAGES_PER_CHANNEL: u32 = 200;
/// How many messages of a channel stay if a valid token can still edit them.
const MAX_EDITABLE_MESSAGES_PER_CHANNEL: u32 = 1_000;
/// The setting with the counts of deleted interactions.
const DELETED_COUNTS_SETTING: &str = "counts_of_the_gone";

impl Discord {
    /// Deletes settled interactions beyond the newest, and their state in memory.
    pub(crate) fn trim_interactions(&self, db: &Connection, now: Timestamp) -> Result<(), Error> {
        let expired = snowflake::first_column_of(now.as_millisecond() - limits::TOKEN_MS);
        let gone = gone(db, expired)?;
        if gone.is_empty() {
            return Ok(());
        }
        let mut counts = counts_of_the_gone(db)?;
        let mut live = self.inner.live.lock();
        for (id, its_counts) in gone {
            counts = counts + its_counts;
            store::execute(db, "DELETE FROM interactions WHERE id = ?1", [id])?;
            live.remove(&id);
        }
        store::set_setting(db, DELETED_COUNTS_SETTING, &store::json(&counts)?)
    }

    /// Resets users, guilds, messages, interactions, guild commands and faults. Keys, tokens and global
    /// commands stay; ids of users, guilds and channels change.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reset(&self) -> Result<(), Error> {
        let inner = &self.inner;
        inner.store.write(|db| {
            for table in
                ["users", "guilds", "channels", "members", "messages", "interactions", "entitlements"]
            {
                db.execute(&format!("DELETE FROM {table}"), [])?;
            }
            store::execute(db, "DELETE FROM commands WHERE guild <> 0", [])?;
            for table in ["command_creates", "command_permissions"] {
                db.execute(&format!("DELETE FROM {table}"), [])?;
            }
            store::execute(db, "DELETE FROM settings WHERE name = ?1", [DELETED_COUNTS_SETTING])?;
            model::seed(db, &inner.ids, inner.clock.now())
        })?;
        let mut live = inner.live.lock();
        live.drain().for_each(|(_, live)| live.changed.notify_waiters());
        inner.traces.clear();
        inner.uploads.lock().clear();
        inner.refusals.lock().clear();
        inner.faults.change(|faults| {
            *faults = FaultSettings { probe_percent: faults.probe_percent, ..FaultSettings::default() };
        });
        Ok(())
    }
}

/// The interactions to delete, with their counts: beyond [`MIN_INTERACTIONS`], those that expired, failed, or were
/// answered autocompletes (which get no further response); beyond [`MAX_INTERACTIONS_WITH_VALID_TOKEN`], all answered ones.
fn gone(db: &Connection, expired: i64) -> Result<Vec<(Snowflake, Counts)>, Error> {
    // It runs for every interaction, so each part uses an index.
    const SQL: &str = "WITH beyond (id) AS (SELECT id FROM interactions ORDER BY id DESC LIMIT 1 OFFSET ?1),
        far (id) AS (SELECT id FROM interactions ORDER BY id DESC LIMIT 1 OFFSET ?3)
        SELECT id, state, deferred, edits FROM interactions WHERE id IN (
            SELECT id FROM interactions WHERE id <= (SELECT id FROM beyond) AND id < ?2
            UNION SELECT id FROM interactions WHERE state = 'failed' AND id <= (SELECT id FROM beyond)
            UNION SELECT id FROM interactions WHERE json_extract(document, '$.kind') = 'Autocomplete'
                AND state = 'answered' AND id <= (SELECT id FROM beyond)
            UNION SELECT id FROM interactions WHERE id <= (SELECT id FROM far) AND state = 'answered')";
    let mut statement = db.prepare_cached(SQL)?;
    let rows =
        statement.query_map((MIN_INTERACTIONS, expired, MAX_INTERACTIONS_WITH_VALID_TOKEN), |row| {
            let (state, deferred): (String, bool) = (row.get(1)?, row.get(2)?);
            Ok((row.get(0)?, interaction::as_counted(&state, deferred, row.get::<_, u32>(3)?)))
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The counts of all interactions, including deleted ones.
pub(crate) fn counts(connection: &Connection) -> Result<Counts, Error> {
    const SQL: &str = "SELECT
        count(*) FILTER (WHERE state = 'answered' AND NOT deferred),
        count(*) FILTER (WHERE deferred), count(*) FILTER (WHERE edits > 0),
        count(*) FILTER (WHERE state = 'failed') FROM interactions";
    let kept = connection.query_row(SQL, [], |row| {
        Ok(Counts {
            answered: row.get::<_, i64>(0)?.unsigned_abs(),
            deferred: row.get::<_, i64>(1)?.unsigned_abs(),
            edited: row.get::<_, i64>(2)?.unsigned_abs(),
            failed: row.get::<_, i64>(3)?.unsigned_abs(),
        })
    })?;
    Ok(kept + counts_of_the_gone(connection)?)
}

fn counts_of_the_gone(db: &Connection) -> Result<Counts, Error> {
    let text = store::setting(db, DELETED_COUNTS_SETTING)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
}

/// Deletes messages of the channel beyond [`MIN_MESSAGES_PER_CHANNEL`] if no token can edit them, and any beyond
/// [`MAX_EDITABLE_MESSAGES_PER_CHANNEL`], except loading ones. `newest` is the message that was just stored.
pub(crate) fn trim_messages(db: &Connection, channel: Snowflake, newest: Snowflake) -> Result<(), Error> {
    const SQL: &str = "DELETE FROM messages WHERE channel = ?1 AND (
        id <= (SELECT id FROM messages WHERE channel = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2) AND id < ?5
        OR id <= (SELECT id FROM messages WHERE channel = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?3))
        AND json_extract(document, '$.flags') & ?4 = 0";
    let loading = limits::flags::LOADING.cast_signed();
    let old = snowflake::first_column_of(newest.born_ms() - limits::TOKEN_MS);
    store::execute(
        db,
        SQL,
        (channel, MIN_MESSAGES_PER_CHANNEL, MAX_EDITABLE_MESSAGES_PER_CHANNEL, loading, old),
    )?;
    Ok(())
}
