//! The languages that Steward speaks.

use serde::{Deserialize, Serialize};

/// A language that every sentence exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Spoken to everybody whose own language is not here.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The language of one of Discord's locales (`en-GB`, `de`, ...); English for what we do not speak.
    pub fn of(locale: &str) -> Self {
        match locale.split('-').next() {
            Some("de") => Self::German,
            _ => Self::English,
        }
    }

    /// Its two letters (ISO 639-1), as other people's APIs want them.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_spoken_to() {
        assert_eq!(Language::of("de"), Language::German);
        assert_eq!(Language::of("en-US"), Language::English);
        assert_eq!(Language::of("es-419"), Language::English);
        assert_eq!(Language::of(""), Language::English);
    }
}
