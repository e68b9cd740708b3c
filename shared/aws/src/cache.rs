//! Cached answers of external APIs, shared by all environments.

use jiff::Timestamp;

use crate::stored::{Seconds, stored};

/// A cached value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cached {
    /// The value, serialized by the caller.
    pub value: String,
    /// When it was fetched, in milliseconds.
    pub fetched_at: Timestamp,
    /// When it expires. It is not returned after that.
    pub expires_at: Seconds,
}

stored! {
    Cached: "cache" version 1 in Ephemeral;
    key |what: str| "CACHE#{what}";
    attributes value: value, fetched_at: fetched_at, expires_at: expires_at;
}
