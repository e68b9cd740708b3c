//! The table of cached answers that environments share.

use jiff::Timestamp;

/// A cached answer. At most 400 kB, DynamoDB's limit for an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The answer as JSON of our own types, not of the API's.
    pub value: String,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// When it must not be used any more, not even as a stale answer. Readers compare it, because the table
    /// may delete the entry later.
    pub expires_at: Timestamp,
}

/// The table is unavailable: not reachable, too slow, or it refused the call. That alone never fails a
/// request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cache unavailable: {kind}")]
pub struct Unavailable {
    /// The reason for the log: "timeout", "throttled", ...
    pub kind: &'static str,
}

/// A shared table of answers, with leases that keep two environments from fetching the same one.
///
/// Implementations must limit a call to about a second: the cache must not take longer than the API. Keys
/// are at most 600 bytes and contain text of users, so do not log them.
pub trait Cache: Send + Sync {
    /// The entry at `key`, expired or not.
    ///
    /// # Errors
    /// [`Unavailable`], as for every call.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Entry>, Unavailable>> + Send;

    /// Stores `entry` at `key`, replacing an older one.
    fn put(&self, key: &str, entry: &Entry) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Takes the lease on `key` until `until`; returns whether it succeeded.
    ///
    /// It succeeds if the lease is free, has expired (`now` is at or after its end), or is held by `holder`
    /// itself, in which case it is extended. A holder requests a key only once at a time.
    fn lease(
        &self,
        key: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> impl Future<Output = Result<bool, Unavailable>> + Send;

    /// Releases the lease on `key`. Does nothing if `holder` does not hold it.
    fn release(&self, key: &str, holder: &str) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

/// The table is unavailable, and that has been logged.
pub(crate) struct Down;

/// Logs that the table is unavailable: once per call, without the key, which contains text of a user.
pub(crate) fn report<T>(call: &str, outcome: Result<T, Unavailable>) -> Result<T, Down> {
    outcome.map_err(|error| {
        tracing::warn!(call, kind = error.kind, "cache unavailable");
        Down
    })
}
