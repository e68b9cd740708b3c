//! `/slow`: always deferred.

use discord::{CommandModel, CreateCommand, Reply};
use domain::Result;
use steward_engine::{Command, Context, Visibility, Work};

/// Takes its time
#[derive(CommandModel, CreateCommand)]
#[command(name = "slow")]
pub struct Slow {
    /// Whether the reply is ephemeral
    private: Option<bool>,
    /// At least three
    #[command(min_value = 3)]
    number: Option<i64>,
}

impl Command for Slow {
    const REPLY: Visibility = Visibility::Public;

    fn reply(&self) -> Visibility {
        if self.private == Some(true) { Visibility::Ephemeral } else { Self::REPLY }
    }
}

impl Work for Slow {
    async fn work(&self, cx: &Context) -> Result<Reply> {
        Ok(format!("{} in the end, {:?}", self.number.unwrap_or_default(), cx.language()).into())
    }
}
