//! The three kinds of command: how each is named, defined for Discord, and parsed.

use discord::{
    CommandKind, CommandModel, CreateCommand, Definition,
    definition::Metadata,
    options::{self, OptionsError},
    target,
};

use crate::{Command, OnMessage, OnUser, dispatch::Input};

/// A slash command.
pub mod slash {
    use super::{
        Command, CommandKind, CommandModel, CreateCommand, Definition, Input, OptionsError, metadata, options,
    };

    pub const KIND: CommandKind = CommandKind::Slash;

    pub const fn name<C: CreateCommand>() -> &'static str {
        C::NAME
    }

    pub fn definition<C: Command + CreateCommand>() -> Definition {
        Definition::of::<C>(metadata::<C>())
    }

    /// Parses the full interaction only if the command has fields and the user gave options.
    pub fn parse<C: CommandModel>(input: Input<'_>) -> Result<C, OptionsError> {
        let has_fields = size_of::<C>() > 0;
        if has_fields && input.envelope.has_options() { options::parse(input.body) } else { options::none() }
    }
}

/// A command in the context menu of a user.
pub mod user {
    use super::{CommandKind, Definition, Input, OnUser, OptionsError, metadata, target};

    pub const KIND: CommandKind = CommandKind::User;

    pub const fn name<C: OnUser>() -> &'static str {
        C::NAME
    }

    pub fn definition<C: OnUser>() -> Definition {
        Definition::menu(KIND, C::NAME, metadata::<C>())
    }

    pub fn parse<C: OnUser>(input: Input<'_>) -> Result<C, OptionsError> {
        target::user(input.body).map(C::from_target)
    }
}

/// A command in the context menu of a message.
pub mod message {
    use super::{CommandKind, Definition, Input, OnMessage, OptionsError, metadata, target};

    pub const KIND: CommandKind = CommandKind::Message;

    pub const fn name<C: OnMessage>() -> &'static str {
        C::NAME
    }

    pub fn definition<C: OnMessage>() -> Definition {
        Definition::menu(KIND, C::NAME, metadata::<C>())
    }

    pub fn parse<C: OnMessage>(input: Input<'_>) -> Result<C, OptionsError> {
        target::message(input.body).map(C::from_target)
    }
}

fn metadata<C: Command>() -> Metadata {
    Metadata { member_permissions: C::MEMBER_PERMISSIONS, contexts: C::CONTEXTS, translate: words::translate }
}
