//! A box with a title, text, fields and a footer (an embed).

use crate::{
    limits::{self, OverLimit, filled, within},
    wire,
};

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

/// Checks that all cards of a message are within Discord's limits.
pub(crate) fn check(cards: &[Card]) -> Result<(), OverLimit> {
    within("cards", cards.len(), limits::CARDS)?;
    let mut text = 0;
    for card in cards {
        text += card.check()?;
    }
    within("cards together", text, limits::CARD_TEXT)
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
