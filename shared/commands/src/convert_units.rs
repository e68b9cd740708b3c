//! "Convert units" in the context menu of a message: converts its quantities between metric and imperial.
//!
//! The reply is ephemeral, with a button that posts it for everyone.

use discord::{Reply, TargetMessage, limits};
use domain::{
    Language, Refusal, Result,
    conversion::{Converted, convert},
    repeat::Name,
    settings::Feature,
    weather::Units,
};
use engine::{Answer, Command, Context, OnMessage, Press, Run, UpdateMode, Visibility};
use serde::{Deserialize, Serialize};

/// The message with the quantities.
#[derive(Debug)]
pub struct ConvertUnits {
    message: TargetMessage,
}

/// The action of the button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConvertAction {
    /// Posts the list publicly. A component interaction does not include the converted message, so the
    /// button carries the list.
    Share {
        /// Each quantity as it was written, with its conversion.
        lines: Vec<(Name, Name)>,
    },
}

impl Command for ConvertUnits {
    const FEATURE: Option<Feature> = Some(Feature::Conversion);
}

impl OnMessage for ConvertUnits {
    const NAME: &'static str = "Convert units";

    fn from_target(target: TargetMessage) -> Self {
        Self { message: target }
    }
}

impl Run for ConvertUnits {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let converted = both_ways(&self.message.text);
        if converted.is_empty() {
            return Err(Refusal(words::convert_units::nothing(cx.language())).into());
        }
        let share = ConvertAction::Share { lines: lines(&converted, cx.public_language()) };
        let button = cx.button::<Self>(words::convert_units::share(cx.language()), &share)?;
        let text = words::convert_units::list(&lines(&converted, cx.language()));
        Ok(Reply { text, buttons: vec![button], ..Reply::default() }.into())
    }
}

impl Press for ConvertUnits {
    type Action = ConvertAction;
    const ON_PRESS: UpdateMode = UpdateMode::Reply(Visibility::Public);

    async fn press(action: &ConvertAction, cx: &Context) -> Result<Answer> {
        let ConvertAction::Share { lines } = action;
        if lines.is_empty() {
            // This version does not write an empty list, and an empty message cannot be sent.
            return Err(Refusal(words::errors::old_component(cx.user_language())).into());
        }
        Ok(words::convert_units::list(lines).into())
    }
}

/// Converts imperial quantities to metric, then metric ones to imperial. Degrees without a letter can be
/// read both ways, but are listed once.
fn both_ways(text: &str) -> Vec<Converted> {
    let mut all = convert(text, Units::Metric);
    let others = convert(text, Units::Imperial);
    let others = others.into_iter().filter(|other| all.iter().all(|known| known.from != other.from));
    let others: Vec<_> = others.collect();
    all.extend(others);
    all
}

/// The lines that fit into one message.
fn lines(converted: &[Converted], language: Language) -> Vec<(Name, Name)> {
    let sign = words::convert_units::decimal_sign(language);
    let line = |it: &Converted| (Name::of(&it.from), Name::of(&it.text(sign)));
    let mut lines: Vec<_> = converted.iter().map(line).collect();
    while words::convert_units::list(&lines).chars().count() > limits::MAX_CONTENT_LENGTH {
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_without_a_letter_follow_the_scale_that_the_text_names() {
        let converted = both_ways("It is 20 °C now, tomorrow 25 degrees");
        let from: Vec<_> = converted.iter().map(|it| it.from.as_str()).collect();
        assert_eq!(from, ["20 °C", "25 degrees"]);
    }

    #[test]
    fn a_message_full_of_quantities_is_answered_with_as_many_as_fit() {
        let ranges =
            |unit: &str| (1..=25).map(|n| format!("{n}000-{n}0001 {unit}")).collect::<Vec<_>>().join(" ");
        let text = format!("{} {}", ranges("miles per hour"), ranges("kilometers per hour"));
        let lines = lines(&both_ways(&text), Language::German);
        assert!(lines.len() > 20, "{}", lines.len());
        assert!(words::convert_units::list(&lines).chars().count() <= limits::MAX_CONTENT_LENGTH);
    }
}
