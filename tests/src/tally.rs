//! A counter for each user, raised by each interaction: an effect that shows if it is applied twice.

use std::collections::BTreeSet;

use domain::{InteractionId, UserId};

use crate::defects::{self, Defect};

/// The interactions of a user that have been counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The number of counted interactions.
    pub count: u32,
    /// Their ids.
    pub counted: BTreeSet<InteractionId>,
}

aws::stored! {
    Tally: "tally" version 1 in State;
    key |user: UserId| "USER#{user}" / "TALLY";
    owner user;
    attributes count: count, counted: counted;
}

impl Tally {
    /// Counts an interaction, unless it has been counted.
    #[must_use]
    pub(crate) fn with(mut self, interaction: InteractionId) -> Self {
        if self.counted.insert(interaction) || defects::is(Defect::UnkeyedEffect) {
            self.count += 1;
        }
        self
    }
}
