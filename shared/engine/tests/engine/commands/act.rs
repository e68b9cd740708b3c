//! `/act`: ends as it is told to, in the interactions function and in the jobs function.

use std::time::Duration;

use discord::{CommandModel, CommandOption, CreateCommand, CreateOption, Reply};
use domain::{Fault, Refusal, Result};
use steward_engine::{Answer, Command, Context, Run, Visibility, Work};

use super::panel;

/// Ends as it is told to
#[derive(CommandModel, CreateCommand)]
#[command(name = "act")]
pub struct Act {
    /// How it ends in the interactions function
    run: Option<Ending>,
    /// How many milliseconds that takes
    run_takes: Option<i64>,
    /// How it ends in the jobs function
    work: Option<Ending>,
    /// How many milliseconds that takes
    work_takes: Option<i64>,
    /// Whether the reply is ephemeral
    private: Option<bool>,
}

/// How a command ends.
#[derive(Clone, Copy, CommandOption, CreateOption)]
pub enum Ending {
    #[option(name = "answer", value = "answer")]
    Answer,
    #[option(name = "later", value = "later")]
    Later,
    #[option(name = "form", value = "form")]
    Modal,
    /// With a button whose state does not fit into its custom id.
    #[option(name = "keep", value = "keep")]
    Keep,
    #[option(name = "refuse", value = "refuse")]
    Refuse,
    #[option(name = "fail", value = "fail")]
    Fail,
    #[option(name = "time out", value = "time_out")]
    TimeOut,
    #[option(name = "fail for good", value = "fail_for_good")]
    FailForGood,
    #[option(name = "panic", value = "panic")]
    Panic,
    /// With more text than Discord accepts.
    #[option(name = "too long", value = "too_long")]
    TooLong,
}

impl Command for Act {
    const REPLY: Visibility = Visibility::Public;

    fn reply(&self) -> Visibility {
        if self.private == Some(true) { Visibility::Ephemeral } else { Visibility::Public }
    }
}

impl Run for Act {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        pause(self.run_takes).await;
        match self.run.unwrap_or(Ending::Later) {
            Ending::Later => Ok(Answer::Later),
            Ending::Modal => Ok(Answer::Modal(panel::form(cx)?)),
            ending => Ok(end(ending, "run", cx)?.into()),
        }
    }
}

impl Work for Act {
    async fn work(&self, cx: &Context) -> Result<Reply> {
        pause(self.work_takes).await;
        end(self.work.unwrap_or(Ending::Answer), "work", cx)
    }
}

pub async fn pause(milliseconds: Option<i64>) {
    let milliseconds = milliseconds.unwrap_or_default().unsigned_abs();
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

fn end(ending: Ending, half: &str, cx: &Context) -> Result<Reply> {
    match ending {
        Ending::Answer | Ending::Later | Ending::Modal => Ok(format!("{half}: {:?}", cx.language()).into()),
        Ending::Keep => panel::kept(cx),
        Ending::Refuse => Err(Refusal(format!("{half}: no")).into()),
        Ending::Fail => Err(Fault::new("act", "as asked").into()),
        Ending::TimeOut => Err(Fault::timeout("act").into()),
        Ending::FailForGood => Err(Fault::lasting("act", "for good").into()),
        Ending::Panic => panic!("as asked"),
        Ending::TooLong => Ok("x".repeat(2_001).into()),
    }
}
