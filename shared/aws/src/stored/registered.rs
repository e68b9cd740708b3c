//! What is known of a kind without its type.

use domain::Fault;
use serde_json::Value;

use super::json;
use crate::{items::Item, keys, tables};

/// Whether the items of a kind are about one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// They name no user.
    No,
    /// They belong to one user, whom the attribute `owner` names: exported and erased with that user's data.
    Owned,
    /// They name a user, and are gone within 24 hours. Only in the table Ephemeral.
    Temporary,
}

/// A kind of item.
#[derive(Clone, Copy, Debug)]
pub struct Registered {
    /// Its name.
    pub kind: &'static str,
    /// The version of its shape.
    pub v: i64,
    /// Which table it is in.
    pub table: tables::Name,
    /// How its partition keys look: `{name}` stands for what differs.
    pub pk: &'static str,
    /// How its sort keys look; `None` in the table Ephemeral.
    pub sk: Option<&'static str>,
    /// Whether its items are about one user.
    pub personal: Personal,
    /// The attributes that only this kind has.
    pub attributes: &'static [&'static str],
    pub(super) component: &'static str,
    pub(super) reread: fn(&Item) -> Option<Item>,
}

impl Registered {
    /// Whether this is the key of one of its items.
    pub fn has(&self, pk: &str, sk: Option<&str>) -> bool {
        let sorted = match (self.sk, sk) {
            (Some(pattern), Some(sk)) => keys::matches(pattern, sk),
            (pattern, sk) => pattern.is_none() && sk.is_none(),
        };
        sorted && keys::matches(self.pk, pk)
    }

    /// Reads an item and gives what is written of it again: the attributes that only this kind has. Both in
    /// DynamoDB's JSON, `{"pk": {"S": "..."}, ...}`.
    ///
    /// # Errors
    /// [`Fault`] if it cannot be read.
    pub fn reread(&self, item: &Value) -> Result<Value, Fault> {
        let read = json::item(item).and_then(|item| (self.reread)(&item));
        let written = read.and_then(|item| json::from_item(&item));
        written.ok_or_else(|| Fault::lasting(self.component, "unreadable"))
    }
}
