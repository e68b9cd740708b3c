//! The clock that all parts of the local stack share, and the notifier by which they tell that something
//! has happened.

mod clock;
mod notifier;

pub use clock::{Clock, whole_ms};
pub use notifier::Notifier;
