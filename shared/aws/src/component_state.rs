//! Component state that does not fit into a custom id.

use jiff::SignedDuration;

use crate::stored::stored;

/// The serialized state of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentState(pub Vec<u8>);

stored! {
    ComponentState: "component_state" version 1 in Ephemeral;
    key |hash: str| "STATE#{hash}";
    life SignedDuration::from_hours(24);
    attributes state: 0;
}
