//! `/bulletin`: was called `/notice`, and then `/board`.

use discord::{CommandModel, CreateCommand, Reply};
use domain::Result;
use serde::{Deserialize, Serialize};
use steward_engine::{Answer, Command, Context, Press, Run, Work};

/// Has other names now
#[derive(CommandModel, CreateCommand)]
#[command(name = "bulletin")]
pub struct Bulletin {
    /// Whether it is deferred
    later: Option<bool>,
}

#[derive(Serialize, Deserialize)]
pub enum Pin {
    Now(String),
    Later,
}

impl Command for Bulletin {
    const PREVIOUS_NAMES: &'static [&'static str] = &["notice", "board"];
}

impl Run for Bulletin {
    async fn run(&self, _: &Context) -> Result<Answer> {
        Ok(if self.later == Some(true) { Answer::Later } else { "pinned".to_owned().into() })
    }
}

impl Work for Bulletin {
    async fn work(&self, _: &Context) -> Result<Reply> {
        Ok("pinned in the end".to_owned().into())
    }
}

impl Press for Bulletin {
    type Action = Pin;

    async fn press(pin: &Pin, _: &Context) -> Result<Answer> {
        Ok(match pin {
            Pin::Now(text) => format!("pinned {}", text.len()).into(),
            Pin::Later => Answer::Later,
        })
    }

    async fn press_work(_: &Pin, _: &Context) -> Result<Reply> {
        Ok("pinned at last".to_owned().into())
    }
}
