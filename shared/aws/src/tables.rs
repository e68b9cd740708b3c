//! The two tables: what the local stack creates, and what template.yaml must say.

use crate::keys::{OWNER, PK, RANK, SCOPE, SK};

/// Which of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// [`STATE`].
    State,
    /// [`EPHEMERAL`].
    Ephemeral,
}

/// A table's keys and indexes.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its resource's name in the template.
    pub name: &'static str,
    /// Hash and range key.
    pub keys: Keys,
    /// Sparse indexes: only items with their hash key are in them.
    pub indexes: &'static [Index],
    /// Whether changes are streamed to the relay.
    pub stream: bool,
}

/// Another way to find the items of a table.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Hash and range key.
    pub keys: Keys,
    /// Whether it holds the items whole, or their keys alone.
    pub whole: bool,
}

/// A hash key and perhaps a range key, with their types.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// Which partition.
    pub hash: &'static str,
    /// Which place in it, and whether that is a number.
    pub range: Option<(&'static str, bool)>,
}

/// What is kept: backed up, streamed, protected from deletion.
pub const STATE: Table = Table {
    name: "State",
    keys: Keys { hash: PK, range: Some((SK, false)) },
    indexes: &[
        Index { name: "by_owner", keys: Keys { hash: OWNER, range: Some((PK, false)) }, whole: false },
        Index { name: "by_scope", keys: Keys { hash: SCOPE, range: Some((RANK, true)) }, whole: true },
    ],
    stream: true,
};

/// What expires: claims, caches, leases. Nothing in it is missed.
pub const EPHEMERAL: Table =
    Table { name: "Ephemeral", keys: Keys { hash: PK, range: None }, indexes: &[], stream: false };

impl Table {
    /// Every key attribute once, and whether it is a number.
    pub fn key_attributes(&self) -> Vec<(&'static str, bool)> {
        let mut all = Vec::new();
        for keys in std::iter::once(&self.keys).chain(self.indexes.iter().map(|index| &index.keys)) {
            for attribute in std::iter::once((keys.hash, false)).chain(keys.range) {
                if !all.contains(&attribute) {
                    all.push(attribute);
                }
            }
        }
        all
    }
}
