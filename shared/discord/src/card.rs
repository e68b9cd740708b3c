//! Embeds.

use crate::{
    limits::{self, OverLimit, filled, within},
    wire,
};

/// An embed: a box with a title, text, fields and a footer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// The title.
    pub title: String,
    /// The description.
    pub text: String,
    /// The colour of the left edge, 0xRRGGBB.
    pub color: Option<u32>,
    /// The fields.
    pub fields: Vec<Field>,
    /// The footer.
    pub footer: String,
}

/// A field of an embed.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name, shown above the text.
    pub name: String,
    /// The value.
    pub text: String,
    /// Whether it may share a row with the next field.
    pub inline: bool,
}

/// Checks the embeds of a message against Discord's limits.
pub(crate) fn check(cards: &[Card]) -> Result<(), OverLimit> {
    within("cards", cards.len(), limits::CARDS)?;
    let mut text = 0;
    for card in cards {
        text += card.check()?;
    }
    within("cards together", text, limits::CARD_TEXT)
}

impl Card {
    /// Checks each text against its limit, and returns the total number of characters.
    fn check(&self) -> Result<usize, OverLimit> {
        within("fields", self.fields.len(), limits::FIELDS)?;
        let mut texts = vec![
            ("title", &self.title, limits::TITLE),
            ("card text", &self.text, limits::DESCRIPTION),
            ("footer", &self.footer, limits::FOOTER),
        ];
        for field in &self.fields {
            filled("field name", &field.name, limits::TITLE)?;
            filled("field", &field.text, limits::FIELD)?;
            texts.push(("field name", &field.name, limits::TITLE));
            texts.push(("field", &field.text, limits::FIELD));
        }
        texts.into_iter().try_fold(0, |sum, (what, text, limit)| {
            let size = text.chars().count();
            within(what, size, limit)?;
            Ok(sum + size)
        })
    }

    pub(crate) fn render(self) -> wire::Embed {
        let field = |field: Field| wire::Field { name: field.name, value: field.text, inline: field.inline };
        wire::Embed {
            title: self.title,
            description: self.text,
            color: self.color,
            fields: self.fields.into_iter().map(field).collect(),
            footer: (!self.footer.is_empty()).then_some(wire::Footer { text: self.footer }),
        }
    }
}
