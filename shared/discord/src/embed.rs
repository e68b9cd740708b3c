//! Embeds.

use crate::{
    limits::{self, OverLimit, not_empty, within},
    wire,
};

/// An embed: a box with a title, text, fields and a footer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Embed {
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// The colour of the left edge, 0xRRGGBB.
    pub color: Option<u32>,
    /// The fields.
    pub fields: Vec<EmbedField>,
    /// The footer.
    pub footer: String,
}

/// A field of an embed.
#[derive(Clone, Debug, PartialEq)]
pub struct EmbedField {
    /// The name, shown above the value.
    pub name: String,
    /// The value.
    pub value: String,
    /// Whether it may share a row with the next field.
    pub inline: bool,
}

/// Checks the embeds of a message against Discord's limits.
pub(crate) fn check(embeds: &[Embed]) -> Result<(), OverLimit> {
    within("cards", embeds.len(), limits::MAX_EMBEDS)?;
    let mut text = 0;
    for embed in embeds {
        text += embed.check()?;
    }
    within("cards together", text, limits::MAX_EMBEDS_TOTAL_LENGTH)
}

impl Embed {
    /// Checks each text against its limit, and returns the total number of characters.
    fn check(&self) -> Result<usize, OverLimit> {
        within("fields", self.fields.len(), limits::MAX_EMBED_FIELDS)?;
        let mut texts = vec![
            ("title", &self.title, limits::MAX_EMBED_TITLE_LENGTH),
            ("card text", &self.description, limits::MAX_EMBED_DESCRIPTION_LENGTH),
            ("footer", &self.footer, limits::MAX_EMBED_FOOTER_LENGTH),
        ];
        for field in &self.fields {
            not_empty("field name", &field.name, limits::MAX_EMBED_TITLE_LENGTH)?;
            not_empty("field", &field.value, limits::MAX_EMBED_FIELD_LENGTH)?;
            texts.push(("field name", &field.name, limits::MAX_EMBED_TITLE_LENGTH));
            texts.push(("field", &field.value, limits::MAX_EMBED_FIELD_LENGTH));
        }
        texts.into_iter().try_fold(0, |sum, (what, text, limit)| {
            let size = text.chars().count();
            within(what, size, limit)?;
            Ok(sum + size)
        })
    }

    pub(crate) fn render(self) -> wire::Embed {
        let field = |field: EmbedField| wire::EmbedField {
            name: field.name,
            value: field.value,
            inline: field.inline,
        };
        wire::Embed {
            title: self.title,
            description: self.description,
            color: self.color,
            fields: self.fields.into_iter().map(field).collect(),
            footer: (!self.footer.is_empty()).then_some(wire::EmbedFooter { text: self.footer }),
        }
    }
}
