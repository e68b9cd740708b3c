//! The stored failures of jobs in the dead-letter queue, kept as long as the queue keeps the messages. They
//! contain no user id.

use domain::{InteractionId, dead_letter::Failure};
use jiff::SignedDuration;

use crate::stored::stored;

stored! {
    Failure: "failure" version 1 in State;
    key |interaction: InteractionId| "FAILED#{interaction}" / "LAST";
    life SignedDuration::from_hours(14 * 24);
    attributes guild: guild, command: command, place: component, code: code, receives: receives, at: at;
}
