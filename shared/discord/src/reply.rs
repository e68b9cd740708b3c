//! What a command says: text, cards and buttons, or a panel.

use crate::{
    card::{self, Card},
    component::{self, Button},
    custom_id::Overflow,
    limits::{self, OverLimit, within},
    panel::Panel,
    wire::{self, COMPONENTS_V2, EPHEMERAL},
};

/// A message of the bot. Nobody is pinged by it, whatever its text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Plain text, in Discord's markdown.
    pub text: String,
    /// Boxes under the text (embeds).
    pub cards: Vec<Card>,
    /// Buttons under everything, five to a row.
    pub buttons: Vec<Button>,
    /// All there is, if it is there: text, cards and buttons are then empty.
    pub panel: Option<Panel>,
}

impl From<String> for Reply {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl From<Panel> for Reply {
    fn from(panel: Panel) -> Self {
        Self { panel: Some(panel), ..Self::default() }
    }
}

impl Reply {
    /// What its buttons and menus mean, where it did not fit into them: to be kept before the reply is
    /// sent.
    pub fn overflows(&self) -> Vec<&Overflow> {
        let buttons = self.buttons.iter().filter_map(Button::overflow);
        buttons.chain(self.panel.iter().flat_map(Panel::overflows)).collect()
    }

    /// A new message.
    ///
    /// # Errors
    /// [`OverLimit`] names what is too long or too many.
    pub(crate) fn message(self, private: bool) -> Result<wire::Message, OverLimit> {
        let mut message = self.update()?;
        message.content = message.content.filter(|text| text.as_ref().is_some_and(|text| !text.is_empty()));
        message.embeds = message.embeds.filter(|embeds| !embeds.is_empty());
        message.components = message.components.filter(|components| !components.is_empty());
        message.flags |= if private { EPHEMERAL } else { 0 };
        Ok(message)
    }

    /// What takes the place of a message. Everything is written out: what is left out stays.
    ///
    /// # Errors
    /// As [`Reply::message`].
    pub(crate) fn update(self) -> Result<wire::Message, OverLimit> {
        self.check()?;
        let allowed_mentions = wire::Mentions::default();
        Ok(match self.panel {
            Some(panel) => wire::Message {
                allowed_mentions,
                // A message becomes a panel only if nothing else is left of it.
                content: Some(None),
                embeds: Some(Vec::new()),
                components: Some(vec![panel.render()]),
                flags: COMPONENTS_V2,
            },
            None => wire::Message {
                allowed_mentions,
                content: Some(Some(self.text)),
                embeds: Some(self.cards.into_iter().map(Card::render).collect()),
                components: Some(component::rows(self.buttons)),
                flags: 0,
            },
        })
    }

    fn check(&self) -> Result<(), OverLimit> {
        if let Some(panel) = &self.panel {
            within("beside a panel", self.text.len() + self.cards.len() + self.buttons.len(), 0)?;
            return panel.check();
        }
        within("text", self.text.chars().count(), limits::CONTENT)?;
        within("buttons", self.buttons.len(), limits::BUTTONS)?;
        card::check(&self.cards)?;
        self.buttons.iter().try_for_each(Button::check)
    }
}
