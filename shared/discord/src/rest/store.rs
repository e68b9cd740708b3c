//! What this crate needs of a table that all environments share.

use jiff::Timestamp;

/// What all environments together know of Discord's patience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Nothing is sent before this.
    pub closed_until: Option<Timestamp>,
    /// When ten minutes end, and how many invalid requests were sent in them.
    pub invalid: Option<(Timestamp, u64)>,
}

/// The table could not be asked. Nobody is held back for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

/// A shared table of what Discord has said to all, and the clock by which it is read.
///
/// Calls end by themselves, within a second: replies wait for them.
pub trait LimitStore: Send + Sync {
    /// What time it is.
    fn now(&self) -> Timestamp;

    /// What is noted there.
    ///
    /// # Errors
    /// [`Unavailable`]; so for every call.
    fn load(&self) -> impl Future<Output = Result<Known, Unavailable>> + Send;

    /// Notes that nothing is to be sent before this. The latest such time holds.
    fn close(&self, until: Timestamp) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// Adds so many invalid requests to those of the ten minutes that end then, and says how many there are now.
    fn count_invalid(
        &self,
        ends: Timestamp,
        count: u64,
    ) -> impl Future<Output = Result<u64, Unavailable>> + Send;
}
