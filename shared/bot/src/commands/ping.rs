//! `/ping` - is the bot there, which version, and how far away.

use discord::{CommandModel, CreateCommand};
use domain::Result;

use crate::{Answer, Class, Command, Context, Run, VERSION, words};

/// See whether I am there, and how fast
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "ping")]
pub struct Ping {}

impl Command for Ping {
    const CLASS: Class = Class::Free;
}

impl Run for Ping {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let reached_in = cx.asked.received.duration_since(cx.asked.interaction.born());
        // Discord's clock and ours differ a little: nothing arrives before it was sent.
        let reached_in = i64::try_from(reached_in.as_millis()).unwrap_or(i64::MAX).max(0);
        Ok(words::ping::pong(cx.say(), VERSION, reached_in).into())
    }
}
