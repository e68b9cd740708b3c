//! `/roll`: rolls dice.

use discord::{
    Choice, Choices, CommandModel, CreateCommand, Label, LabelComponent, ModalComponent, ModalSubmission,
    Reply, TextInputStyle, options::Focused,
};
use domain::{Refusal, Result};
use engine::{AllowedUser, Answer, Command, Complete, Context, Press, Run, Submit, UpdateMode, Visibility};
use serde::{Deserialize, Serialize};

/// Roll dice
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "roll")]
pub struct Roll {
    /// The number of dice and their sides, for example 2d6
    #[command(autocomplete = true, max_length = 40)]
    dice: String,
}

impl Command for Roll {
    const REPLY: Visibility = Visibility::Public;
}

impl Run for Roll {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        Ok(rolled(Dice::parse(&self.dice, cx)?, cx)?.into())
    }
}

impl Complete for Roll {
    async fn complete(focused: &Focused, _: &Context) -> Result<Choices> {
        let usual = ["1d6", "2d6", "1d20", "1d100"].map(str::to_owned);
        let matching = usual.into_iter().filter(|dice| dice.starts_with(&focused.text));
        Ok(matching.map(|dice| Choice { name: dice.clone(), value: dice }).collect())
    }
}

/// Some dice, all with the same number of sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dice {
    /// The number of dice, 1 to 20.
    pub count: u8,
    /// The number of sides, 2 to 1,000.
    pub sides: u16,
}

impl Dice {
    /// Parses `2d6`. Anything else is a refusal.
    fn parse(text: &str, cx: &Context) -> Result<Self> {
        let parsed = text.trim().split_once('d').and_then(|(count, sides)| {
            let dice = Self { count: count.parse().ok()?, sides: sides.parse().ok()? };
            ((1..=20).contains(&dice.count) && (2..=1_000).contains(&dice.sides)).then_some(dice)
        });
        Ok(parsed.ok_or_else(|| Refusal(words::roll::not_dice(cx.user_language())))?)
    }
}

/// The action of a button.
#[derive(Debug, Serialize, Deserialize)]
pub enum RollAction {
    /// Rolls the same dice again.
    Again(Dice),
    /// Opens the modal that asks for other dice.
    Others,
}

impl Press for Roll {
    type Action = RollAction;
    const ON_PRESS: UpdateMode = UpdateMode::Reply(Visibility::Public);
    const PRESSED_BY: AllowedUser = AllowedUser::Anyone;

    async fn press(action: &RollAction, cx: &Context) -> Result<Answer> {
        let RollAction::Again(dice) = action else {
            let dice = Label {
                custom_id: "dice",
                label: words::roll::which(cx.user_language()),
                description: String::new(),
                required: true,
                component: LabelComponent::TextInput {
                    style: TextInputStyle::Short,
                    value: String::new(),
                    max_length: 40,
                },
            };
            let title = words::roll::others(cx.user_language());
            return Ok(Answer::Modal(cx.modal::<Self>(title, vec![ModalComponent::Label(dice)], &())?));
        };
        Ok(rolled(*dice, cx)?.into())
    }
}

impl Submit for Roll {
    type State = ();
    const ON_SUBMIT: UpdateMode = UpdateMode::Reply(Visibility::Public);

    async fn submit((): &(), submission: &ModalSubmission, cx: &Context) -> Result<Answer> {
        Ok(rolled(Dice::parse(submission.text("dice"), cx)?, cx)?.into())
    }
}

fn rolled(dice: Dice, cx: &Context) -> Result<Reply> {
    // A command may run twice for one interaction, so the same interaction always rolls the same numbers.
    let mut random = cx.caller.interaction.get();
    let mut roll = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        1 + (random >> 33) % u64::from(dice.sides)
    };
    let sum = (0..dice.count).map(|_| roll()).sum();
    let text = words::roll::rolled(dice.count, dice.sides, sum);
    let again = cx.button::<Roll>(words::roll::again(cx.language()), &RollAction::Again(dice))?;
    let others = cx.button::<Roll>(words::roll::others(cx.language()), &RollAction::Others)?;
    Ok(Reply { text, buttons: vec![again, others], ..Reply::default() })
}
