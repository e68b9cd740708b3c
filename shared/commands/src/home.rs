//! `/home`: the place whose weather you get when you name none.
//!
//! An ephemeral panel shows it; buttons change it in a modal, or delete it. Others see the weather there
//! (by "Weather at home" in your context menu) only if you share it.

use discord::{
    Button, CommandModel, Container, ContainerItem, CreateCommand, Label, LabelComponent, Modal,
    ModalComponent, ModalSubmission, Style, TextInputStyle,
};
use domain::{Refusal, Result, weather::Place};
use engine::{Answer, Command, Context, Press, Run, Submit};
use serde::{Deserialize, Serialize};

use crate::place;

/// Show or change your home
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "home")]
pub struct Home {}

/// The action of a button of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HomeAction {
    /// Opens the modal.
    Change,
    /// Deletes the home.
    Forget,
}

const PLACE_ID: &str = "place";
const SHARED_ID: &str = "shared";

/// It belongs to no feature: wherever users are, they can see and delete the home that they have set.
impl Command for Home {}

impl Run for Home {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let home = cx.store::<domain::Home>().get(cx.caller.user()?, cx.now()).await?;
        Ok(panel(home.as_ref(), cx)?.into())
    }
}

impl Press for Home {
    type Action = HomeAction;

    async fn press(action: &HomeAction, cx: &Context) -> Result<Answer> {
        let user = cx.caller.user()?;
        match action {
            HomeAction::Change => {
                let home = cx.store::<domain::Home>().get(user, cx.now()).await?;
                Ok(Answer::Modal(modal::<Self>(home.as_ref(), &(), cx)?))
            }
            HomeAction::Forget => {
                let home = cx.store::<domain::Home>().forget(user, cx.caller.interaction, cx.now()).await?;
                Ok(panel(home.as_ref(), cx)?.into())
            }
        }
    }
}

impl Submit for Home {
    type State = ();

    async fn submit((): &(), submission: &ModalSubmission, cx: &Context) -> Result<Answer> {
        match move_if_cached(submission, cx).await? {
            Some(home) => Ok(panel(Some(&home), cx)?.into()),
            None => Ok(Answer::Later),
        }
    }

    async fn submit_work((): &(), submission: &ModalSubmission, cx: &Context) -> Result<discord::Reply> {
        Ok(panel(Some(&move_to(submission, cx).await?), cx)?.into())
    }
}

/// The modal that asks for a home, for any command that needs one.
pub(super) fn modal<C: Submit>(home: Option<&domain::Home>, state: &C::State, cx: &Context) -> Result<Modal> {
    let say = cx.user_language();
    let place = Label {
        custom_id: PLACE_ID,
        label: words::home::which_place(say),
        description: words::home::place_hint(say),
        required: true,
        component: LabelComponent::TextInput {
            style: TextInputStyle::Short,
            value: home.map(|home| home.label().to_string()).unwrap_or_default(),
            // The maximum length of a home's label.
            max_length: 100,
        },
    };
    let shared = Label {
        custom_id: SHARED_ID,
        label: words::home::may_others(say),
        description: words::home::others_hint(say),
        required: false,
        component: LabelComponent::Checkbox { default: home.is_some_and(|home| home.shared) },
    };
    Ok(cx.modal::<C>(
        words::home::title(say),
        vec![ModalComponent::Label(place), ModalComponent::Label(shared)],
        state,
    )?)
}

/// Sets the user's home to the submitted place; `None` if the place is not cached and must be searched for.
pub(super) async fn move_if_cached(
    submission: &ModalSubmission,
    cx: &Context,
) -> Result<Option<domain::Home>> {
    let place = match unmoved(submission, cx).await? {
        Some(home) => Some(home),
        None => place::find_cached(caller(submission), cx, no_such_place(cx))
            .await?
            .map(|place| home(&place, submission)),
    };
    match place {
        Some(home) => save(&home, cx).await.map(Some),
        None => Ok(None),
    }
}

/// Sets the user's home to the submitted place. Idempotent.
pub(super) async fn move_to(submission: &ModalSubmission, cx: &Context) -> Result<domain::Home> {
    let home = match unmoved(submission, cx).await? {
        Some(home) => home,
        None => home(&place::find(caller(submission), cx, no_such_place(cx)).await?, submission),
    };
    save(&home, cx).await
}

fn caller(submission: &ModalSubmission) -> &str {
    submission.text(PLACE_ID).trim()
}

/// If the submitted name is the one that the modal showed, keeps the coordinates: the name could match
/// another place.
async fn unmoved(submission: &ModalSubmission, cx: &Context) -> Result<Option<domain::Home>> {
    let home = cx.store::<domain::Home>().get(cx.caller.user()?, cx.now()).await?;
    let home = home.filter(|home| home.label().as_str() == caller(submission));
    Ok(home.map(|home| domain::Home::new(home.at, home.label().clone(), submission.is_checked(SHARED_ID))))
}

fn home(place: &Place, submission: &ModalSubmission) -> domain::Home {
    domain::Home::new(place.at, place::label(place), submission.is_checked(SHARED_ID))
}

/// Returns the stored home, because a later submission may have been faster.
async fn save(home: &domain::Home, cx: &Context) -> Result<domain::Home> {
    let saved =
        cx.store::<domain::Home>().set(cx.caller.user()?, home, cx.caller.interaction, cx.now()).await?;
    Ok(saved.ok_or_else(|| Refusal(words::home::none(cx.user_language())))?)
}

fn no_such_place(cx: &Context) -> impl Fn() -> String {
    let language = cx.user_language();
    move || words::home::no_such_place(language)
}

fn panel(home: Option<&domain::Home>, cx: &Context) -> Result<Container> {
    let say = cx.language();
    let change = cx.button::<Home>(words::home::change(say, home.is_some()), &HomeAction::Change)?;
    let mut buttons: Vec<Button> = vec![change.in_style(Style::Primary)];
    if home.is_some() {
        buttons
            .push(cx.button::<Home>(words::home::forget(say), &HomeAction::Forget)?.in_style(Style::Danger));
    }
    let items =
        vec![ContainerItem::TextDisplay(words::home::panel(say, home)), ContainerItem::Buttons(buttons)];
    Ok(Container { color: None, items })
}
