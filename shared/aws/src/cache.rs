//! What was fetched from elsewhere, for all environments.

use jiff::Timestamp;

use crate::stored::{Seconds, stored};

/// A value and how old it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cached {
    /// Whatever was stored.
    pub value: String,
    /// When it was fetched, to the millisecond.
    pub fetched_at: Timestamp,
    /// When it is no longer worth anything. It is not read after that.
    pub expires_at: Seconds,
}

stored! {
    Cached: "cache" version 1 in Ephemeral;
    key |what: str| "CACHE#{what}";
    attributes value: value, fetched_at: fetched_at, expires_at: expires_at;
}
