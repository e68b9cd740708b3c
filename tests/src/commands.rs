//! The registry for tests: the bot's commands and `/misbehave`.

use discord::{Choices, CustomId, Reply};
use domain::Result;
use engine::{
    Admitted, Answer, Context, Entry, Registry,
    dispatch::{Called, Input, Started},
};

engine::commands! {
    slash misbehave::Misbehave: Run Work Press;
}

/// The bot's commands together with [`Commands`].
#[derive(Debug)]
pub enum TestCommands {}

/// Whether it is one of the bot's commands.
fn is_own(name: &str) -> bool {
    commands::Commands::find(name).is_some()
}

macro_rules! either {
    ($name:expr, $call:ident($($argument:expr),*)) => {
        if is_own($name) {
            commands::Commands::$call($($argument),*)
        } else {
            Commands::$call($($argument),*)
        }
    };
}

impl Registry for TestCommands {
    fn commands() -> impl Iterator<Item = &'static Entry> {
        commands::COMMANDS.iter().chain(COMMANDS)
    }

    fn run<'a>(name: &str, input: Input<'a>, admitted: Admitted) -> Result<Started<'a, Answer>> {
        either!(name, run(name, input, admitted))
    }

    fn work<'a>(name: &str, input: Input<'a>, admitted: Admitted) -> Result<Started<'a, Reply>> {
        either!(name, work(name, input, admitted))
    }

    fn complete<'a>(name: &'a str, input: Input<'a>, cx: &'a Context) -> Called<'a, Choices> {
        either!(name, complete(name, input, cx))
    }

    fn press<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
        either!(id.command, press(id, input, cx))
    }

    fn press_work<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply> {
        either!(id.command, press_work(id, input, cx))
    }

    fn choose<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
        either!(id.command, choose(id, input, cx))
    }

    fn choose_work<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply> {
        either!(id.command, choose_work(id, input, cx))
    }

    fn submit<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
        either!(id.command, submit(id, input, cx))
    }

    fn submit_work<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply> {
        either!(id.command, submit_work(id, input, cx))
    }
}
