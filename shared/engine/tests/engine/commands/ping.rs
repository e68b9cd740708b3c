//! `/ping`: answered from the interaction alone.

use discord::{CommandModel, CreateCommand};
use domain::Result;
use steward_engine::{Answer, Class, Command, Context, Run};

/// Are you there
#[derive(CommandModel, CreateCommand)]
#[command(name = "ping")]
pub struct Ping {}

impl Command for Ping {
    const CLASS: Class = Class::Free;
}

impl Run for Ping {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        Ok(format!("here, {:?}", cx.language()).into())
    }
}
