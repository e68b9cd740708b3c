//! Buttons and select menus.

use crate::{
    custom_id::NewCustomId,
    limits::{self, OverLimit, not_empty, unique, within},
    wire::{self, kind},
};

/// A button. A click calls the command that created it.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// The label.
    pub label: String,
    /// A single emoji before the label; empty for none.
    pub emoji: &'static str,
    /// The style.
    pub style: Style,
    pub(crate) id: NewCustomId,
}

/// The style of a button. Source: Discord, "Button Styles".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// The recommended action.
    Primary = 1,
    /// One of several alternatives.
    #[default]
    Secondary = 2,
    /// A confirmation.
    Success = 3,
    /// An action that cannot be undone.
    Danger = 4,
}

/// A string select menu. A choice calls the command that created it.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// The text while nothing is chosen.
    pub placeholder: String,
    /// The options, at most 25.
    pub options: Vec<SelectOption>,
    /// The minimum and maximum number of choices.
    pub between: (u8, u8),
    pub(crate) id: NewCustomId,
}

/// An option of a select menu, radio group or checkbox group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectOption {
    /// The text that the user sees.
    pub label: String,
    /// The value that the command receives; unique within its menu.
    pub value: String,
    /// The description below the label.
    pub description: String,
    /// Whether it is initially chosen.
    pub chosen: bool,
}

impl Button {
    /// A button whose custom id is `id`.
    pub fn new(label: impl Into<String>, id: NewCustomId) -> Self {
        Self { label: label.into(), emoji: "", style: Style::default(), id }
    }

    /// The button with an emoji before the label.
    pub fn with_emoji(self, emoji: &'static str) -> Self {
        Self { emoji, ..self }
    }

    /// The button in another style.
    pub fn in_style(self, style: Style) -> Self {
        Self { style, ..self }
    }

    pub(crate) fn check(&self) -> Result<(), OverLimit> {
        if self.label.is_empty() && self.emoji.is_empty() {
            return Err(OverLimit { what: "label" });
        }
        within("label", self.label.chars().count(), limits::MAX_BUTTON_LABEL_LENGTH)
    }

    pub(crate) fn render(self) -> wire::Component {
        wire::Component {
            kind: kind::BUTTON,
            custom_id: self.id.text,
            style: Some(self.style as u8),
            label: self.label,
            emoji: (!self.emoji.is_empty()).then_some(wire::Emoji { name: self.emoji }),
            ..Default::default()
        }
    }
}

impl Select {
    /// A select menu for exactly one of `options`.
    pub fn one(placeholder: impl Into<String>, options: Vec<SelectOption>, id: NewCustomId) -> Self {
        Self { placeholder: placeholder.into(), options, between: (1, 1), id }
    }

    /// A select menu for any number of `options`, including none.
    pub fn any(placeholder: impl Into<String>, options: Vec<SelectOption>, id: NewCustomId) -> Self {
        let most = u8::try_from(options.len()).unwrap_or(u8::MAX);
        Self { placeholder: placeholder.into(), options, between: (0, most), id }
    }

    pub(crate) fn check(&self) -> Result<(), OverLimit> {
        within("placeholder", self.placeholder.chars().count(), limits::MAX_PLACEHOLDER_LENGTH)?;
        let (fewest, most) = self.between;
        if most == 0 || fewest > most || usize::from(most) > self.options.len() {
            return Err(OverLimit { what: "choices" });
        }
        check_options(&self.options)
    }

    pub(crate) fn render(self) -> wire::Component {
        wire::Component {
            kind: kind::STRING_SELECT,
            custom_id: self.id.text,
            placeholder: self.placeholder,
            options: choices(self.options),
            min_values: Some(self.between.0),
            max_values: Some(self.between.1),
            ..Default::default()
        }
    }
}

pub(crate) fn check_options(options: &[SelectOption]) -> Result<(), OverLimit> {
    within("options", options.len(), limits::MAX_SELECT_OPTIONS)?;
    unique("options", options.iter().map(|option| option.value.as_str()))?;
    options.iter().try_for_each(|option| {
        not_empty("option", &option.label, limits::MAX_CHOICE_LENGTH)?;
        not_empty("option", &option.value, limits::MAX_CHOICE_LENGTH)?;
        within("option", option.description.chars().count(), limits::MAX_CHOICE_LENGTH)
    })
}

pub(crate) fn choices(options: Vec<SelectOption>) -> Vec<wire::Choice> {
    let choice = |option: SelectOption| wire::Choice {
        label: option.label,
        value: option.value,
        description: option.description,
        default: option.chosen,
    };
    options.into_iter().map(choice).collect()
}

/// Action rows of up to five buttons.
pub(crate) fn rows(buttons: Vec<Button>) -> Vec<wire::Component> {
    let mut buttons = buttons.into_iter().map(Button::render).peekable();
    let mut rows = Vec::new();
    while buttons.peek().is_some() {
        rows.push(row(buttons.by_ref().take(limits::MAX_ROW_BUTTONS).collect()));
    }
    rows
}

pub(crate) fn row(components: Vec<wire::Component>) -> wire::Component {
    wire::Component { kind: kind::ACTION_ROW, components, ..Default::default() }
}
