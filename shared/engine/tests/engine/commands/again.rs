//! `/again`: has no `Work`, so `run` is called again in the jobs function.

use discord::{CommandModel, CreateCommand};
use domain::Result;
use steward_engine::{Answer, Command, Context, Run};

use super::{act::pause, panel};

/// Answers after a while
#[derive(CommandModel, CreateCommand)]
#[command(name = "again")]
pub struct Again {
    /// How many milliseconds it takes
    takes: Option<i64>,
    /// Whether a form is the answer
    form: Option<bool>,
    /// Whether it is deferred
    later: Option<bool>,
}

impl Command for Again {}

impl Run for Again {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        pause(self.takes).await;
        if self.form == Some(true) {
            return Ok(Answer::Modal(panel::form(cx)?));
        }
        if self.later == Some(true) {
            return Ok(Answer::Later);
        }
        Ok(format!("after all, {:?}", cx.language()).into())
    }
}
