//! What this crate needs of a table that all environments share.

use jiff::Timestamp;

/// The shared limits of all environments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitState {
    /// Until when no request may be sent.
    pub closed_until: Option<Timestamp>,
    /// The end of the current ten-minute window, and the number of invalid requests in it.
    pub invalid: Option<(Timestamp, u64)>,
}

/// The table is unavailable. Requests are sent all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

/// The table of shared limits, and the clock.
///
/// Implementations must limit each call to less than a second, because replies wait for it.
pub trait LimitStore: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;

    /// Loads the shared limits.
    ///
    /// # Errors
    /// [`Unavailable`], as for every call.
    fn load(&self) -> impl Future<Output = Result<LimitState, Unavailable>> + Send;

    /// Stores that no request may be sent before this. The latest time wins.
    fn close(&self, until: Timestamp) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Adds invalid requests to the window that ends then, and returns the sum.
    fn count_invalid(
        &self,
        ends: Timestamp,
        count: u64,
    ) -> impl Future<Output = Result<u64, Unavailable>> + Send;
}
