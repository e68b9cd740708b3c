//! The states that commands store in custom ids, compared with `../../contracts/custom_ids`.

use std::fmt::Debug;

use discord::custom_id::{self, NewCustomId};
use domain::UserId;
use engine::{AllowedUser, Choose, Press, PreviousState, Submit};
use serde::{Serialize, de::DeserializeOwned};

/// A state as this version writes it.
pub(crate) struct Shape {
    /// `button`, `menu` or `form`.
    pub(crate) used: &'static str,
    pub(crate) command: &'static str,
    pub(crate) written: NewCustomId,
    /// The state's `Debug` output.
    pub(crate) meaning: String,
    /// The version that is written.
    pub(crate) version: u8,
    /// Reads a state of this version, and returns its `Debug` output.
    pub(crate) read: Read,
    /// As `read`, for a state of the version before.
    pub(crate) read_previous: Read,
}

pub(crate) type Read = fn(&[u8]) -> Option<String>;

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
        let previous = |bytes: &[u8]| said(C::previous_state(PreviousState(bytes)));
        Self::of("form", C::NAME, C::MODAL_VERSION, UserId::new(Self::OWNER), state, previous)
    }

    fn component<C: Press<Action: Debug>>(used: &'static str, action: &C::Action) -> Self {
        let owner = match C::PRESSED_BY {
            AllowedUser::Invoker => UserId::new(Self::OWNER),
            AllowedUser::Anyone => None,
        };
        let previous = |bytes: &[u8]| said(C::previous_action(PreviousState(bytes)));
        Self::of(used, C::NAME, C::VERSION, owner, action, previous)
    }

    fn of<S: Serialize + DeserializeOwned + Debug>(
        used: &'static str,
        command: &'static str,
        version: u8,
        owner: Option<UserId>,
        state: &S,
        read_previous: Read,
    ) -> Self {
        let written = custom_id::create(command, version, owner, state).unwrap();
        let read = |bytes: &[u8]| said(custom_id::unpack::<S>(bytes));
        Self { used, command, written, meaning: format!("{state:?}"), version, read, read_previous }
    }

    /// Whether it can be used this way. Buttons and selects share a type of action.
    pub(crate) fn is_of(&self, command: &str, used: &str) -> bool {
        self.command == command && (self.used == "form") == (used == "form")
    }
}

fn said(state: Option<impl Debug>) -> Option<String> {
    state.map(|state| format!("{state:?}"))
}
