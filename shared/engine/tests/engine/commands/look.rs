//! "Look at": a command in the context menu of a user.

use discord::TargetUser;
use domain::Result;
use steward_engine::{Answer, Command, Context, OnUser, Run};

pub struct Look(TargetUser);

impl Command for Look {}

impl OnUser for Look {
    const NAME: &'static str = "Look at";

    fn from_target(target: TargetUser) -> Self {
        Self(target)
    }
}

impl Run for Look {
    async fn run(&self, _: &Context) -> Result<Answer> {
        Ok(format!("that is {}", self.0.id).into())
    }
}
