//! `/vote`: a button for everyone, which is answered beside the message.

use discord::{
    CommandModel, CreateCommand, Label, LabelComponent, ModalComponent, ModalSubmission, Reply,
    TextInputStyle,
};
use domain::Result;
use serde::{Deserialize, Serialize};
use steward_engine::{AllowedUser, Answer, Command, Context, Press, Run, Submit, UpdateMode, Visibility};

use super::{act::pause, panel};

/// Asks everyone
#[derive(CommandModel, CreateCommand)]
#[command(name = "vote")]
pub struct Vote {
    /// Whether the answer has a select menu instead
    select: Option<bool>,
}

#[derive(Serialize, Deserialize)]
pub enum Ballot {
    Yes,
    Slow,
    Later,
    Explain,
}

impl Command for Vote {
    const REPLY: Visibility = Visibility::Public;
}

impl Run for Vote {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        if self.select == Some(true) {
            return Ok(panel::many(cx)?.into());
        }
        let ballots = [("Yes", Ballot::Yes), ("Slow", Ballot::Slow), ("Later", Ballot::Later)];
        let mut buttons = Vec::new();
        for (label, ballot) in ballots.into_iter().chain([("Explain", Ballot::Explain)]) {
            buttons.push(cx.button::<Self>(label, &ballot)?);
        }
        Ok(Reply { text: "well?".to_owned(), buttons, ..Reply::default() }.into())
    }
}

impl Press for Vote {
    type Action = Ballot;
    const ON_PRESS: UpdateMode = UpdateMode::Reply(Visibility::Ephemeral);
    const PRESSED_BY: AllowedUser = AllowedUser::Anyone;

    async fn press(ballot: &Ballot, cx: &Context) -> Result<Answer> {
        match ballot {
            Ballot::Yes => {}
            Ballot::Slow => pause(Some(5_000)).await,
            Ballot::Later => return Ok(Answer::Later),
            Ballot::Explain => {
                let component = LabelComponent::TextInput {
                    style: TextInputStyle::Short,
                    value: String::new(),
                    max_length: 100,
                };
                let (label, description) = ("Why".to_owned(), String::new());
                let question = Label { custom_id: "text", label, description, required: true, component };
                return Ok(Answer::Modal(cx.modal::<Self>(
                    "Why?",
                    vec![ModalComponent::Label(question)],
                    &(),
                )?));
            }
        }
        Ok(format!("counted for {}, {:?}", cx.caller.user()?, cx.language()).into())
    }
}

impl Submit for Vote {
    type State = ();
    const ON_SUBMIT: UpdateMode = UpdateMode::Reply(Visibility::Public);

    async fn submit((): &(), submission: &ModalSubmission, cx: &Context) -> Result<Answer> {
        if submission.text("text") == "slow" {
            pause(Some(5_000)).await;
        }
        Ok(format!("because {}, {:?}", submission.text("text"), cx.language()).into())
    }
}
