//! "Convert units" in the context menu of a message - its miles in kilometres, and the other way round.
//!
//! Only the one who asks sees it, until the button shows it to everybody.

use discord::{Reply, TargetMessage};
use domain::{
    Language, Refusal, Result,
    conversion::{Converted, convert},
    settings::Feature,
    weather::Units,
};
use serde::{Deserialize, Serialize};

use crate::{Answer, Class, Command, Context, OnMessage, OnUse, Press, Run, Visibility, words};

/// A message with quantities in it.
#[derive(Debug)]
pub struct ConvertUnits {
    message: TargetMessage,
}

/// What the button means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConvertAction {
    /// Say this to everybody. A message that is pressed again is not sent along, so the button remembers.
    Share {
        /// Each quantity as it was written, and as it is elsewhere.
        lines: Vec<(String, String)>,
    },
}

impl Command for ConvertUnits {
    const CLASS: Class = Class::Normal;
    const FEATURE: Option<Feature> = Some(Feature::Conversion);
}

impl OnMessage for ConvertUnits {
    const NAME: &'static str = "Convert units";

    fn of(target: TargetMessage) -> Self {
        Self { message: target }
    }
}

impl Run for ConvertUnits {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let converted = both_ways(&self.message.text);
        if converted.is_empty() {
            return Err(Refusal(words::convert_units::nothing(cx.say())).into());
        }
        let share = ConvertAction::Share { lines: lines(&converted, cx.public_language()) };
        let button = cx.button::<Self>(words::convert_units::share(cx.say()), &share)?;
        let text = words::convert_units::list(&lines(&converted, cx.say()));
        Ok(Reply { text, buttons: vec![button], ..Reply::default() }.into())
    }
}

impl Press for ConvertUnits {
    type Action = ConvertAction;
    const ON_PRESS: OnUse = OnUse::Reply(Visibility::Public);

    async fn press(action: &ConvertAction, cx: &Context) -> Result<Answer> {
        let ConvertAction::Share { lines } = action;
        if lines.is_empty() {
            // Never written so, and an empty message is none.
            return Err(Refusal(words::front_door::old_component(cx.user_language())).into());
        }
        Ok(words::convert_units::list(lines).into())
    }
}

/// What is imperial in metric units, then the other way round.
fn both_ways(text: &str) -> Vec<Converted> {
    let mut all = convert(text, Units::Metric);
    let others = convert(text, Units::Imperial);
    // Degrees without a letter are understood either way; once is enough.
    all.extend(others.into_iter().filter(|other| convert(&other.from, Units::Metric).is_empty()));
    all
}

fn lines(converted: &[Converted], language: Language) -> Vec<(String, String)> {
    let sign = words::convert_units::decimal_sign(language);
    converted.iter().map(|it| (it.from.clone(), it.text(sign))).collect()
}
