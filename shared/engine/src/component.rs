//! Creates a command's buttons, select menus and modals, with their custom ids.

use discord::{
    Button, Modal, ModalComponent, Select, SelectOption,
    custom_id::{self, NewCustomId, PackError},
};
use domain::{Fault, UserId};
use serde::Serialize;

use crate::{AllowedUser, Choose, Context, Press, Submit};

impl Context {
    /// A button of `C`; a click calls [`Press::press`] with `action`.
    ///
    /// # Errors
    /// [`Fault`] if `action` has a type that cannot be serialized into a custom id.
    pub fn button<C: Press>(&self, label: impl Into<String>, action: &C::Action) -> Result<Button, Fault> {
        Ok(Button::new(label, self.component::<C>(action)?))
    }

    /// A select menu of `C` for exactly one of `options`.
    ///
    /// # Errors
    /// As [`Context::button`].
    pub fn choose_one<C: Choose>(
        &self,
        placeholder: impl Into<String>,
        options: Vec<SelectOption>,
        action: &C::Action,
    ) -> Result<Select, Fault> {
        Ok(Select::one(placeholder, options, self.component::<C>(action)?))
    }

    /// A select menu of `C` for any number of `options`.
    ///
    /// # Errors
    /// As [`Context::button`].
    pub fn choose_any<C: Choose>(
        &self,
        placeholder: impl Into<String>,
        options: Vec<SelectOption>,
        action: &C::Action,
    ) -> Result<Select, Fault> {
        Ok(Select::any(placeholder, options, self.component::<C>(action)?))
    }

    /// A modal of `C`; submitting it calls [`Submit::submit`] with `state`.
    ///
    /// # Errors
    /// As [`Context::button`].
    pub fn modal<C: Submit>(
        &self,
        title: impl Into<String>,
        components: Vec<ModalComponent>,
        state: &C::State,
    ) -> Result<Modal, Fault> {
        Ok(Modal::new(title, components, self.custom_id(C::NAME, C::MODAL_VERSION, self.caller.user, state)?))
    }

    fn component<C: Press>(&self, action: &C::Action) -> Result<NewCustomId, Fault> {
        let owner = match C::PRESSED_BY {
            AllowedUser::Invoker => self.caller.user,
            AllowedUser::Anyone => None,
        };
        self.custom_id(C::NAME, C::VERSION, owner, action)
    }

    fn custom_id<S: Serialize>(
        &self,
        command: &str,
        version: u8,
        owner: Option<UserId>,
        state: &S,
    ) -> Result<NewCustomId, Fault> {
        custom_id::create(command, version, owner, state)
            .map_err(|PackError| Fault::lasting("custom id", "cannot be packed"))
    }
}
