//! "Quote": a command in the context menu of a message, which is always deferred.

use discord::{Reply, TargetMessage};
use domain::Result;
use steward_engine::{Answer, Command, Context, OnMessage, Run, Work};

pub struct Quote(TargetMessage);

impl Command for Quote {}

impl OnMessage for Quote {
    const NAME: &'static str = "Quote";

    fn from_target(target: TargetMessage) -> Self {
        Self(target)
    }
}

impl Run for Quote {
    async fn run(&self, _: &Context) -> Result<Answer> {
        Ok(Answer::Later)
    }
}

impl Work for Quote {
    async fn work(&self, _: &Context) -> Result<Reply> {
        Ok(format!("> {}", self.0.text).into())
    }
}
