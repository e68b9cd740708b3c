//! The keys of everything stored, and nowhere else.
//!
//! State: pk and sk. Ephemeral: pk alone.

use domain::InteractionId;

/// The attribute that every expiring item has: Unix seconds. It is the table's TTL attribute, and
/// since TTL deletion lags by days, every read compares it too.
pub const EXPIRES_AT: &str = "expires_at";
/// The partition key.
pub const PK: &str = "pk";
/// The sort key.
pub const SK: &str = "sk";
/// The one user that an item belongs to: hash key of `by_owner`.
pub const OWNER: &str = "owner";
/// The list that an item stands in: hash key of `by_scope`.
pub const SCOPE: &str = "scope";
/// Its place in that list: range key of `by_scope`.
pub const RANK: &str = "rank";

/// Who has the work of this interaction in hand. `consumer` keeps functions apart.
pub fn claim(consumer: &str, interaction: InteractionId) -> String {
    format!("IDEM#{consumer}#{interaction}")
}

/// What was fetched from somewhere else; `what` says from where and what.
pub fn cached(what: &str) -> String {
    format!("CACHE#{what}")
}

/// Who is fetching it just now.
pub fn lease(what: &str) -> String {
    format!("LEASE#{what}")
}
