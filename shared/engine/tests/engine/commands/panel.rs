//! `/panel`: buttons, select menus and a modal for the member who used it, which change the message.

use discord::{
    Button, CommandModel, ContainerItem, CreateCommand, Label, LabelComponent, Modal, ModalComponent,
    ModalSubmission, Reply, SelectOption, TextInputStyle,
};
use domain::{Fault, Refusal, Result};
use serde::{Deserialize, Serialize};
use steward_engine::{Answer, Choose, Command, Context, Press, PreviousState, Run, Submit, Visibility};

use super::act::pause;

/// Shows buttons
#[derive(CommandModel, CreateCommand)]
#[command(name = "panel")]
pub struct Panel {
    /// Whether the message is ephemeral
    private: Option<bool>,
}

#[derive(Serialize, Deserialize)]
pub enum Action {
    Count(u32),
    Later,
    Slow,
    Refuse,
    Fail,
    Ask,
    Pick,
    /// Does not fit into a custom id.
    Keep(String),
}

/// The actions of version 2.
#[derive(Serialize, Deserialize)]
pub enum ActionOfVersion2 {
    Ask,
    Count(u32),
    Keep(String),
}

impl From<ActionOfVersion2> for Action {
    fn from(action: ActionOfVersion2) -> Self {
        match action {
            ActionOfVersion2::Ask => Self::Ask,
            ActionOfVersion2::Count(count) => Self::Count(count),
            ActionOfVersion2::Keep(kept) => Self::Keep(kept),
        }
    }
}

impl Command for Panel {
    const REPLY: Visibility = Visibility::Public;

    fn reply(&self) -> Visibility {
        if self.private == Some(true) { Visibility::Ephemeral } else { Self::REPLY }
    }
}

impl Run for Panel {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        Ok(panel("pressed 0", 0, cx)?.into())
    }
}

impl Press for Panel {
    type Action = Action;
    const VERSION: u8 = 3;

    fn previous_action(state: PreviousState<'_>) -> Option<Action> {
        state.read::<ActionOfVersion2, _>()
    }

    async fn press(action: &Action, cx: &Context) -> Result<Answer> {
        match action {
            Action::Count(count) => Ok(panel(&format!("pressed {count}"), *count, cx)?.into()),
            Action::Later => Ok(Answer::Later),
            Action::Slow => {
                pause(Some(5_000)).await;
                Ok(panel("slowly", 0, cx)?.into())
            }
            Action::Refuse => Err(Refusal("not this one".to_owned()).into()),
            Action::Fail => Err(Fault::new("panel", "as asked").into()),
            Action::Ask => Ok(Answer::Modal(form(cx)?)),
            Action::Keep(kept) => Ok(panel(&format!("kept {}", kept.len()), 0, cx)?.into()),
            Action::Pick => Err(Fault::lasting("panel", "a select").into()),
        }
    }

    async fn press_work(action: &Action, cx: &Context) -> Result<Reply> {
        match action {
            Action::Later => panel("at last", 0, cx),
            action => Self::press(action, cx).await?.now(cx),
        }
    }
}

impl Choose for Panel {
    async fn choose(action: &Action, chosen: &[String], cx: &Context) -> Result<Answer> {
        let Action::Pick = action else { return Err(Fault::lasting("panel", "a button").into()) };
        match chosen {
            [one] if one == "later" => Ok(Answer::Later),
            [one] if one == "slow" => {
                pause(Some(5_000)).await;
                Ok(panel("chosen slowly", 0, cx)?.into())
            }
            _ => Ok(panel(&format!("chosen {}", chosen.join("+")), 0, cx)?.into()),
        }
    }
}

impl Submit for Panel {
    type State = u32;
    const MODAL_VERSION: u8 = 2;

    fn previous_state(state: PreviousState<'_>) -> Option<u32> {
        // Version 1 counted in tens.
        state.read::<u8, u32>().map(|tens| 10 * tens)
    }

    async fn submit(state: &u32, submission: &ModalSubmission, cx: &Context) -> Result<Answer> {
        match submission.text("text") {
            "later" => Ok(Answer::Later),
            "form" => Ok(Answer::Modal(form(cx)?)),
            "slow" => {
                pause(Some(5_000)).await;
                Ok(panel("submitted slowly", 0, cx)?.into())
            }
            text => Ok(panel(&format!("{state} submitted {text}"), 0, cx)?.into()),
        }
    }

    async fn submit_work(state: &u32, submission: &ModalSubmission, cx: &Context) -> Result<Reply> {
        match submission.text("text") {
            "later" => panel(&format!("{state} submitted at last"), 0, cx),
            _ => Self::submit(state, submission, cx).await?.now(cx),
        }
    }
}

fn panel(text: &str, count: u32, cx: &Context) -> Result<Reply> {
    let button = |label: &str, action| cx.button::<Panel>(label, &action);
    let some = vec![button("More", Action::Count(count + 1))?, button("Later", Action::Later)?];
    let more = vec![button("Slow", Action::Slow)?, button("Refuse", Action::Refuse)?];
    let rest = vec![button("Fail", Action::Fail)?, button("Ask", Action::Ask)?];
    let options = || ["one", "two", "later", "slow"].map(option).to_vec();
    let items = vec![
        ContainerItem::TextDisplay(text.to_owned()),
        ContainerItem::Buttons(some),
        ContainerItem::Buttons(more),
        ContainerItem::Buttons(rest),
        ContainerItem::Select(cx.choose_one::<Panel>("Choose one", options(), &Action::Pick)?),
    ];
    Ok(discord::Container { color: None, items }.into())
}

/// A reply with several select options.
pub fn many(cx: &Context) -> Result<Reply> {
    let options = ["one", "two"].map(option).to_vec();
    let select = cx.choose_any::<Panel>("Choose some", options, &Action::Pick)?;
    Ok(discord::Container { color: None, items: vec![ContainerItem::Select(select)] }.into())
}

fn option(name: &str) -> SelectOption {
    SelectOption { label: name.to_owned(), value: name.to_owned(), ..SelectOption::default() }
}

/// A message with a button whose state does not fit into its custom id.
pub fn kept(cx: &Context) -> Result<Reply> {
    let button: Button = cx.button::<Panel>("Keep", &Action::Keep("y".repeat(91)))?;
    Ok(Reply { text: "look".to_owned(), buttons: vec![button], ..Reply::default() })
}

/// The modal.
pub fn form(cx: &Context) -> Result<Modal> {
    let component =
        LabelComponent::TextInput { style: TextInputStyle::Short, value: String::new(), max_length: 100 };
    let (label, description) = ("Text".to_owned(), String::new());
    let question = Label { custom_id: "text", label, description, required: true, component };
    Ok(cx.modal::<Panel>("A form", vec![ModalComponent::Label(question)], &7)?)
}
