//! Messages of components only (Components V2): text, separators, buttons and select menus in any order, in
//! one container.

use crate::{
    component::{Button, Select, row},
    custom_id::Written,
    limits::{self, OverLimit, not_empty, unique, within},
    wire::{self, kind},
};

/// A container of blocks. Discord cannot turn such a message back into a plain one, so it is only ever
/// edited into another panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// The colour of the left edge, 0xRRGGBB.
    pub color: Option<u32>,
    /// The blocks, from top to bottom.
    pub blocks: Vec<Block>,
}

/// A block of a panel.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Text in Discord's markdown.
    Text(String),
    /// A section: text with a button beside it.
    Beside(String, Button),
    /// A separator between two blocks.
    Line,
    /// A row of at most five buttons.
    Buttons(Vec<Button>),
    /// A select menu.
    Choose(Select),
}

impl Panel {
    pub(crate) fn check(&self) -> Result<(), OverLimit> {
        within("components", 1 + self.blocks.iter().map(Block::size).sum::<usize>(), limits::COMPONENTS)?;
        let texts = self.blocks.iter().map(|block| match block {
            Block::Text(text) | Block::Beside(text, _) => text.chars().count(),
            _ => 0,
        });
        within("panel text", texts.sum(), limits::PANEL_TEXT)?;
        unique("custom id", self.ids().map(|id| id.text.as_str()))?;
        self.blocks.iter().try_for_each(|block| match block {
            Block::Line => Ok(()),
            Block::Text(text) => not_empty("panel text", text, limits::PANEL_TEXT),
            Block::Beside(text, button) => {
                not_empty("panel text", text, limits::PANEL_TEXT)?;
                button.check()
            }
            Block::Buttons(buttons) => {
                if buttons.is_empty() {
                    return Err(OverLimit { what: "buttons in a row" });
                }
                within("buttons in a row", buttons.len(), limits::ROW)?;
                buttons.iter().try_for_each(Button::check)
            }
            Block::Choose(select) => select.check(),
        })
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &Written> {
        self.blocks.iter().flat_map(Block::ids)
    }

    pub(crate) fn render(self) -> wire::Component {
        wire::Component {
            kind: kind::CONTAINER,
            accent_color: self.color,
            components: self.blocks.into_iter().map(Block::render).collect(),
            ..Default::default()
        }
    }
}

impl Block {
    /// The number of components, including nested ones.
    fn size(&self) -> usize {
        match self {
            Self::Text(_) | Self::Line => 1,
            Self::Beside(..) => 3,
            Self::Buttons(buttons) => 1 + buttons.len(),
            Self::Choose(_) => 2,
        }
    }

    fn ids(&self) -> Vec<&Written> {
        match self {
            Self::Beside(_, button) => vec![&button.id],
            Self::Buttons(buttons) => buttons.iter().map(|button| &button.id).collect(),
            Self::Choose(select) => vec![&select.id],
            Self::Text(_) | Self::Line => Vec::new(),
        }
    }

    fn render(self) -> wire::Component {
        match self {
            Self::Text(text) => text_display(text),
            Self::Beside(text, button) => wire::Component {
                kind: kind::SECTION,
                components: vec![text_display(text)],
                accessory: Some(Box::new(button.render())),
                ..Default::default()
            },
            Self::Line => wire::Component { kind: kind::SEPARATOR, ..Default::default() },
            Self::Buttons(buttons) => row(buttons.into_iter().map(Button::render).collect()),
            Self::Choose(select) => row(vec![select.render()]),
        }
    }
}

pub(crate) fn text_display(content: String) -> wire::Component {
    wire::Component { kind: kind::TEXT_DISPLAY, content, ..Default::default() }
}
