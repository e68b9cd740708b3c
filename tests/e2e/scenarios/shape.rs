//! What a command stores in a custom id, to be compared with `../../contracts/custom_ids`.

use std::fmt::Debug;

use discord::custom_id::{self, Written};
use domain::UserId;
use engine::{AllowedUser, Choose, Press, Submit};
use serde::{Serialize, de::DeserializeOwned};

/// A state, as the command writes it today.
pub(crate) struct Shape {
    /// `button`, `menu` or `form`.
    pub(crate) used: &'static str,
    pub(crate) command: &'static str,
    pub(crate) written: Written,
    /// What it means, in Rust's words.
    pub(crate) meaning: String,
    /// How a state of this type is read.
    pub(crate) read: fn(&[u8]) -> Option<String>,
}

impl Shape {
    /// For whom the samples are made.
    pub(crate) const OWNER: u64 = 1_100_000_000_000_000_004;

    /// Of a button that means this.
    pub(crate) fn button<C: Press<Action: Debug>>(action: &C::Action) -> Self {
        Self::component::<C>("button", action)
    }

    /// Of a menu that means this.
    pub(crate) fn menu<C: Choose + Press<Action: Debug>>(action: &C::Action) -> Self {
        Self::component::<C>("menu", action)
    }

    /// Of a form that means this. Discord shows a form to one person alone.
    pub(crate) fn form<C: Submit<State: Debug>>(state: &C::State) -> Self {
        Self::of("form", C::NAME, C::FORM_VERSION, UserId::new(Self::OWNER), state)
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
        let written = custom_id::write(command, version, owner, state).unwrap();
        let read = |bytes: &[u8]| custom_id::unpack::<S>(bytes).map(|state| format!("{state:?}"));
        Self { used, command, written, meaning: format!("{state:?}"), read }
    }

    /// Whether it is one of the states that this is used with: actions of buttons and menus are of one type.
    pub(crate) fn is_of(&self, command: &str, used: &str) -> bool {
        self.command == command && (self.used == "form") == (used == "form")
    }
}
