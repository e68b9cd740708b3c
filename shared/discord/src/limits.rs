//! Discord's limits for messages, components, modals and autocomplete.
//!
//! Source: Discord's documentation, "Message", "Embed Limits" and "Component Reference". Lengths are in
//! characters.

use std::collections::HashSet;

/// Length of a message's text.
pub const MAX_CONTENT_LENGTH: usize = 2_000;
/// Embeds in a message.
pub const MAX_EMBEDS: usize = 10;
/// Length of an embed's title, and of a field's name.
pub const MAX_EMBED_TITLE_LENGTH: usize = 256;
/// Length of an embed's description.
pub const MAX_EMBED_DESCRIPTION_LENGTH: usize = 4_096;
/// Fields in an embed.
pub const MAX_EMBED_FIELDS: usize = 25;
/// Length of a field's value.
pub const MAX_EMBED_FIELD_LENGTH: usize = 1_024;
/// Length of an embed's footer.
pub const MAX_EMBED_FOOTER_LENGTH: usize = 2_048;
/// Total length of all texts of all embeds of a message.
pub const MAX_EMBEDS_TOTAL_LENGTH: usize = 6_000;
/// Buttons in a message without Components V2: five rows of five.
pub const MAX_BUTTONS: usize = 25;
/// Buttons in an action row.
pub const MAX_ROW_BUTTONS: usize = 5;
/// Length of a button's label.
pub const MAX_BUTTON_LABEL_LENGTH: usize = 80;
/// Length of a select menu's placeholder.
pub const MAX_PLACEHOLDER_LENGTH: usize = 150;
/// Options of a select menu.
pub const MAX_SELECT_OPTIONS: usize = 25;
/// Components in a message with Components V2, nested ones included.
pub const MAX_COMPONENTS: usize = 40;
/// Total length of the text of a message with Components V2.
pub const MAX_COMPONENTS_TOTAL_LENGTH: usize = 4_000;
/// Length of a modal's title.
pub const MAX_MODAL_TITLE_LENGTH: usize = 45;
/// Components of a modal.
pub const MAX_MODAL_COMPONENTS: usize = 5;
/// Length of a label in a modal.
pub const MAX_LABEL_LENGTH: usize = 45;
/// Length of a label's description in a modal.
pub const MAX_LABEL_DESCRIPTION_LENGTH: usize = 100;
/// Options of a checkbox group or radio group.
pub const MAX_GROUP_OPTIONS: usize = 10;
/// Length of a custom id.
pub const MAX_CUSTOM_ID_LENGTH: usize = 100;
/// Choices in an autocomplete response.
pub const MAX_CHOICES: usize = 25;
/// Length of a choice's name and of its value.
pub const MAX_CHOICE_LENGTH: usize = 100;

/// Something exceeds or falls below a limit of Discord's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} exceeds its limit")]
pub struct OverLimit {
    /// What is too long, too many, empty or repeated.
    pub what: &'static str,
}

/// `text` if it is within `limit` characters, otherwise its beginning with an ellipsis.
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
pub(crate) fn not_empty(what: &'static str, text: &str, limit: usize) -> Result<(), OverLimit> {
    if text.is_empty() { Err(OverLimit { what }) } else { within(what, text.chars().count(), limit) }
}

/// # Errors
/// [`OverLimit`] if one of `names` is repeated.
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
