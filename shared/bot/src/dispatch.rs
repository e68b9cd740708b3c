//! From a name to a command: what the lines of the registry become.
//!
//! Dispatch is static: a function links only the abilities it calls, so the front door does not
//! carry what only the jobs function needs. What is called comes boxed, so that the size of the
//! largest command is not everybody's.

use aws::ComponentState;
use discord::{
    Choices, CustomId, Envelope, Filled, Reply,
    custom_id::{self, State},
    options::{self, DoNotFit},
};
use domain::{Fault, Refusal, Result, settings::Feature};
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};
use serde::de::DeserializeOwned;

use crate::{
    Ability, Answer, Caller, Choose, Class, Complete, Context, Named, OnUse, Press, Run, Submit, UsedBy,
    Visibility, Work, words,
};

/// An interaction and its body.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Its outside.
    pub envelope: &'a Envelope<'a>,
    /// All of it.
    pub body: &'a str,
}

pub(crate) type Called<'a, T> = BoxFuture<'a, Result<T>>;

/// A command whose options have been read, so that it is known who will see its reply, and whose own
/// code begins when `result` is polled.
pub struct Started<'a, T> {
    /// What the command was given.
    pub cx: Context,
    /// What comes of it.
    pub result: BoxFuture<'a, Result<T>>,
}

/// How a command is read out of an interaction; each kind of command has one.
type Read<C> = fn(Input<'_>) -> Result<C, DoNotFit>;

/// What using a command's components can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uses {
    /// What becomes of the message.
    pub on_use: OnUse,
    /// Who may.
    pub by: UsedBy,
}

/// Makes the table and the dispatch out of the registry's lines; `registry.rs` shows what becomes of one.
macro_rules! commands {
    ($($(#[$when:meta])* $kind:ident $file:ident::$command:ident: $($ability:ident)+;)+) => {
        $($(#[$when])* pub mod $file; $(#[$when])* use $file::$command;)+

        $($(#[$when])* impl $crate::Named for $command {
            const NAME: &'static str = $crate::kinds::$kind::name::<$command>();
        })+

        $($(#[$when])* const _: () = { $(impl $crate::Can<$crate::ability::$ability> for $command {})+ };)+

        /// Every command, in the order in which they are listed to users.
        pub const COMMANDS: &[Entry] = &[$(
            $(#[$when])* Entry {
                abilities: &[$($crate::Ability::$ability),+],
                press: $crate::dispatch::uses!(Press $command $($ability)+),
                submit: $crate::dispatch::uses!(Submit $command $($ability)+),
                ..entry::<$command>($crate::kinds::$kind::KIND, $crate::kinds::$kind::definition::<$command>)
            }
        ),+];

        $($(#[$when])* const _: () = assert!(
            $crate::dispatch::is_runnable(&[$($crate::Ability::$ability),+]),
            concat!("the command ", stringify!($command), " has neither Run nor Work"),
        );)+

        $($(#[$when])* const _: () = assert!(
            $crate::dispatch::is_free_of_settings(
                <$command as $crate::Command>::CLASS,
                <$command as $crate::Command>::REPLY,
                <$command as $crate::Command>::FEATURE,
            ),
            concat!(
                "the command ", stringify!($command), " is Free, which does not read what a guild has ",
                "decided: it can have no feature, and its reply cannot be public",
            ),
        );)+

        /// Starts to answer a command; [`crate::Answer::Later`] for one that always works.
        pub fn run<'a>(
            name: &str,
            input: $crate::dispatch::Input<'a>,
            caller: $crate::Caller,
        ) -> domain::Result<$crate::dispatch::Started<'a, $crate::Answer>> {
            $($(#[$when])* { $($crate::dispatch::arm!(
                Run $ability $command name run($crate::kinds::$kind::read, input, caller)
            );)+ })+
            $($(#[$when])* { $($crate::dispatch::arm!(
                Work $ability $command name later($crate::kinds::$kind::read, input, caller)
            );)+ })+
            Err($crate::dispatch::unknown_command().into())
        }

        /// Starts a command's work in the jobs function; one that has no `Work` is run there without a deadline.
        pub fn work<'a>(
            name: &str,
            input: $crate::dispatch::Input<'a>,
            caller: $crate::Caller,
        ) -> domain::Result<$crate::dispatch::Started<'a, discord::Reply>> {
            $($(#[$when])* { $($crate::dispatch::arm!(
                Work $ability $command name work($crate::kinds::$kind::read, input, caller)
            );)+ })+
            $($(#[$when])* { $($crate::dispatch::arm!(
                Run $ability $command name run_late($crate::kinds::$kind::read, input, caller)
            );)+ })+
            Err($crate::dispatch::unknown_command().into())
        }

        /// What to offer for the option that is being typed.
        pub fn complete<'a>(
            name: &'a str,
            input: $crate::dispatch::Input<'a>,
            cx: &'a $crate::Context,
        ) -> $crate::dispatch::Called<'a, discord::Choices> {
            $($(#[$when])* { $($crate::dispatch::arm!(Complete $ability $command name complete(input, cx));)+ })+
            $crate::dispatch::no_choices()
        }

        $crate::dispatch::component! { press -> $crate::Answer:
            $($(#[$when])* $command Press press [$($ability)+];)+
        }
        $crate::dispatch::component! { press_work -> discord::Reply:
            $($(#[$when])* $command Press press_work [$($ability)+];)+
        }
        $crate::dispatch::component! { choose -> $crate::Answer:
            $($(#[$when])* $command Choose choose [$($ability)+];)+
        }
        $crate::dispatch::component! { choose_work -> discord::Reply:
            $($(#[$when])* $command Choose choose_work [$($ability)+];)+
        }
        $crate::dispatch::component! { submit -> $crate::Answer:
            $($(#[$when])* $command Submit submit [$($ability)+];)+
        }
        $crate::dispatch::component! { submit_work -> discord::Reply:
            $($(#[$when])* $command Submit submit_work [$($ability)+];)+
        }
    };
}

/// What was made by a command and comes back to it by its custom id.
macro_rules! component {
    ($call:ident -> $gives:ty:
        $($(#[$when:meta])* $command:ident $wanted:ident $does:ident [$($ability:ident)+];)+) => {
        /// Calls the command that made the component or form.
        pub fn $call<'a>(
            id: discord::CustomId<'a>,
            input: $crate::dispatch::Input<'a>,
            cx: &'a $crate::Context,
        ) -> $crate::dispatch::Called<'a, $gives> {
            let name = id.command;
            $($(#[$when])* { $($crate::dispatch::arm!($wanted $ability $command name $does(id, input, cx));)+ })+
            $crate::dispatch::unknown()
        }
    };
}

/// Calls the command if it has the name and the ability that is wanted.
macro_rules! arm {
    (Run Run $($call:tt)+) => { $crate::dispatch::arm!(@ $($call)+) };
    (Work Work $($call:tt)+) => { $crate::dispatch::arm!(@ $($call)+) };
    (Complete Complete $($call:tt)+) => { $crate::dispatch::arm!(@ $($call)+) };
    (Press Press $($call:tt)+) => { $crate::dispatch::arm!(@ $($call)+) };
    (Choose Choose $($call:tt)+) => { $crate::dispatch::arm!(@ $($call)+) };
    (Submit Submit $($call:tt)+) => { $crate::dispatch::arm!(@ $($call)+) };
    (@ $command:ident $name:ident $call:ident($($argument:expr),*)) => {
        if $name == <$command as $crate::Named>::NAME {
            return $crate::dispatch::$call::<$command>($($argument),*);
        }
    };
    ($wanted:ident $ability:ident $($call:tt)+) => {};
}

macro_rules! uses {
    ($wanted:ident $command:ident) => { None };
    (Press $command:ident Press $($more:ident)*) => {
        Some($crate::dispatch::Uses {
            on_use: <$command as $crate::Press>::ON_PRESS,
            by: <$command as $crate::Press>::PRESSED_BY,
        })
    };
    (Submit $command:ident Submit $($more:ident)*) => {
        // Discord shows a form to one person alone.
        Some($crate::dispatch::Uses {
            on_use: <$command as $crate::Submit>::ON_SUBMIT,
            by: $crate::UsedBy::Invoker,
        })
    };
    ($wanted:ident $command:ident $other:ident $($more:ident)*) => {
        $crate::dispatch::uses!($wanted $command $($more)*)
    };
}

/// Whether a command can do anything.
pub(crate) const fn is_runnable(abilities: &[Ability]) -> bool {
    let mut rest = abilities;
    while let [ability, after @ ..] = rest {
        if matches!(ability, Ability::Run | Ability::Work) {
            return true;
        }
        rest = after;
    }
    false
}

/// Whether a class may go with the rest: what is free does not know the guild's settings, so it can
/// neither be turned off nor speak the guild's language.
pub(crate) const fn is_free_of_settings(class: Class, reply: Visibility, feature: Option<Feature>) -> bool {
    !matches!(class, Class::Free) || (matches!(reply, Visibility::Private) && feature.is_none())
}

pub(crate) use {arm, commands, component, uses};

pub(crate) fn run<'a, C: Run + Named>(
    read: Read<C>,
    input: Input<'a>,
    caller: Caller,
) -> Result<Started<'a, Answer>> {
    let (command, cx) = begin(read, input, caller)?;
    let given = cx.clone();
    Ok(Started { cx, result: Box::pin(async move { command.run(&given).await }) })
}

/// For a command without [`Run`]: its options are read all the same, because they decide who sees the reply.
pub(crate) fn later<'a, C: Named>(
    read: Read<C>,
    input: Input<'a>,
    caller: Caller,
) -> Result<Started<'a, Answer>> {
    let (_, cx) = begin(read, input, caller)?;
    Ok(Started { cx, result: future::ready(Ok(Answer::Later)).boxed() })
}

/// The command that was used, and the context that it is given.
fn begin<C: Named>(read: Read<C>, input: Input<'_>, caller: Caller) -> Result<(C, Context)> {
    let changed = || Refusal(words::front_door::options_do_not_fit(caller.asked.user_language(), C::NAME));
    let command = read(input).map_err(|_| changed())?;
    let cx = caller.context(command.reply());
    Ok((command, cx))
}

pub(crate) fn work<'a, C: Work>(
    read: Read<C>,
    input: Input<'a>,
    caller: Caller,
) -> Result<Started<'a, Reply>> {
    let command = read(input).map_err(another_version)?;
    let cx = caller.context(command.reply());
    let given = cx.clone();
    Ok(Started { cx, result: Box::pin(async move { command.work(&given).await }) })
}

pub(crate) fn run_late<'a, C: Run>(
    read: Read<C>,
    input: Input<'a>,
    caller: Caller,
) -> Result<Started<'a, Reply>> {
    let command = read(input).map_err(another_version)?;
    let cx = caller.context(command.reply());
    let given = cx.clone();
    Ok(Started { cx, result: Box::pin(async move { command.run(&given).await?.now(&given) }) })
}

pub(crate) fn complete<'a, C: Complete>(input: Input<'a>, cx: &'a Context) -> Called<'a, Choices> {
    Box::pin(async move {
        let focused = options::focused(input.body).map_err(another_version)?;
        C::complete(&focused, cx).await
    })
}

pub(crate) fn press<'a, C: Press>(id: CustomId<'a>, _: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
    Box::pin(async move { C::press(&state(id, C::VERSION, cx).await?, cx).await })
}

pub(crate) fn press_work<'a, C: Press>(id: CustomId<'a>, _: Input<'a>, cx: &'a Context) -> Called<'a, Reply> {
    Box::pin(async move { C::press_work(&state(id, C::VERSION, cx).await?, cx).await })
}

pub(crate) fn choose<'a, C: Choose>(
    id: CustomId<'a>,
    input: Input<'a>,
    cx: &'a Context,
) -> Called<'a, Answer> {
    Box::pin(async move { C::choose(&state(id, C::VERSION, cx).await?, &input.envelope.chosen(), cx).await })
}

pub(crate) fn choose_work<'a, C: Choose>(
    id: CustomId<'a>,
    input: Input<'a>,
    cx: &'a Context,
) -> Called<'a, Reply> {
    Box::pin(async move { choose::<C>(id, input, cx).await?.now(cx) })
}

pub(crate) fn submit<'a, C: Submit>(
    id: CustomId<'a>,
    input: Input<'a>,
    cx: &'a Context,
) -> Called<'a, Answer> {
    Box::pin(async move {
        let filled = Filled::parse(input.body).map_err(another_version)?;
        C::submit(&state(id, C::FORM_VERSION, cx).await?, &filled, cx).await
    })
}

pub(crate) fn submit_work<'a, C: Submit>(
    id: CustomId<'a>,
    input: Input<'a>,
    cx: &'a Context,
) -> Called<'a, Reply> {
    Box::pin(async move {
        let filled = Filled::parse(input.body).map_err(another_version)?;
        C::submit_work(&state(id, C::FORM_VERSION, cx).await?, &filled, cx).await
    })
}

/// What a component or a form means. One of another version, or whose kept state is gone or was made
/// for another, means nothing any more.
async fn state<S: DeserializeOwned>(id: CustomId<'_>, version: u8, cx: &Context) -> Result<S> {
    let old = || Refusal(words::front_door::old_component(cx.user_language()));
    if id.version != version {
        return Err(old().into());
    }
    let bytes = match id.state {
        State::Here(_) => id.bytes(),
        State::Kept(key) => {
            let kept = cx.bot().store::<ComponentState>().get(key, cx.now()).await?;
            kept.map(|ComponentState(bytes)| bytes).filter(|bytes| id.is_of(bytes))
        }
    };
    Ok(bytes.and_then(|bytes| custom_id::unpack(&bytes)).ok_or_else(old)?)
}

/// What the front door accepted and we cannot read is of another version, which the queue will
/// find: the job is reported failed, not refused.
fn another_version(_: DoNotFit) -> Fault {
    Fault::new("dispatch", "of another version")
}

pub(crate) fn no_choices<'a>() -> Called<'a, Choices> {
    future::ready(Ok(Choices::new())).boxed()
}

pub(crate) fn unknown<'a, T: Send + 'a>() -> Called<'a, T> {
    future::ready(Err(unknown_command().into())).boxed()
}

pub(crate) fn unknown_command() -> Fault {
    another_version(DoNotFit)
}
