//! Why jobs failed for good: beside each dead letter, for as long as the queue keeps it. It names no user.

use domain::{InteractionId, dead_letter::Failure};
use jiff::SignedDuration;

use crate::stored::stored;

stored! {
    Failure: "failure" version 1 in State;
    key |interaction: InteractionId| "FAILED#{interaction}" / "LAST";
    life SignedDuration::from_hours(14 * 24);
    attributes guild: guild, command: command, place: component, code: code, receives: receives, at: at;
}
