//! The languages of the client itself.

/// Of the person who looks. The application's own texts come translated, by its commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// Also for locales that the client does not have.
    English,
    German,
}

impl Language {
    /// By one of Discord's locales (`en-GB`, `de`, ...).
    pub(super) fn of(locale: &str) -> Self {
        match locale.split('-').next() {
            Some("de") => Self::German,
            _ => Self::English,
        }
    }
}
