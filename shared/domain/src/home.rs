//! The place that somebody calls home: where the weather is asked for when no place is named.

use std::fmt;

use crate::{repeat, weather::Coordinates};

/// How many characters of a place's name are kept.
pub const LONGEST_LABEL: usize = 100;

/// A member's home.
#[derive(Clone, PartialEq, Eq)]
pub struct Home {
    /// Where on the earth, to the hundredth of a degree.
    pub at: Coordinates,
    /// Whether others may see the weather there.
    pub shared: bool,
    label: String,
}

/// Where somebody lives is not for logs.
impl fmt::Debug for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Home").field("shared", &self.shared).finish_non_exhaustive()
    }
}

impl Home {
    /// A home with the name that its owner sees, as [`repeat::name`] leaves it.
    #[must_use]
    pub fn new(at: Coordinates, label: &str, shared: bool) -> Self {
        Self { at, shared, label: repeat::name(label, LONGEST_LABEL) }
    }

    /// "Paris, Île-de-France, France".
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let at = Coordinates::from_hundredths(0, 0).unwrap();
        assert_eq!(Home::new(at, &"Ö".repeat(101), false).label(), "Ö".repeat(100));
    }
}
