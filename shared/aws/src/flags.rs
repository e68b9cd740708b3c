//! How far each command is rolled out: one item, which an operator writes and every environment reads.

use domain::{
    Fault, Flags,
    flags::{Edit, Flag},
};
use jiff::Timestamp;

use crate::stored::{Kind, Store, map, stored};

stored! {
    Flags: "flags" version 1 in State;
    key |_: ()| "FLAGS" / "CURRENT";
    attributes flags: 0;
}

map!(Flag: percent, on, off);

impl Store<Flags> {
    /// Makes an edit, and says what holds then.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be reached (repeating it is safe), others keep being faster, or a
    /// later version of this code has written there.
    pub async fn edit(&self, name: &str, edit: &Edit, now: Timestamp) -> Result<Flags, Fault> {
        let changed = self.change((), |flags| flags.apply(name, edit), now).await?;
        changed.ok_or_else(|| Fault::new(Flags::COMPONENT, "others are changing them"))
    }
}
