//! From a name to a command: what the lines of the registry become.
//!
//! Dispatch is static: a function links only the abilities it calls, so the front door does not
//! carry what only the jobs function needs. What is called comes boxed, so that the size of the
//! largest command is not everybody's.

use discord::{
    Choices, CustomId, Envelope, Reply,
    options::{self, DoNotFit},
};
use domain::{Fault, Refusal, Result};
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};

use crate::{Answer, Command, Complete, Context, JobContext, Press, Run, Work, words};

/// An interaction and its body.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Its outside.
    pub envelope: &'a Envelope<'a>,
    /// All of it.
    pub body: &'a str,
}

pub(crate) type Called<'a, T> = BoxFuture<'a, Result<T>>;

/// Makes the table and the dispatch out of the registry's lines.
macro_rules! commands {
    ($($(#[$when:meta])* $file:ident::$command:ident: $($ability:ident)+;)+) => {
        $($(#[$when])* pub mod $file; $(#[$when])* use $file::$command;)+

        /// Every command, in the order in which they are listed to users.
        pub const COMMANDS: &[Entry] = &[$(
            $(#[$when])* entry::<$command>($crate::dispatch::on_press!($command $($ability)+))
        ),+];

        $($(#[$when])* const _: () = assert!(
            false $(|| $crate::dispatch::is_runnable!($ability))+,
            concat!("the command ", stringify!($command), " has neither Run nor Work"),
        );)+

        /// Answers a command at the front door; [`crate::Answer::Later`] for one that always works.
        pub fn run<'a>(
            name: &'a str,
            input: $crate::dispatch::Input<'a>,
            cx: &'a $crate::Context,
        ) -> $crate::dispatch::Called<'a, $crate::Answer> {
            $($(#[$when])* { $($crate::dispatch::arm!(Run $ability $command name run(input, cx));)+ })+
            $crate::dispatch::later()
        }

        /// Does a command's long half; what has none of its own is run without a deadline.
        pub fn work<'a>(
            name: &'a str,
            input: $crate::dispatch::Input<'a>,
            cx: &'a $crate::JobContext,
        ) -> $crate::dispatch::Called<'a, discord::Reply> {
            $($(#[$when])* { $($crate::dispatch::arm!(Work $ability $command name work(input, cx));)+ })+
            $($(#[$when])* { $($crate::dispatch::arm!(Run $ability $command name run_late(input, cx));)+ })+
            $crate::dispatch::unknown()
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

        /// Answers a pressed button at the front door.
        pub fn press<'a>(
            id: discord::CustomId<'a>,
            cx: &'a $crate::Context,
        ) -> $crate::dispatch::Called<'a, $crate::Answer> {
            let name = id.command;
            $($(#[$when])* { $($crate::dispatch::arm!(Press $ability $command name press(id, cx));)+ })+
            $crate::dispatch::unknown()
        }

        /// Does a pressed button's long half.
        pub fn press_work<'a>(
            id: discord::CustomId<'a>,
            cx: &'a $crate::JobContext,
        ) -> $crate::dispatch::Called<'a, discord::Reply> {
            let name = id.command;
            $($(#[$when])* { $($crate::dispatch::arm!(Press $ability $command name press_work(id, cx));)+ })+
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
    (@ $command:ident $name:ident $call:ident($($argument:expr),*)) => {
        if $name == <$command as discord::CreateCommand>::NAME {
            return Box::pin($crate::dispatch::$call::<$command>($($argument),*));
        }
    };
    ($wanted:ident $ability:ident $($call:tt)+) => {};
}

macro_rules! is_runnable {
    (Run) => {
        true
    };
    (Work) => {
        true
    };
    ($other:ident) => {
        false
    };
}

macro_rules! on_press {
    ($command:ident) => { None };
    ($command:ident Press $($more:ident)*) => { Some(<$command as Press>::ON_PRESS) };
    ($command:ident $other:ident $($more:ident)*) => { $crate::dispatch::on_press!($command $($more)*) };
}

pub(crate) use {arm, commands, is_runnable, on_press};

pub(crate) async fn run<C: Run>(input: Input<'_>, cx: &Context) -> Result<Answer> {
    let changed = || Refusal(words::front_door::options_do_not_fit(cx.user_language(), C::NAME));
    read_options::<C>(input).map_err(|_| changed())?.run(cx).await
}

pub(crate) async fn work<C: Work>(input: Input<'_>, cx: &JobContext) -> Result<Reply> {
    read_options::<C>(input).map_err(another_version)?.work(cx).await
}

pub(crate) async fn run_late<C: Run>(input: Input<'_>, cx: &JobContext) -> Result<Reply> {
    Ok(read_options::<C>(input).map_err(another_version)?.run(cx).await?.now()?)
}

pub(crate) async fn complete<C: Complete>(input: Input<'_>, cx: &Context) -> Result<Choices> {
    let focused = options::focused(input.body).map_err(another_version)?;
    C::complete(&focused, cx).await
}

pub(crate) async fn press<C: Press>(id: CustomId<'_>, cx: &Context) -> Result<Answer> {
    let old = || Refusal(words::front_door::old_button(cx.user_language()));
    C::press(&read_action::<C>(id).ok_or_else(old)?, cx).await
}

pub(crate) async fn press_work<C: Press>(id: CustomId<'_>, cx: &JobContext) -> Result<Reply> {
    let action = read_action::<C>(id).ok_or_else(|| another_version(DoNotFit))?;
    C::press_work(&action, cx).await
}

/// The full interaction is parsed only if the command was given options at all.
fn read_options<C: Command>(input: Input<'_>) -> Result<C, DoNotFit> {
    if input.envelope.has_options() { options::parse(input.body) } else { options::none() }
}

fn read_action<C: Press>(id: CustomId<'_>) -> Option<C::Action> {
    if id.version == C::VERSION { id.action() } else { None }
}

/// What the front door accepted and we cannot read is of another version, which the queue will
/// find: the job is reported failed, not refused.
fn another_version(_: DoNotFit) -> Fault {
    Fault::new("dispatch", "of another version")
}

pub(crate) fn later<'a>() -> Called<'a, Answer> {
    future::ready(Ok(Answer::Later)).boxed()
}

pub(crate) fn no_choices<'a>() -> Called<'a, Choices> {
    future::ready(Ok(Choices::new())).boxed()
}

pub(crate) fn unknown<'a, T: Send + 'a>() -> Called<'a, T> {
    future::ready(Err(another_version(DoNotFit).into())).boxed()
}
