//! Messages of components only (Components V2): text, separators, buttons and select menus in any order, in
//! one container.

use crate::{
    component::{Button, Select, row},
    custom_id::NewCustomId,
    limits::{self, OverLimit, not_empty, unique, within},
    wire::{self, kind},
};

/// A container of items. Discord cannot turn such a message back into a plain one, so it is only ever
/// edited into another such message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Container {
    /// The colour of the left edge, 0xRRGGBB.
    pub color: Option<u32>,
    /// The items, from top to bottom.
    pub items: Vec<ContainerItem>,
}

/// An item of a container.
#[derive(Clone, Debug, PartialEq)]
pub enum ContainerItem {
    /// Text in Discord's markdown.
    TextDisplay(String),
    /// A section: text with a button beside it.
    Section(String, Button),
    /// A separator between two items.
    Separator,
    /// A row of at most five buttons.
    Buttons(Vec<Button>),
    /// A select menu.
    Select(Select),
}

impl Container {
    pub(crate) fn check(&self) -> Result<(), OverLimit> {
        within(
            "components",
            1 + self.items.iter().map(ContainerItem::size).sum::<usize>(),
            limits::MAX_COMPONENTS,
        )?;
        let texts = self.items.iter().map(|item| match item {
            ContainerItem::TextDisplay(text) | ContainerItem::Section(text, _) => text.chars().count(),
            _ => 0,
        });
        within("panel text", texts.sum(), limits::MAX_COMPONENTS_TOTAL_LENGTH)?;
        unique("custom id", self.ids().map(|id| id.text.as_str()))?;
        self.items.iter().try_for_each(|item| match item {
            ContainerItem::Separator => Ok(()),
            ContainerItem::TextDisplay(text) => {
                not_empty("panel text", text, limits::MAX_COMPONENTS_TOTAL_LENGTH)
            }
            ContainerItem::Section(text, button) => {
                not_empty("panel text", text, limits::MAX_COMPONENTS_TOTAL_LENGTH)?;
                button.check()
            }
            ContainerItem::Buttons(buttons) => {
                if buttons.is_empty() {
                    return Err(OverLimit { what: "buttons in a row" });
                }
                within("buttons in a row", buttons.len(), limits::MAX_ROW_BUTTONS)?;
                buttons.iter().try_for_each(Button::check)
            }
            ContainerItem::Select(select) => select.check(),
        })
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &NewCustomId> {
        self.items.iter().flat_map(ContainerItem::ids)
    }

    pub(crate) fn render(self) -> wire::Component {
        wire::Component {
            kind: kind::CONTAINER,
            accent_color: self.color,
            components: self.items.into_iter().map(ContainerItem::render).collect(),
            ..Default::default()
        }
    }
}

impl ContainerItem {
    /// The number of components, including nested ones.
    fn size(&self) -> usize {
        match self {
            Self::TextDisplay(_) | Self::Separator => 1,
            Self::Section(..) => 3,
            Self::Buttons(buttons) => 1 + buttons.len(),
            Self::Select(_) => 2,
        }
    }

    fn ids(&self) -> Vec<&NewCustomId> {
        match self {
            Self::Section(_, button) => vec![&button.id],
            Self::Buttons(buttons) => buttons.iter().map(|button| &button.id).collect(),
            Self::Select(select) => vec![&select.id],
            Self::TextDisplay(_) | Self::Separator => Vec::new(),
        }
    }

    fn render(self) -> wire::Component {
        match self {
            Self::TextDisplay(text) => text_display(text),
            Self::Section(text, button) => wire::Component {
                kind: kind::SECTION,
                components: vec![text_display(text)],
                accessory: Some(Box::new(button.render())),
                ..Default::default()
            },
            Self::Separator => wire::Component { kind: kind::SEPARATOR, ..Default::default() },
            Self::Buttons(buttons) => row(buttons.into_iter().map(Button::render).collect()),
            Self::Select(select) => row(vec![select.render()]),
        }
    }
}

pub(crate) fn text_display(content: String) -> wire::Component {
    wire::Component { kind: kind::TEXT_DISPLAY, content, ..Default::default() }
}
