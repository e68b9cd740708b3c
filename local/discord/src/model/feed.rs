//! A numbered feed of changes. A reader that was disconnected continues from the last number that it read.

use std::{collections::VecDeque, sync::Arc};

use parking_lot::{Mutex, MutexGuard};
use rusqlite::{Connection, hooks::Action};
use tokio::sync::watch;

use crate::Snowflake;

/// How many changes are stored; a reader that missed more must reload everything.
const MAX_CHANGES: usize = 4_096;

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// A message was written or edited.
    Message(Snowflake),
    /// A message was deleted.
    MessageGone(Snowflake),
    /// An interaction was created or updated.
    Interaction(Snowflake),
    /// A guild, channel, user, member or command permission.
    Model,
}

/// The changes since a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesSince {
    /// The number to pass next time.
    pub number: u64,
    /// Each change once, in the order of its last occurrence; `None` if the number is too old or unknown.
    pub changes: Option<Vec<Change>>,
}

/// The feed. Clones share their state.
#[derive(Clone, Debug)]
pub struct Feed {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    committed: Mutex<Committed>,
    /// The number of the last change.
    last: watch::Sender<u64>,
}

#[derive(Debug)]
struct Committed {
    /// Changes of the transaction that has not committed yet.
    pending: Vec<Change>,
    recorded: VecDeque<Change>,
    /// The number of the newest change in `recorded`.
    number: u64,
}

impl Feed {
    /// `first` must be greater than every number of an earlier process, so that those are recognized as too old.
    pub(crate) fn starting_at(first: u64) -> Self {
        let committed = Committed { pending: Vec::new(), recorded: VecDeque::new(), number: first };
        Self {
            shared: Arc::new(Shared { committed: Mutex::new(committed), last: watch::Sender::new(first) }),
        }
    }

    /// Records changes by SQLite's update hook, so that no writer has to report them.
    pub(crate) fn listen(&self, connection: &Connection) {
        let feed = self.clone();
        connection.update_hook(Some(move |action: Action, _: &str, table: &str, row: i64| {
            if let Some(change) = change(action, table, row) {
                feed.committed().pending.push(change);
            }
        }));
    }

    /// Publishes the changes of the transaction that has committed.
    pub(crate) fn tell(&self) {
        let mut committed = self.committed();
        if committed.pending.is_empty() {
            return;
        }
        let pending = std::mem::take(&mut committed.pending);
        committed.number += pending.len() as u64;
        committed.recorded.extend(pending);
        let surplus = committed.recorded.len().saturating_sub(MAX_CHANGES);
        committed.recorded.drain(..surplus);
        let number = committed.number;
        drop(committed);
        self.shared.last.send_replace(number);
    }

    /// Drops the changes of the transaction that was rolled back.
    pub(crate) fn forget(&self) {
        self.committed().pending.clear();
    }

    /// The number of the last change.
    pub fn number(&self) -> u64 {
        self.committed().number
    }

    /// A receiver of the number of the last change, to wait for new ones.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.shared.last.subscribe()
    }

    /// The changes after this number.
    pub fn since(&self, number: u64) -> ChangesSince {
        let committed = self.committed();
        let missed = committed.number.checked_sub(number).and_then(|missed| usize::try_from(missed).ok());
        let missed = missed.filter(|missed| *missed <= committed.recorded.len());
        let changes = missed.map(|missed| {
            let mut changes: Vec<Change> = Vec::new();
            let mut met = std::collections::HashSet::new();
            for change in committed.recorded.iter().rev().take(missed) {
                if met.insert(*change) {
                    changes.push(*change);
                }
            }
            changes.reverse();
            changes
        });
        ChangesSince { number: committed.number, changes }
    }

    fn committed(&self) -> MutexGuard<'_, Committed> {
        self.shared.committed.lock()
    }
}

fn change(action: Action, table: &str, row: i64) -> Option<Change> {
    let id = || u64::try_from(row).ok().and_then(Snowflake::new);
    match (table, action) {
        ("messages", Action::SQLITE_DELETE) => id().map(Change::MessageGone),
        ("messages", _) => id().map(Change::Message),
        ("interactions", Action::SQLITE_INSERT | Action::SQLITE_UPDATE) => id().map(Change::Interaction),
        ("users" | "guilds" | "channels" | "members" | "command_permissions", _) => Some(Change::Model),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    fn id(number: u64) -> Snowflake {
        Snowflake::new(number).unwrap()
    }

    fn happens(feed: &Feed, change: Change) {
        feed.committed().pending.push(change);
        feed.tell();
    }

    #[test]
    fn whoever_was_away_hears_every_change_once() {
        let feed = Feed::starting_at(1_000);
        let before = feed.number();
        for change in [Change::Message(id(1)), Change::Message(id(2)), Change::Message(id(1))] {
            happens(&feed, change);
        }
        let since = feed.since(before);
        assert_eq!(since.changes, Some(vec![Change::Message(id(2)), Change::Message(id(1))]));
        assert_eq!(feed.since(since.number).changes, Some(Vec::new()));
    }

    #[test]
    fn whoever_was_away_too_long_or_comes_from_another_process_is_told_so() {
        let feed = Feed::starting_at(1_000);
        assert_eq!(feed.since(5).changes, None, "of an earlier process");
        assert_eq!(feed.since(2_000).changes, None, "of a later one");
        for number in 1..=MAX_CHANGES as u64 + 1 {
            happens(&feed, Change::Message(id(number)));
        }
        assert_eq!(feed.since(1_000).changes, None);
        assert_eq!(feed.since(1_001).changes.map(|changes| changes.len()), Some(MAX_CHANGES));
    }

    #[test]
    fn what_came_to_nothing_is_not_told() {
        let feed = Feed::starting_at(1);
        feed.committed().pending.push(Change::Model);
        feed.forget();
        feed.tell();
        assert_eq!(feed.since(1).changes, Some(Vec::new()));
    }
}
