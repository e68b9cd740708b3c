//! Discord's limits on what a reply may hold.
//!
//! Source: Discord's documentation, "Message", "Embed Limits" and "Component Reference". Lengths are
//! in characters.

use std::collections::HashSet;

/// Text of a message.
pub const CONTENT: usize = 2_000;
/// Cards (embeds) in a message.
pub const CARDS: usize = 10;
/// A card's title, and a field's name.
pub const TITLE: usize = 256;
/// A card's text.
pub const DESCRIPTION: usize = 4_096;
/// Fields in a card.
pub const FIELDS: usize = 25;
/// A field's text.
pub const FIELD: usize = 1_024;
/// A card's footer.
pub const FOOTER: usize = 2_048;
/// All text of all cards of a message together.
pub const CARD_TEXT: usize = 6_000;
/// Buttons in a message without the newer layout: five rows of five.
pub const BUTTONS: usize = 25;
/// Buttons in a row.
pub const ROW: usize = 5;
/// A button's label.
pub const LABEL: usize = 80;
/// A menu's placeholder.
pub const PLACEHOLDER: usize = 150;
/// Options of a menu.
pub const OPTIONS: usize = 25;
/// Components in a message of the newer layout, those within others counted.
pub const COMPONENTS: usize = 40;
/// All text of a message of the newer layout together.
pub const PANEL_TEXT: usize = 4_000;
/// A form's title.
pub const FORM_TITLE: usize = 45;
/// Parts of a form.
pub const FORM: usize = 5;
/// What a form asks.
pub const QUESTION: usize = 45;
/// The small print of a question.
pub const HINT: usize = 100;
/// Boxes or radio buttons of one question.
pub const BOXES: usize = 10;
/// A custom id.
pub const CUSTOM_ID: usize = 100;
/// Choices that autocomplete may offer.
pub const CHOICES: usize = 25;
/// A choice's name, and its value.
pub const CHOICE: usize = 100;

/// Something is longer or shorter, or there is more or less of it, than Discord takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} is over its limit")]
pub struct OverLimit {
    /// What is too long, too many, empty, or there twice.
    pub what: &'static str,
}

/// `text` if it fits `limit`, or as much of it as fits with an ellipsis.
pub fn clip(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut clipped: String = text.chars().take(limit.saturating_sub(1)).collect();
    clipped.push('…');
    clipped
}

/// # Errors
/// [`OverLimit`] if `text` is empty or longer than `limit`.
pub(crate) fn filled(what: &'static str, text: &str, limit: usize) -> Result<(), OverLimit> {
    if text.is_empty() { Err(OverLimit { what }) } else { within(what, text.chars().count(), limit) }
}

/// # Errors
/// [`OverLimit`] if one of `names` is there twice.
pub(crate) fn unique<'a>(
    what: &'static str,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), OverLimit> {
    let mut known = HashSet::new();
    if names.into_iter().all(|name| known.insert(name)) { Ok(()) } else { Err(OverLimit { what }) }
}

/// # Errors
/// [`OverLimit`] if `size` is over `limit`.
pub(crate) fn within(what: &'static str, size: usize, limit: usize) -> Result<(), OverLimit> {
    if size > limit { Err(OverLimit { what }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_counts_characters_and_never_cuts_one_in_two() {
        assert_eq!(clip("äöü", 3), "äöü");
        assert_eq!(clip("äöüß", 3), "äö…");
    }
}
