//! The clock that all parts of the local stack share, and a notifier of changes.

mod clock;
mod notifier;

pub use clock::{Clock, whole_ms};
pub use notifier::Notifier;
