//! The homes of members.

use domain::{Home, UserId};

use crate::stored::stored;

stored! {
    Home: "home" version 1 in State;
    key |user: UserId| "USER#{user}" / "HOME";
    owner user;
    attributes place: at, label: label, shared: shared;
}
