//! The languages of the bot's sentences.

use serde::{Deserialize, Serialize};

/// A language in which every sentence exists.
///
/// A later version may write a code that this one does not know, for instance into a job. It is read as
/// English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Code")]
pub enum Language {
    /// The default for users whose own language is not available.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
}

/// The code of a language. The variants of [`Language`] come first and in the same order, because states of
/// components are stored by their position.
#[derive(Deserialize)]
enum Code {
    #[serde(rename = "en")]
    English,
    #[serde(rename = "de")]
    German,
    #[serde(other)]
    Unknown,
}

impl From<Code> for Language {
    fn from(code: Code) -> Self {
        match code {
            Code::English | Code::Unknown => Self::English,
            Code::German => Self::German,
        }
    }
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
    fn a_language_of_a_later_version_is_read_as_english() {
        for (code, language) in [
            ("en", Language::English),
            ("de", Language::German),
            ("fr", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(serde_json::from_str::<Language>(&format!("{code:?}")).unwrap(), language, "{code}");
        }
        for language in Language::ALL {
            let written = serde_json::to_string(&language).unwrap();
            assert_eq!(written, format!("{:?}", language.code()));
            assert_eq!(serde_json::from_str::<Language>(&written).unwrap(), language);
        }
        assert!(serde_json::from_str::<Language>("5").is_err());
    }

    #[test]
    fn everybody_is_spoken_to() {
        assert_eq!(Language::from_locale("de"), Language::German);
        assert_eq!(Language::from_locale("en-US"), Language::English);
        assert_eq!(Language::from_locale("es-419"), Language::English);
        assert_eq!(Language::from_locale(""), Language::English);
    }
}
