//! The states that commands store in custom ids, compared with `../../contracts/custom_ids`.

use std::fmt::Debug;

use discord::custom_id::{self, NewCustomId};
use domain::UserId;
use engine::{AllowedUser, Choose, Press, Submit};
use serde::{Serialize, de::DeserializeOwned};

/// A state as this version writes it.
pub(crate) struct Shape {
    /// `button`, `menu` or `form`.
    pub(crate) used: &'static str,
    pub(crate) command: &'static str,
    pub(crate) written: NewCustomId,
    /// The state's `Debug` output.
    pub(crate) meaning: String,
    /// Parses a state of this type, and returns its `Debug` output.
    pub(crate) read: fn(&[u8]) -> Option<String>,
}

impl Shape {
    /// The user to whom the samples belong.
    pub(crate) const OWNER: u64 = 1_100_000_000_000_000_004;

    /// The shape of a button's action.
    pub(crate) fn button<C: Press<Action: Debug>>(action: &C::Action) -> Self {
        Self::component::<C>("button", action)
    }

    /// The shape of a select's action.
    pub(crate) fn menu<C: Choose + Press<Action: Debug>>(action: &C::Action) -> Self {
        Self::component::<C>("menu", action)
    }

    /// The shape of a modal's state. It always has an owner, because Discord shows a modal to one user only.
    pub(crate) fn form<C: Submit<State: Debug>>(state: &C::State) -> Self {
        Self::of("form", C::NAME, C::MODAL_VERSION, UserId::new(Self::OWNER), state)
    }

    fn component<C: Press<Action: Debug>>(used: &'static str, action: &C::Action) -> Self {
        let owner = match C::PRESSED_BY {
            AllowedUser::Invoker => UserId::new(Self::OWNER),
            AllowedUser::Anyone => None,
        };
        Self::of(used, C::NAME, C::VERSION, owner, action)
    }

    fn of<S: Serialize + DeserializeOwned + Debug>(
        used: &'static str,
        command: &'static str,
        version: u8,
        owner: Option<UserId>,
        state: &S,
    ) -> Self {
        let written = custom_id::create(command, version, owner, state).unwrap();
        let read = |bytes: &[u8]| custom_id::unpack::<S>(bytes).map(|state| format!("{state:?}"));
        Self { used, command, written, meaning: format!("{state:?}"), read }
    }

    /// Whether it can be used this way. Buttons and selects share a type of action.
    pub(crate) fn is_of(&self, command: &str, used: &str) -> bool {
        self.command == command && (self.used == "form") == (used == "form")
    }
}
