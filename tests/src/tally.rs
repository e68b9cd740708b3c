//! A number for each user that every interaction raises by one: an effect that shows when it is done twice.

use std::collections::BTreeSet;

use domain::{InteractionId, UserId};

use crate::defects::{self, Defect};

/// The interactions of a user that have been counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often an interaction was counted.
    pub count: u32,
    /// Which.
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
