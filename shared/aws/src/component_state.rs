//! What the custom id of a component could not hold.

use jiff::SignedDuration;

use crate::stored::stored;

/// The state of a component. An older one says that it is too old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentState(pub Vec<u8>);

stored! {
    ComponentState: "component_state" version 1 in Ephemeral;
    key |hash: str| "STATE#{hash}";
    life SignedDuration::from_hours(24);
    attributes state: 0;
}
