//! Chooses the messages for a receiver.

use rusqlite::{Connection, params};

use super::{
    Millis, Store, dead_letters,
    messages::{COLUMNS, stored},
    queues,
    retention::expire,
    seconds,
};
use crate::{Error, message::Message, receipt};

/// The result of one attempt to receive.
pub(crate) struct ReceiveResult {
    pub messages: Vec<Message>,
    /// How many messages were moved to the dead-letter queue, because they were received too often.
    pub moved_to_dead_letters: usize,
    /// When the next hidden message becomes visible, if there is one.
    pub next_due: Option<Millis>,
}

impl Store {
    /// Receives up to `max` messages, and hides them for `visibility` seconds (`None`: the queue's).
    pub(crate) fn take(
        &mut self,
        queue: &str,
        max: u32,
        visibility: Option<u32>,
        now: Millis,
    ) -> Result<ReceiveResult, Error> {
        let db = self.begin()?;
        let attributes = queues::get(&db, queue)?.attributes;
        expire(&db, queue, attributes.retention, now)?;
        let moved_to_dead_letters = match &attributes.redrive_policy {
            Some(policy) => dead_letters::bury(&db, queue, policy, now)?,
            None => 0,
        };
        let hidden_until = now + seconds(visibility.unwrap_or(attributes.visibility_timeout));
        let messages = fairest(&db, queue, max, now)?
            .into_iter()
            .map(|arrival| hand_out(&db, arrival, hidden_until, now))
            .collect::<Result<_, Error>>()?;
        let next_due = next_due(&db, queue, now)?;
        db.commit()?;
        Ok(ReceiveResult { messages, moved_to_dead_letters, next_due })
    }
}

/// Fair queues: repeatedly chooses the oldest message of the group with the fewest in flight. So the n-th
/// message of a group is sorted as if n - 1 more of its group were in flight. A message without a group is
/// a group of its own.
fn fairest(db: &Connection, queue: &str, max: u32, now: Millis) -> Result<Vec<i64>, Error> {
    let mut select = db.prepare_cached(
        "WITH busy AS (
            SELECT group_id, COUNT(*) AS in_flight FROM messages
            WHERE queue = ?1 AND visible_from > ?2 AND receive_count > 0 GROUP BY group_id
         ), visible AS (
            SELECT arrival, sent, group_id, ROW_NUMBER() OVER (
                PARTITION BY COALESCE(group_id, id) ORDER BY sent, arrival
            ) AS turn
            FROM messages WHERE queue = ?1 AND visible_from <= ?2
         )
         SELECT arrival FROM visible LEFT JOIN busy USING (group_id)
         ORDER BY COALESCE(in_flight, 0) + turn, sent, arrival LIMIT ?3",
    )?;
    let arrivals = select.query_map(params![queue, now, max], |row| row.get(0))?;
    Ok(arrivals.collect::<rusqlite::Result<_>>()?)
}

fn hand_out(db: &Connection, arrival: i64, hidden_until: Millis, now: Millis) -> Result<Message, Error> {
    let sql = format!(
        "UPDATE messages SET visible_from = ?2, receive_count = receive_count + 1,
            first_received = COALESCE(first_received, ?3)
         WHERE arrival = ?1 RETURNING {COLUMNS}"
    );
    let stored =
        db.prepare_cached(&sql)?.query_row(params![arrival, hidden_until, now], |row| stored(row, now))?;
    let receipt_handle = receipt::issue(&stored.queue, &stored.message_id, stored.receive_count);
    Ok(Message { stored, receipt_handle })
}

fn next_due(db: &Connection, queue: &str, now: Millis) -> Result<Option<Millis>, Error> {
    let mut select =
        db.prepare_cached("SELECT MIN(visible_from) FROM messages WHERE queue = ?1 AND visible_from > ?2")?;
    Ok(select.query_row(params![queue, now], |row| row.get(0))?)
}
