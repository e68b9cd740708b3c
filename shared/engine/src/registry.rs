//! The list of commands: the trait, and the macro that implements it, [`commands!`](crate::commands).
//!
//! The engine is generic over its registry and dispatches statically, so a function links only the
//! abilities that it calls: the interactions function does not contain the code of deferred jobs.

use std::fmt;

use discord::{Choices, CommandKind, CustomId, Definition, Permissions, Reply, definition::Contexts};
use domain::{Result, rate::Class, settings::Feature};

use crate::{
    Ability, Admitted, AllowedUser, Answer, Context, Named, UpdateMode, Visibility,
    dispatch::{Called, Input, Started},
};

/// A list of commands, and calls of each by its name. [`commands!`](crate::commands) implements it.
pub trait Registry: fmt::Debug + Send + Sync + 'static {
    /// Every command, in the order of /help.
    fn commands() -> impl Iterator<Item = &'static Entry>;

    /// The command that has this name, or had it before.
    fn find(name: &str) -> Option<&'static Entry> {
        Self::commands().find(|entry| entry.name == name || entry.previous_names.contains(&name))
    }

    /// Calls a command, by any of its names, in the interactions function; [`Answer::Later`] for one that is
    /// always deferred.
    ///
    /// # Errors
    /// A refusal if its options are of another version; a fault if no command has the name.
    fn run<'a>(name: &str, input: Input<'a>, admitted: Admitted) -> Result<Started<'a, Answer>>;

    /// Calls a command in the jobs function. One without `Work` has its `run` called, without a deadline.
    ///
    /// # Errors
    /// A fault if its options are of another version, or if no command has the name.
    fn work<'a>(name: &str, input: Input<'a>, admitted: Admitted) -> Result<Started<'a, Reply>>;

    /// Calls the command's autocomplete.
    fn complete<'a>(name: &'a str, input: Input<'a>, cx: &'a Context) -> Called<'a, Choices>;

    /// Calls the command that created the button.
    fn press<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer>;

    /// As [`Registry::press`], in the jobs function.
    fn press_work<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply>;

    /// Calls the command that created the select menu.
    fn choose<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer>;

    /// As [`Registry::choose`], in the jobs function.
    fn choose_work<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply>;

    /// Calls the command that created the modal.
    fn submit<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer>;

    /// As [`Registry::submit`], in the jobs function.
    fn submit_work<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply>;
}

/// The static properties of a command.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name, unique among commands of all kinds.
    pub name: &'static str,
    /// Slash command or context menu command.
    pub kind: CommandKind,
    /// The abilities that its registry line names.
    pub abilities: &'static [Ability],
    /// [`crate::Command::REPLY`].
    pub reply: Visibility,
    /// [`crate::Command::CLASS`].
    pub class: Class,
    /// [`crate::Command::MEMBER_PERMISSIONS`].
    pub member_permissions: Permissions,
    /// [`crate::Command::BOT_PERMISSIONS`].
    pub bot_permissions: Permissions,
    /// [`crate::Command::CONTEXTS`].
    pub contexts: Contexts,
    /// [`crate::Command::FEATURE`].
    pub feature: Option<Feature>,
    /// The policy of its buttons and select menus, if it has any.
    pub press: Option<ComponentPolicy>,
    /// The policy of its modals, if it has any.
    pub submit: Option<ComponentPolicy>,
    /// [`crate::Command::PREVIOUS_NAMES`].
    pub previous_names: &'static [&'static str],
    /// Its definition for registration at Discord.
    pub definition: fn() -> Definition,
}

impl Entry {
    /// The entry of a command, from its type; `commands!` adds what the registry line names.
    pub const fn of<C: Named>(kind: CommandKind, definition: fn() -> Definition) -> Self {
        Self {
            name: C::NAME,
            kind,
            abilities: &[],
            reply: C::REPLY,
            class: C::CLASS,
            member_permissions: C::MEMBER_PERMISSIONS,
            bot_permissions: C::BOT_PERMISSIONS,
            contexts: C::CONTEXTS,
            feature: C::FEATURE,
            previous_names: C::PREVIOUS_NAMES,
            press: None,
            submit: None,
            definition,
        }
    }

    /// The name of its feature flag: the oldest that the command had. So a flag holds for every version,
    /// and a rollout stays with the guilds that have it, since they are chosen by the flag's name.
    pub fn flag_name(&self) -> &'static str {
        self.previous_names.first().copied().unwrap_or(self.name)
    }
}

/// Who may use a command's components, and what that does to the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComponentPolicy {
    /// What the answer does to the message.
    pub on_use: UpdateMode,
    /// Who may use them.
    pub by: AllowedUser,
}

/// Creates a registry from lines, one per command: kind (`slash`, `user`, `message`), file, type and
/// abilities.
///
/// `slash home::Home: Run Press Submit;` expands to:
///
/// ```ignore
/// pub mod home;
/// use home::Home;
///
/// impl Named for Home {
///     const NAME: &'static str = command_kind::slash::name::<Home>(); // "home", as its derive says
/// }
///
/// // Without these, `impl Run for Home` and the others do not compile.
/// impl Can<ability::Run> for Home {}
/// impl Can<ability::Press> for Home {}
/// impl Can<ability::Submit> for Home {}
///
/// pub const COMMANDS: &[Entry] = &[
///     Entry {
///         abilities: &[Ability::Run, Ability::Press, Ability::Submit],
///         press: Some(ComponentPolicy { on_use: <Home as Press>::ON_PRESS, by: <Home as Press>::PRESSED_BY }),
///         submit: Some(ComponentPolicy { on_use: <Home as Submit>::ON_SUBMIT, by: AllowedUser::Invoker }),
///         ..Entry::of::<Home>(command_kind::slash::KIND, command_kind::slash::definition::<Home>)
///     },
///     // and those of the other lines
/// ];
///
/// const _: () = assert!(is_runnable(&[Ability::Run, Ability::Press, Ability::Submit]), "...");
/// const _: () = assert!(is_free_of_settings(Home::CLASS, Home::REPLY, Home::FEATURE), "...");
///
/// pub enum Commands {}
///
/// impl Registry for Commands {
///     fn run<'a>(name: &str, input: Input<'a>, admitted: Admitted) -> Result<Started<'a, Answer>> {
///         // the lines before that name Run
///         if registry::is_called::<Home>(name) {
///             return dispatch::run::<Home>(command_kind::slash::read, input, admitted);
///         }
///         // the lines after, and then by `dispatch::later` those that name Work
///         Err(dispatch::unknown_command().into())
///     }
///
///     fn work<'a>(name: &str, input: Input<'a>, admitted: Admitted) -> Result<Started<'a, Reply>> {
///         // by `dispatch::work` the lines that name Work; then those that name Run:
///         if registry::is_called::<Home>(name) {
///             return dispatch::run_late::<Home>(command_kind::slash::read, input, admitted);
///         }
///         Err(dispatch::unknown_command().into())
///     }
///
///     // It does not name Complete, so nothing of it is in `complete`; nor Choose, so nothing in `choose`.
///
///     fn press<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
///         if registry::is_called::<Home>(id.command) {
///             return dispatch::press::<Home>(id, input, cx);
///         }
///         dispatch::unknown()
///     }
///
///     // `press_work`, `submit` and `submit_work` are like `press`.
/// }
/// ```
#[macro_export]
macro_rules! commands {
    ($($kind:ident $file:ident::$command:ident: $($ability:ident)+;)+) => {
        $(pub mod $file; use $file::$command;)+

        $(impl $crate::Named for $command {
            const NAME: &'static str = $crate::command_kind::$kind::name::<$command>();
        })+

        $(const _: () = { $(impl $crate::Can<$crate::ability::$ability> for $command {})+ };)+

        /// Every command, in the order in which they are listed to users.
        pub const COMMANDS: &[$crate::Entry] = &[$(
            $crate::Entry {
                abilities: &[$($crate::Ability::$ability),+],
                press: $crate::__component_policy!(Press $command $($ability)+),
                submit: $crate::__component_policy!(Submit $command $($ability)+),
                ..$crate::Entry::of::<$command>(
                    $crate::command_kind::$kind::KIND,
                    $crate::command_kind::$kind::definition::<$command>,
                )
            }
        ),+];

        $(const _: () = assert!(
            $crate::registry::is_runnable(&[$($crate::Ability::$ability),+]),
            concat!("the command ", stringify!($command), " has neither Run nor Work"),
        );)+

        $(const _: () = assert!(
            $crate::registry::is_free_of_settings(
                <$command as $crate::Command>::CLASS,
                <$command as $crate::Command>::REPLY,
                <$command as $crate::Command>::FEATURE,
            ),
            concat!(
                "the command ", stringify!($command), " is Free, which does not read the guild's settings: ",
                "it can have no feature, and its reply cannot be public",
            ),
        );)+

        /// The registry of [`COMMANDS`].
        #[derive(Debug)]
        pub enum Commands {}

        impl $crate::Registry for Commands {
            fn commands() -> impl Iterator<Item = &'static $crate::Entry> {
                COMMANDS.iter()
            }

            fn run<'a>(
                name: &str,
                input: $crate::dispatch::Input<'a>,
                admitted: $crate::Admitted,
            ) -> $crate::dispatch::Result<$crate::dispatch::Started<'a, $crate::Answer>> {
                $($($crate::__arm!(
                    Run $ability $command name run($crate::command_kind::$kind::parse, input, admitted)
                );)+)+
                $($($crate::__arm!(
                    Work $ability $command name later($crate::command_kind::$kind::parse, input, admitted)
                );)+)+
                Err($crate::dispatch::unknown_command().into())
            }

            fn work<'a>(
                name: &str,
                input: $crate::dispatch::Input<'a>,
                admitted: $crate::Admitted,
            ) -> $crate::dispatch::Result<$crate::dispatch::Started<'a, $crate::dispatch::Reply>> {
                $($($crate::__arm!(
                    Work $ability $command name work($crate::command_kind::$kind::parse, input, admitted)
                );)+)+
                $($($crate::__arm!(
                    Run $ability $command name run_late($crate::command_kind::$kind::parse, input, admitted)
                );)+)+
                Err($crate::dispatch::unknown_command().into())
            }

            fn complete<'a>(
                name: &'a str,
                input: $crate::dispatch::Input<'a>,
                cx: &'a $crate::Context,
            ) -> $crate::dispatch::Called<'a, $crate::dispatch::Choices> {
                $($($crate::__arm!(Complete $ability $command name complete(input, cx));)+)+
                $crate::dispatch::no_choices()
            }

            $crate::__component! { press -> $crate::Answer: $($command Press press [$($ability)+];)+ }
            $crate::__component! {
                press_work -> $crate::dispatch::Reply: $($command Press press_work [$($ability)+];)+
            }
            $crate::__component! { choose -> $crate::Answer: $($command Choose choose [$($ability)+];)+ }
            $crate::__component! {
                choose_work -> $crate::dispatch::Reply: $($command Choose choose_work [$($ability)+];)+
            }
            $crate::__component! { submit -> $crate::Answer: $($command Submit submit [$($ability)+];)+ }
            $crate::__component! {
                submit_work -> $crate::dispatch::Reply: $($command Submit submit_work [$($ability)+];)+
            }
        }
    };
}

/// A method of the registry for components and modals, dispatched by the command in their custom id.
#[doc(hidden)]
#[macro_export]
macro_rules! __component {
    ($call:ident -> $gives:ty: $($command:ident $wanted:ident $does:ident [$($ability:ident)+];)+) => {
        fn $call<'a>(
            id: $crate::dispatch::CustomId<'a>,
            input: $crate::dispatch::Input<'a>,
            cx: &'a $crate::Context,
        ) -> $crate::dispatch::Called<'a, $gives> {
            let name = id.command;
            $($($crate::__arm!($wanted $ability $command name $does(id, input, cx));)+)+
            $crate::dispatch::unknown()
        }
    };
}

/// Calls the command and returns, if it has this name and the wanted ability.
#[doc(hidden)]
#[macro_export]
macro_rules! __arm {
    (Run Run $($call:tt)+) => { $crate::__arm!(@ $($call)+) };
    (Work Work $($call:tt)+) => { $crate::__arm!(@ $($call)+) };
    (Complete Complete $($call:tt)+) => { $crate::__arm!(@ $($call)+) };
    (Press Press $($call:tt)+) => { $crate::__arm!(@ $($call)+) };
    (Choose Choose $($call:tt)+) => { $crate::__arm!(@ $($call)+) };
    (Submit Submit $($call:tt)+) => { $crate::__arm!(@ $($call)+) };
    (@ $command:ident $name:ident $call:ident($($argument:expr),*)) => {
        if $crate::registry::is_called::<$command>($name) {
            return $crate::dispatch::$call::<$command>($($argument),*);
        }
    };
    ($wanted:ident $ability:ident $($call:tt)+) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __component_policy {
    ($wanted:ident $command:ident) => { None };
    (Press $command:ident Press $($more:ident)*) => {
        Some($crate::ComponentPolicy {
            on_use: <$command as $crate::Press>::ON_PRESS,
            by: <$command as $crate::Press>::PRESSED_BY,
        })
    };
    (Submit $command:ident Submit $($more:ident)*) => {
        // Only the user for whom it was opened sees a modal.
        Some($crate::ComponentPolicy {
            on_use: <$command as $crate::Submit>::ON_SUBMIT,
            by: $crate::AllowedUser::Invoker,
        })
    };
    ($wanted:ident $command:ident $other:ident $($more:ident)*) => {
        $crate::__component_policy!($wanted $command $($more)*)
    };
}

/// Whether a command has this name, or had it before: as the buttons, the queued jobs and the interactions
/// say that were made before it was renamed.
#[doc(hidden)]
pub fn is_called<C: Named>(name: &str) -> bool {
    name == C::NAME || C::PREVIOUS_NAMES.contains(&name)
}

/// Whether a command has an ability that answers its use.
#[doc(hidden)]
pub const fn is_runnable(abilities: &[Ability]) -> bool {
    let mut rest = abilities;
    while let [ability, after @ ..] = rest {
        if matches!(ability, Ability::Run | Ability::Work) {
            return true;
        }
        rest = after;
    }
    false
}

/// Whether the class is compatible with the other constants: a `Free` command does not read the guild's
/// settings, so it can neither be turned off nor answer in the guild's language.
#[doc(hidden)]
pub const fn is_free_of_settings(class: Class, reply: Visibility, feature: Option<Feature>) -> bool {
    !matches!(class, Class::Free) || (matches!(reply, Visibility::Ephemeral) && feature.is_none())
}
