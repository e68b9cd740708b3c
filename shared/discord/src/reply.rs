//! What a command says: text, cards and buttons, in our own words for them.

use serde::Serialize;
use twilight_model::channel::message::component::{ActionRow, Button as WireButton, ButtonStyle, Component};
use twilight_model::channel::message::embed::{EmbedField, EmbedFooter};
use twilight_model::channel::message::{AllowedMentions, Embed, EmojiReactionType};

use crate::{
    custom_id,
    limits::{self, OverLimit, within},
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
}

/// A box with a title, text, fields and a footer (an embed).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// The headline.
    pub title: String,
    /// The text under it.
    pub text: String,
    /// The colour of its edge, 0xRRGGBB.
    pub color: Option<u32>,
    /// Small headed texts.
    pub fields: Vec<Field>,
    /// Small print.
    pub footer: String,
}

/// A small headed text within a card.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its head.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Whether the next field may stand beside it.
    pub inline: bool,
}

/// A button that comes back to the command that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// A single emoji before the label; empty for none.
    pub emoji: &'static str,
    id: String,
}

impl Button {
    /// A button of `command` whose pressing means `action`.
    ///
    /// # Errors
    /// [`OverLimit`] if the action does not fit into a custom id.
    pub fn new<A: Serialize>(
        label: impl Into<String>,
        emoji: &'static str,
        command: &str,
        version: u8,
        action: &A,
    ) -> Result<Self, OverLimit> {
        Ok(Self { label: label.into(), emoji, id: custom_id::encode(command, version, action)? })
    }
}

impl From<String> for Reply {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

/// A reply in Discord's form.
pub(crate) struct Rendered {
    pub content: String,
    pub embeds: Vec<Embed>,
    pub components: Vec<Component>,
}

/// Nobody is pinged unless a command says so.
pub(crate) static NOBODY: AllowedMentions =
    AllowedMentions { parse: Vec::new(), replied_user: false, roles: Vec::new(), users: Vec::new() };

impl Reply {
    /// Checks the reply against Discord's limits and puts it into Discord's form.
    ///
    /// # Errors
    /// [`OverLimit`] names what is too long or too many.
    pub(crate) fn render(self) -> Result<Rendered, OverLimit> {
        self.check()?;
        Ok(Rendered {
            content: self.text,
            embeds: self.cards.into_iter().map(embed).collect(),
            components: rows(self.buttons),
        })
    }

    fn check(&self) -> Result<(), OverLimit> {
        within("text", self.text.chars().count(), limits::CONTENT)?;
        within("cards", self.cards.len(), limits::CARDS)?;
        within("buttons", self.buttons.len(), limits::BUTTONS)?;
        let mut card_text = 0;
        for card in &self.cards {
            card_text += card.check()?;
        }
        within("cards together", card_text, limits::CARD_TEXT)?;
        self.buttons
            .iter()
            .try_for_each(|button| within("label", button.label.chars().count(), limits::LABEL))
    }
}

impl Card {
    /// The number of characters of all its texts, if each is within its limit.
    fn check(&self) -> Result<usize, OverLimit> {
        within("fields", self.fields.len(), limits::FIELDS)?;
        let mut texts = vec![
            ("title", &self.title, limits::TITLE),
            ("card text", &self.text, limits::DESCRIPTION),
            ("footer", &self.footer, limits::FOOTER),
        ];
        for field in &self.fields {
            texts.push(("field name", &field.name, limits::TITLE));
            texts.push(("field", &field.text, limits::FIELD));
        }
        texts.into_iter().try_fold(0, |sum, (what, text, limit)| {
            let size = text.chars().count();
            within(what, size, limit)?;
            Ok(sum + size)
        })
    }
}

fn embed(card: Card) -> Embed {
    Embed {
        author: None,
        color: card.color,
        description: some(card.text),
        fields: card.fields.into_iter().map(embed_field).collect(),
        flags: None,
        footer: some(card.footer).map(|text| EmbedFooter { icon_url: None, proxy_icon_url: None, text }),
        image: None,
        kind: "rich".to_owned(),
        provider: None,
        thumbnail: None,
        timestamp: None,
        title: some(card.title),
        url: None,
        video: None,
    }
}

fn embed_field(field: Field) -> EmbedField {
    EmbedField { inline: field.inline, name: field.name, value: field.text }
}

fn rows(buttons: Vec<Button>) -> Vec<Component> {
    let buttons: Vec<Component> = buttons.into_iter().map(|button| Component::Button(wire(button))).collect();
    let row = |components: &[Component]| {
        Component::ActionRow(ActionRow { id: None, components: components.to_vec() })
    };
    buttons.chunks(limits::ROW).map(row).collect()
}

fn wire(button: Button) -> WireButton {
    let emoji = some(button.emoji.to_owned()).map(|name| EmojiReactionType::Unicode { name });
    WireButton {
        custom_id: Some(button.id),
        disabled: false,
        emoji,
        id: None,
        label: some(button.label),
        sku_id: None,
        style: ButtonStyle::Secondary,
        url: None,
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
