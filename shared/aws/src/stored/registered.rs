//! The properties of a kind, without its type.

use domain::Fault;
use serde_json::Value;

use super::json;
use crate::{items::Item, keys, tables};

/// Whether the items of a kind are about a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// They contain no user.
    No,
    /// They belong to the user in the attribute `owner`, and are exported and deleted with that user's
    /// data.
    Owned,
    /// They contain a user id, and expire within 24 hours. Only in the table Ephemeral.
    Temporary,
}

/// A kind of item.
#[derive(Clone, Copy, Debug)]
pub struct Registered {
    /// The name in samples and exports.
    pub kind: &'static str,
    /// The version of its shape.
    pub v: i64,
    /// The table.
    pub table: tables::Name,
    /// The pattern of its partition keys, in which `{name}` is variable.
    pub pk: &'static str,
    /// The pattern of its sort keys; `None` in the table Ephemeral.
    pub sk: Option<&'static str>,
    /// Whether its items are about a user.
    pub personal: Personal,
    /// The attributes of this kind, without those that all kinds share.
    pub attributes: &'static [&'static str],
    pub(super) component: &'static str,
    pub(super) reread: fn(&Item) -> Option<Item>,
}

impl Registered {
    /// Whether an item with this key is of this kind.
    pub fn has(&self, pk: &str, sk: Option<&str>) -> bool {
        let sorted = match (self.sk, sk) {
            (Some(pattern), Some(sk)) => keys::matches(pattern, sk),
            (pattern, sk) => pattern.is_none() && sk.is_none(),
        };
        sorted && keys::matches(self.pk, pk)
    }

    /// Reads an item and writes it again; the result has only this kind's own attributes. Both are DynamoDB
    /// JSON, `{"pk": {"S": "..."}, ...}`.
    ///
    /// # Errors
    /// [`Fault`] if it cannot be read.
    pub fn reread(&self, item: &Value) -> Result<Value, Fault> {
        let read = json::item(item).and_then(|item| (self.reread)(&item));
        let written = read.and_then(|item| json::from_item(&item));
        written.ok_or_else(|| Fault::lasting(self.component, "unreadable"))
    }
}
