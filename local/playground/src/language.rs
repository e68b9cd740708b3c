//! The languages of the playground's own texts.

/// The language of the user at the page. Texts of commands have their own localizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// Also used for all other locales.
    English,
    German,
}

impl Language {
    /// The language of one of Discord's locales (`en-GB`, `de`, ...).
    pub(super) fn of(locale: &str) -> Self {
        match locale.split('-').next() {
            Some("de") => Self::German,
            _ => Self::English,
        }
    }
}
