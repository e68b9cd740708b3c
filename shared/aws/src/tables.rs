//! The two tables, as the local stack creates them and template.yaml must declare them.

use crate::keys::{OWNER, PK, RANK, SCOPE, SK};

/// The name of a table in the code.
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
    /// The name of its resource in the template.
    pub name: &'static str,
    /// Hash and range key.
    pub keys: Keys,
    /// Sparse indexes: an item is in an index only if it has its hash key.
    pub indexes: &'static [Index],
    /// Whether it has a stream, for the relay.
    pub stream: bool,
}

/// A secondary index of a table.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Hash and range key.
    pub keys: Keys,
    /// Whether it contains whole items, or only their keys.
    pub whole: bool,
}

/// A hash key and an optional range key.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// The attribute of the hash key, a string.
    pub hash: &'static str,
    /// The attribute of the range key, and whether it is a number rather than a string.
    pub range: Option<(&'static str, bool)>,
}

/// Lasting data: backed up, streamed, protected from deletion.
pub const STATE: Table = Table {
    name: "State",
    keys: Keys { hash: PK, range: Some((SK, false)) },
    indexes: &[
        Index { name: "by_owner", keys: Keys { hash: OWNER, range: Some((PK, false)) }, whole: false },
        Index { name: "by_scope", keys: Keys { hash: SCOPE, range: Some((RANK, true)) }, whole: true },
    ],
    stream: true,
};

/// Data that expires and may be lost: claims, caches, leases.
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
