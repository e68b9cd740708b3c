//! What a user can press or choose from.

use crate::{
    custom_id::Written,
    limits::{self, OverLimit, filled, unique, within},
    wire::{self, kind},
};

/// A button that comes back to the command that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// A single emoji before the label; empty for none.
    pub emoji: &'static str,
    /// How it looks.
    pub style: Style,
    pub(crate) id: Written,
}

/// How a button looks. Source: Discord, "Button Styles".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// The one that most people will want.
    Primary = 1,
    /// One of several.
    #[default]
    Secondary = 2,
    /// It agrees.
    Success = 3,
    /// What it does cannot be undone.
    Danger = 4,
}

/// A menu to choose from, which comes back to the command that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// What stands in it while nothing is chosen.
    pub placeholder: String,
    /// At most 25.
    pub options: Vec<SelectOption>,
    /// Fewest and most that may be chosen.
    pub between: (u8, u8),
    pub(crate) id: Written,
}

/// Something to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectOption {
    /// What the user sees.
    pub label: String,
    /// What the command gets; unique within its menu.
    pub value: String,
    /// Small print under the label.
    pub description: String,
    /// Whether it is chosen to begin with.
    pub chosen: bool,
}

impl Button {
    /// A button whose pressing means what `id` says.
    pub fn new(label: impl Into<String>, id: Written) -> Self {
        Self { label: label.into(), emoji: "", style: Style::default(), id }
    }

    /// The same with an emoji before the label.
    pub fn with_emoji(self, emoji: &'static str) -> Self {
        Self { emoji, ..self }
    }

    /// The same in another style.
    pub fn in_style(self, style: Style) -> Self {
        Self { style, ..self }
    }

    pub(crate) fn check(&self) -> Result<(), OverLimit> {
        if self.label.is_empty() && self.emoji.is_empty() {
            return Err(OverLimit { what: "label" });
        }
        within("label", self.label.chars().count(), limits::LABEL)
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
    /// A menu for exactly one of `options`.
    pub fn one(placeholder: impl Into<String>, options: Vec<SelectOption>, id: Written) -> Self {
        Self { placeholder: placeholder.into(), options, between: (1, 1), id }
    }

    /// A menu for any number of `options`, none included.
    pub fn any(placeholder: impl Into<String>, options: Vec<SelectOption>, id: Written) -> Self {
        let most = u8::try_from(options.len()).unwrap_or(u8::MAX);
        Self { placeholder: placeholder.into(), options, between: (0, most), id }
    }

    pub(crate) fn check(&self) -> Result<(), OverLimit> {
        within("placeholder", self.placeholder.chars().count(), limits::PLACEHOLDER)?;
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
    within("options", options.len(), limits::OPTIONS)?;
    unique("options", options.iter().map(|option| option.value.as_str()))?;
    options.iter().try_for_each(|option| {
        filled("option", &option.label, limits::CHOICE)?;
        filled("option", &option.value, limits::CHOICE)?;
        within("option", option.description.chars().count(), limits::CHOICE)
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

/// Buttons, five to a row.
pub(crate) fn rows(buttons: Vec<Button>) -> Vec<wire::Component> {
    let mut buttons = buttons.into_iter().map(Button::render).peekable();
    let mut rows = Vec::new();
    while buttons.peek().is_some() {
        rows.push(row(buttons.by_ref().take(limits::ROW).collect()));
    }
    rows
}

pub(crate) fn row(components: Vec<wire::Component>) -> wire::Component {
    wire::Component { kind: kind::ACTION_ROW, components, ..Default::default() }
}
