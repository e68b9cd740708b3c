//! The feature flags: one item, which operators write and every environment reads.

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
    /// Edits a flag, and returns the flags after that.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable (a retry is safe), if concurrent edits always win, or if a
    /// later version of this code wrote the item.
    pub async fn edit(&self, name: &str, edit: &Edit, now: Timestamp) -> Result<Flags, Fault> {
        let changed = self.change((), |flags| flags.apply(name, edit), now).await?;
        changed.ok_or_else(|| Fault::new(Flags::COMPONENT, "concurrent changes"))
    }
}
