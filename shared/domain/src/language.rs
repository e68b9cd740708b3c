//! The languages of the bot's sentences.

use serde::{Deserialize, Serialize};

/// A language in which every sentence exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// The default for users whose own language is not available.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The language of a Discord locale (`en-GB`, `de`, ...); English if there is none.
    pub fn from_locale(locale: &str) -> Self {
        match locale.split('-').next() {
            Some("de") => Self::German,
            _ => Self::English,
        }
    }

    /// The ISO 639-1 code, as external APIs expect it.
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
        assert_eq!(Language::from_locale("de"), Language::German);
        assert_eq!(Language::from_locale("en-US"), Language::English);
        assert_eq!(Language::from_locale("es-419"), Language::English);
        assert_eq!(Language::from_locale(""), Language::English);
    }
}
