//! `/misbehave`: waits, is refused, fails or panics on demand, so that tests can check what the user sees.

use std::time::Duration;

use discord::{CommandModel, CommandOption, CreateCommand, CreateOption, Reply};
use domain::{Fault, Refusal, Result};
use engine::{Answer, Command, Context, Press, PreviousState, Run, Visibility, Work};
use serde::{Deserialize, Serialize};

use crate::tally::Tally;

/// Misbehave on demand
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "misbehave")]
pub struct Misbehave {
    /// How the first half ends
    run: Option<Ending>,
    /// How many milliseconds that takes
    #[command(min_value = 0, max_value = 60_000)]
    run_takes: Option<i64>,
    /// How the long half ends
    work: Option<Ending>,
    /// How many milliseconds that takes
    #[command(min_value = 0, max_value = 60_000)]
    work_takes: Option<i64>,
    /// Whether the long half counts itself
    tally: Option<bool>,
}

/// How `run` or `work` ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, CommandOption, CreateOption)]
pub enum Ending {
    /// With a reply.
    #[option(name = "answer", value = "answer")]
    Answer,
    /// By deferring to `work`.
    #[option(name = "later", value = "later")]
    Later,
    /// With a refusal.
    #[option(name = "refuse", value = "refuse")]
    Refuse,
    /// With a fault.
    #[option(name = "fail", value = "fail")]
    Fail,
    /// With a panic that quotes what the user wrote.
    #[option(name = "panic", value = "panic")]
    Panic,
    /// With a reply that is too long for Discord.
    #[option(name = "too long", value = "too_long")]
    TooLong,
    /// With a reply that has a button.
    #[option(name = "button", value = "button")]
    Button,
}

/// The action of the button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MisbehaveAction {
    /// Says something so many times.
    Say {
        /// How many times.
        times: u32,
    },
}

/// The action in version 1, of which `tests/contracts/custom_ids` keeps a sample.
#[derive(Serialize, Deserialize)]
enum MisbehaveActionOfVersion1 {
    Nothing,
    Say,
}

impl Command for Misbehave {
    const REPLY: Visibility = Visibility::Public;
}

impl Run for Misbehave {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        pause(self.run_takes).await;
        match self.run.unwrap_or(Ending::Later) {
            Ending::Later => Ok(Answer::Later),
            Ending::Button => {
                let button = cx.button::<Self>("Press", &MisbehaveAction::Say { times: 3 })?;
                let text = "There is a button.".to_owned();
                Ok(Reply { text, buttons: vec![button], ..Reply::default() }.into())
            }
            ending => Ok(end(ending, "first half")?.into()),
        }
    }
}

impl Work for Misbehave {
    async fn work(&self, cx: &Context) -> Result<Reply> {
        pause(self.work_takes).await;
        if self.tally == Some(true) {
            let (tallies, interaction) = (cx.store::<Tally>(), cx.caller.interaction);
            let counted =
                tallies.change(cx.caller.user()?, |tally| tally.with(interaction), cx.now()).await?;
            let tally = counted.ok_or_else(|| Fault::new("tally", "contended"))?;
            return Ok(format!("Counted: {}.", tally.count).into());
        }
        end(self.work.unwrap_or(Ending::Answer), "long half")
    }
}

impl Press for Misbehave {
    type Action = MisbehaveAction;
    const VERSION: u8 = 2;

    fn previous_action(state: PreviousState<'_>) -> Option<MisbehaveAction> {
        state.read::<MisbehaveActionOfVersion1, _>()
    }

    async fn press(MisbehaveAction::Say { times }: &MisbehaveAction, _: &Context) -> Result<Answer> {
        Ok(format!("Said {times} times.").into())
    }
}

impl From<MisbehaveActionOfVersion1> for MisbehaveAction {
    fn from(action: MisbehaveActionOfVersion1) -> Self {
        match action {
            MisbehaveActionOfVersion1::Nothing => Self::Say { times: 0 },
            MisbehaveActionOfVersion1::Say => Self::Say { times: 1 },
        }
    }
}

async fn pause(milliseconds: Option<i64>) {
    let milliseconds = u64::try_from(milliseconds.unwrap_or_default()).unwrap_or_default();
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

fn end(ending: Ending, half: &str) -> Result<Reply> {
    match ending {
        Ending::Answer => Ok(format!("The {half} is done.").into()),
        Ending::Refuse => Err(Refusal(format!("The {half} says no.")).into()),
        Ending::Fail | Ending::Later | Ending::Button => Err(Fault::new("misbehave", "as asked").into()),
        Ending::Panic => panic!("the {half} was asked to, by someone who wrote pineapple"),
        Ending::TooLong => Ok("x".repeat(2_001).into()),
    }
}
