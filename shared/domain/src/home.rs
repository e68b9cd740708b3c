//! The place that somebody calls home: where the weather is asked for when no place is named.

use std::fmt;

use crate::{repeat::Name, weather::Coordinates};

/// A member's home.
#[derive(Clone, PartialEq, Eq)]
pub struct Home {
    /// Where on the earth, to the hundredth of a degree.
    pub at: Coordinates,
    /// Whether others may see the weather there.
    pub shared: bool,
    /// The name that its owner sees.
    pub label: Name,
}

/// Where somebody lives is not for logs.
impl fmt::Debug for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Home").field("shared", &self.shared).finish_non_exhaustive()
    }
}

impl Home {
    /// A home with the name that its owner sees.
    #[must_use]
    pub fn new(at: Coordinates, label: Name, shared: bool) -> Self {
        Self { at, shared, label }
    }

    /// "Paris, Île-de-France, France".
    #[must_use]
    pub fn label(&self) -> &Name {
        &self.label
    }
}
