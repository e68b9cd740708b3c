//! The notes of members.

use domain::{UserId, note::Note};

use crate::stored::stored;

stored! {
    Note: "note" version 1 in State;
    key |user: UserId| "USER#{user}" / "NOTE";
    owner user;
    attributes text: text;
}
