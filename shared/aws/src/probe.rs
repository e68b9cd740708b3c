//! The last probe of each function that found everything in order.

use domain::InteractionId;
use jiff::{SignedDuration, Timestamp};

use crate::stored::stored;

/// A probe that found everything in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeResult {
    /// The id of the probe.
    pub probe: InteractionId,
    /// When it ended.
    pub at: Timestamp,
}

stored! {
    ProbeResult: "probe" version 1 in Ephemeral;
    key |function: str| "PROBE#{function}";
    life SignedDuration::from_hours(1);
    attributes probe: probe, at: at;
}
