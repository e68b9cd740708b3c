//! `/ping`: whether the bot runs, in which version, and how long interactions take to reach it.

use discord::{CommandModel, CreateCommand};
use domain::{Result, deadline};
use engine::{Answer, Class, Command, Context, Run, VERSION};

/// Check whether I am online, and how fast I am
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "ping")]
pub struct Ping {}

impl Command for Ping {
    const CLASS: Class = Class::Free;
}

impl Run for Ping {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        // Discord's clock may be ahead of ours; a negative time counts as 0 ms.
        let reached_in = deadline::elapsed_ms(cx.caller.interaction.created_at(), cx.caller.received);
        Ok(words::ping::pong(cx.language(), VERSION, reached_in).into())
    }
}
