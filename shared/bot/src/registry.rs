//! Every command, one line each, and the way from a name to it.
//!
//! Dispatch is static: a function links only the abilities it calls, so the front door does not
//! carry what only the jobs function needs. What is called comes boxed, so that the size of the
//! largest command is not everybody's.

use discord::{Choices, CreateCommand, CustomId, Definition, Envelope, Permissions, Reply, options};
use domain::{Error, Fault, Refusal, Result};
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};

use crate::{
    Answer, Class, Command, Complete, Context, JobContext, OnPress, Press, Run, Visibility, Work,
    commands::{help::Help, ping::Ping, weather::Weather},
    words,
};

commands! {
    Ping: Run;
    Help: Run;
    Weather: Run Work Complete Press;
}

/// What is known about a command without running it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// Who sees its reply.
    pub reply: Visibility,
    /// Which limits hold for it.
    pub class: Class,
    /// What a member must be allowed to do to use it.
    pub requires: Permissions,
    /// What pressing one of its buttons does to the message.
    pub on_press: Option<OnPress>,
    /// What Discord is told about it.
    pub definition: fn() -> Definition,
}

/// The command of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    COMMANDS.iter().find(|entry| entry.name == name)
}

const fn entry<C: Command>(on_press: Option<OnPress>) -> Entry {
    Entry {
        name: C::NAME,
        reply: C::REPLY,
        class: C::CLASS,
        requires: C::REQUIRES,
        on_press,
        definition: || Definition::of::<C>(C::REQUIRES, words::descriptions::translate),
    }
}

/// An interaction and its body, as the dispatch needs them.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Its outside.
    pub envelope: &'a Envelope<'a>,
    /// All of it.
    pub body: &'a str,
}

async fn call_run<C: Run>(input: Input<'_>, cx: &Context) -> Result<Answer> {
    options_of::<C>(input, cx)?.run(cx).await
}

async fn call_work<C: Work>(input: Input<'_>, cx: &JobContext) -> Result<Reply> {
    options_of::<C>(input, cx)?.work(cx).await
}

async fn call_run_late<C: Run>(input: Input<'_>, cx: &JobContext) -> Result<Reply> {
    Ok(options_of::<C>(input, cx)?.run(cx).await?.now()?)
}

async fn call_complete<C: Complete>(input: Input<'_>, cx: &Context) -> Result<Choices> {
    let focused = options::focused(input.body).map_err(|_| Fault::new("options", "do not fit"))?;
    C::complete(&focused, cx).await
}

async fn call_press<C: Press>(id: CustomId<'_>, cx: &Context) -> Result<Answer> {
    C::press(&action_of::<C>(id, cx)?, cx).await
}

async fn call_press_work<C: Press>(id: CustomId<'_>, cx: &JobContext) -> Result<Reply> {
    C::press_work(&action_of::<C>(id, cx)?, cx).await
}

/// The full interaction is parsed only if the command was given options at all.
fn options_of<C: Command>(input: Input<'_>, cx: &Context) -> Result<C> {
    let options = if input.envelope.has_options() { options::parse(input.body) } else { options::none() };
    options.map_err(|_| {
        Error::Refused(Refusal(words::front_door::options_do_not_fit(cx.user_language(), C::NAME)))
    })
}

fn action_of<C: Press>(id: CustomId<'_>, cx: &Context) -> Result<C::Action> {
    let action = if id.version == C::VERSION { id.action() } else { None };
    action.ok_or_else(|| Error::Refused(Refusal(words::front_door::old_button(cx.user_language()))))
}

/// Makes the table and the dispatch out of the lines above.
macro_rules! commands {
    ($($command:ident: $($ability:ident)+;)+) => {
        /// Every command, in the order in which they are listed to users.
        pub const COMMANDS: &[Entry] = &[$(entry::<$command>(on_press!($command $($ability)+))),+];

        $(const _: () = assert!(
            false $(|| answers!($ability))+,
            concat!("the command ", stringify!($command), " has neither Run nor Work"),
        );)+

        /// Answers a command at the front door; [`Answer::Later`] for one that always works.
        pub fn run<'a>(name: &'a str, input: Input<'a>, cx: &'a Context) -> BoxFuture<'a, Result<Answer>> {
            $($(when!(Run $ability { if name == $command::NAME { return call_run::<$command>(input, cx).boxed(); } });)+)+
            let _ = (name, input, cx);
            future::ready(Ok(Answer::Later)).boxed()
        }

        /// Does a command's long half; what has none of its own is run without a deadline.
        pub fn work<'a>(name: &'a str, input: Input<'a>, cx: &'a JobContext) -> BoxFuture<'a, Result<Reply>> {
            $($(when!(Work $ability { if name == $command::NAME { return call_work::<$command>(input, cx).boxed(); } });)+)+
            $($(when!(Run $ability { if name == $command::NAME { return call_run_late::<$command>(input, cx).boxed(); } });)+)+
            future::ready(Err(unknown(name))).boxed()
        }

        /// What to offer for the option that is being typed.
        pub fn complete<'a>(name: &'a str, input: Input<'a>, cx: &'a Context) -> BoxFuture<'a, Result<Choices>> {
            $($(when!(Complete $ability { if name == $command::NAME { return call_complete::<$command>(input, cx).boxed(); } });)+)+
            let _ = (name, input, cx);
            future::ready(Ok(Choices::new())).boxed()
        }

        /// Answers a pressed button at the front door.
        pub fn press<'a>(id: CustomId<'a>, cx: &'a Context) -> BoxFuture<'a, Result<Answer>> {
            $($(when!(Press $ability { if id.command == $command::NAME { return call_press::<$command>(id, cx).boxed(); } });)+)+
            future::ready(Err(unknown(id.command))).boxed()
        }

        /// Does a pressed button's long half.
        pub fn press_work<'a>(id: CustomId<'a>, cx: &'a JobContext) -> BoxFuture<'a, Result<Reply>> {
            $($(when!(Press $ability { if id.command == $command::NAME { return call_press_work::<$command>(id, cx).boxed(); } });)+)+
            future::ready(Err(unknown(id.command))).boxed()
        }
    };
}

/// Its arguments, if the ability is the one that is asked for.
macro_rules! when {
    (Run Run $then:block) => {
        $then
    };
    (Work Work $then:block) => {
        $then
    };
    (Complete Complete $then:block) => {
        $then
    };
    (Press Press $then:block) => {
        $then
    };
    ($wanted:ident $ability:ident $then:block) => {};
}

macro_rules! answers {
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
    ($command:ident $other:ident $($more:ident)*) => { on_press!($command $($more)*) };
}

use {answers, commands, on_press, when};

/// Another version of this code may know it: the queue will ask again.
fn unknown(_name: &str) -> Error {
    Error::Failed(Fault::new("registry", "unknown command"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::Language;

    use super::*;

    #[test]
    fn names_are_unique() {
        let names: BTreeSet<_> = COMMANDS.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), COMMANDS.len());
    }

    #[test]
    fn every_description_exists_in_every_language() {
        for entry in COMMANDS {
            for path in (entry.definition)().paths() {
                for language in Language::ALL.into_iter().filter(|language| *language != Language::English) {
                    assert!(
                        words::descriptions::translate(language, &path).is_some(),
                        "{language:?}: {path}"
                    );
                }
            }
        }
    }
}
