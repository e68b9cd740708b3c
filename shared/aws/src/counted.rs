//! That an interaction was counted in a tally. Only with the feature `rehearsal`, for tests.

use domain::{InteractionId, UserId};

use crate::{kinds::Personal, stored::written_by_hand};

/// One counted interaction of a user.
#[derive(Debug)]
pub(crate) enum Counted {}

written_by_hand! {
    Counted: reader |_| true;
    "counted" version 1 in State;
    key |(user, interaction): (UserId, InteractionId)| "USER#{user}" / "TALLY#{interaction}";
    personal Personal::Owned;
    attributes;
}
