//! What a member wants to remember.

use crate::repeat::Name;

/// A member's note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it says, at most [`Name::MAX_LENGTH`] characters.
    pub text: Name,
}
