//! What this crate needs of a table that all environments share.

use jiff::Timestamp;

/// An answer, as it is kept. At most 400 kB, DynamoDB's limit for an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The answer as JSON, in the shape of our types (not of the API).
    pub value: String,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// From when on it is not used any more, not even as a stale one. Readers compare it; the table
    /// may keep the entry longer.
    pub expires_at: Timestamp,
}

/// The table could not be asked: not there, too slow, or it refused. Never an outage by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cache unavailable: {kind}")]
pub struct Unavailable {
    /// "timeout", "throttled": what a log may say about it.
    pub kind: &'static str,
}

/// A shared table of answers, with leases that keep two environments from fetching the same one.
///
/// Calls end by themselves, within a second or so: nobody waits for a cache longer than for the API.
/// Keys are at most 600 bytes; they contain what users typed, so they belong into no log.
pub trait Cache: Send + Sync {
    /// The entry under `key`, expired or not.
    ///
    /// # Errors
    /// [`Unavailable`]; so for every call.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Entry>, Unavailable>> + Send;

    /// Puts `entry` under `key`, in place of the one before.
    fn put(&self, key: &str, entry: &Entry) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Takes the lease on `key` until `until`, and says whether it did.
    ///
    /// It does if nobody has it, if it ran out (`now` is at or after its end), or if `holder` itself
    /// has it: then it is prolonged. One holder asks for one key only once at a time.
    fn lease(
        &self,
        key: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> impl Future<Output = Result<bool, Unavailable>> + Send;

    /// Gives the lease on `key` back. Does nothing if `holder` does not have it.
    fn release(&self, key: &str, holder: &str) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

/// The table could not be asked, and that is reported.
pub(crate) struct Down;

/// Logs that the table is down: once per call, without the key, which holds what a user typed.
pub(crate) fn report<T>(call: &str, outcome: Result<T, Unavailable>) -> Result<T, Down> {
    outcome.map_err(|error| {
        tracing::warn!(call, kind = error.kind, "cache unavailable");
        Down
    })
}
