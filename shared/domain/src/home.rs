//! A member's home: the location of the weather when the user names no place.

use std::fmt;

use crate::{repeat::Name, weather::Coordinates};

/// A member's home.
#[derive(Clone, PartialEq, Eq)]
pub struct Home {
    /// The coordinates, rounded to 0.01 degrees.
    pub at: Coordinates,
    /// Whether other members may see the weather there.
    pub shared: bool,
    /// The name, as shown to its owner.
    pub label: Name,
}

/// Leaves out the location, which must not reach a log.
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

    /// The name, for instance "Paris, Île-de-France, France".
    #[must_use]
    pub fn label(&self) -> &Name {
        &self.label
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_does_not_show_where_it_is() {
        let home = Home::new(Coordinates::from_degrees(48.86, 2.35).unwrap(), Name::of("Paris"), true);
        assert_eq!(home.label().as_str(), "Paris");
        assert_eq!(format!("{home:?}"), "Home { shared: true, .. }");
    }
}
