//! `/home` - the place whose weather you get when you name none.
//!
//! A private panel shows it; buttons change it in a form, and forget it. Others see the weather there,
//! by "Weather at home" in your context menu, only if you have said so.

use discord::{
    Block, Button, CommandModel, CreateCommand, Filled, Form, Input, Panel, Part, Question, Style, limits,
};
use domain::{Refusal, Result, settings::Feature, weather::Place};
use serde::{Deserialize, Serialize};

use super::weather;
use crate::{Answer, Command, Context, JobContext, Press, Run, Submit, words};

/// See or change the place you call home
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "home")]
pub struct Home {}

/// What a button of the panel means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HomeAction {
    /// Show the form.
    Change,
    /// Forget it.
    Forget,
}

const PLACE: &str = "place";
const SHARED: &str = "shared";

impl Command for Home {
    const FEATURE: Option<Feature> = Some(Feature::Weather);
}

impl Run for Home {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let home = cx.bot().homes().get(cx.asked.user()?).await?;
        Ok(panel(home.as_ref(), cx)?.into())
    }
}

impl Press for Home {
    type Action = HomeAction;

    async fn press(action: &HomeAction, cx: &Context) -> Result<Answer> {
        let user = cx.asked.user()?;
        match action {
            HomeAction::Change => {
                let home = cx.bot().homes().get(user).await?;
                Ok(Answer::Form(form::<Self>(home.as_ref(), &(), cx)?))
            }
            HomeAction::Forget => {
                cx.bot().homes().forget(user).await?;
                Ok(panel(None, cx)?.into())
            }
        }
    }
}

impl Submit for Home {
    type State = ();

    async fn submit((): &(), filled: &Filled, cx: &Context) -> Result<Answer> {
        match weather::known_place(asked(filled), cx).await? {
            Some(place) => Ok(panel(Some(&save(&place, filled, cx).await?), cx)?.into()),
            None => Ok(Answer::Later),
        }
    }

    async fn submit_work((): &(), filled: &Filled, cx: &JobContext) -> Result<discord::Reply> {
        let place = weather::find_place(asked(filled), cx).await?;
        Ok(panel(Some(&save(&place, filled, cx).await?), cx)?.into())
    }
}

/// The form that asks for a home, of whichever command wants to know.
pub(super) fn form<C: Submit>(home: Option<&domain::Home>, state: &C::State, cx: &Context) -> Result<Form> {
    let say = cx.user_language();
    let place = Question {
        name: PLACE,
        label: words::home::which_place(say),
        hint: words::home::place_hint(say),
        optional: false,
        input: Input::Line {
            value: home.map(|home| limits::clip(home.label(), limits::CHOICE)).unwrap_or_default(),
            most: 100,
        },
    };
    let shared = Question {
        name: SHARED,
        label: words::home::may_others(say),
        hint: words::home::others_hint(say),
        optional: true,
        input: Input::Box { ticked: home.is_some_and(|home| home.shared) },
    };
    Ok(cx.form::<C>(words::home::title(say), vec![Part::Ask(place), Part::Ask(shared)], state)?)
}

/// The place that was filled in.
pub(super) fn asked(filled: &Filled) -> &str {
    filled.text(PLACE).trim()
}

/// Makes a place somebody's home. Doing it again changes nothing.
pub(super) async fn save(place: &Place, filled: &Filled, cx: &Context) -> Result<domain::Home> {
    let label = weather::label(place);
    if label.is_empty() {
        return Err(Refusal(words::weather::no_such_place(cx.user_language())).into());
    }
    let home = domain::Home::new(place.at, &label, filled.is_ticked(SHARED));
    cx.bot().homes().set(cx.asked.user()?, &home, cx.asked.interaction, cx.now()).await?;
    Ok(home)
}

fn panel(home: Option<&domain::Home>, cx: &Context) -> Result<Panel> {
    let say = cx.say();
    let change = cx.button::<Home>(words::home::change(say, home.is_some()), &HomeAction::Change)?;
    let mut buttons: Vec<Button> = vec![change.in_style(Style::Primary)];
    if home.is_some() {
        buttons
            .push(cx.button::<Home>(words::home::forget(say), &HomeAction::Forget)?.in_style(Style::Danger));
    }
    let blocks = vec![Block::Text(words::home::panel(say, home)), Block::Buttons(buttons)];
    Ok(Panel { color: None, blocks })
}
