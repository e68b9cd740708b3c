//! Settings as a small JSON document, for export and import.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess},
};
use serde_json::Value;

use super::{Field, Settings};

/// The largest document that is accepted, in bytes. One with every feature off is below 1 KiB.
pub const MAX_DOCUMENT_BYTES: usize = 4_096;
/// The key of the format's version. It also marks the document as Steward's.
const STEWARD: &str = "steward";
const VERSION: u64 = 1;

/// Why a document was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Larger than [`MAX_DOCUMENT_BYTES`].
    #[error("too large")]
    TooLarge,
    /// Not a JSON object, or one with a repeated key.
    #[error("not a JSON object")]
    NotJson,
    /// Without `"steward": 1`: another format, or a later version.
    #[error("not of version {VERSION}")]
    Version,
    /// A field that settings do not have.
    #[error("an unknown field")]
    UnknownField,
    /// A field with an invalid value.
    #[error("an invalid value for {}", .0.name())]
    Wrong(Field),
}

#[derive(Serialize)]
struct Document<'a> {
    steward: u64,
    language: Option<&'a str>,
    units: Option<&'a str>,
    time_zone: Option<&'a str>,
    off: Vec<&'a str>,
}

impl Settings {
    /// The document, pretty-printed.
    #[must_use]
    pub fn to_document(&self) -> String {
        let only = |field| self.codes(field).first().copied();
        let document = Document {
            steward: VERSION,
            language: only(Field::Language),
            units: only(Field::Units),
            time_zone: only(Field::TimeZone),
            off: self.codes(Field::Off),
        };
        serde_json::to_string_pretty(&document).expect("strings, nulls and a number are JSON")
    }

    /// Parses a document. Fields that are missing or null are unset.
    ///
    /// # Errors
    /// [`SettingsError`], which never quotes the document.
    pub fn from_document(text: &str) -> Result<Self, SettingsError> {
        if text.len() > MAX_DOCUMENT_BYTES {
            return Err(SettingsError::TooLarge);
        }
        // Some editors start a file with a byte order mark.
        let text = text.trim_start_matches('\u{feff}');
        let Entries(entries) = serde_json::from_str(text).map_err(|_| SettingsError::NotJson)?;
        let version = entries.iter().find(|(name, _)| name == STEWARD);
        if version.is_none_or(|(_, version)| version.as_u64() != Some(VERSION)) {
            return Err(SettingsError::Version);
        }
        let mut settings = Self::default();
        for (name, value) in entries.iter().filter(|(name, _)| name != STEWARD) {
            let field = Field::from_name(name).ok_or(SettingsError::UnknownField)?;
            settings.take_value(field, value).ok_or(SettingsError::Wrong(field))?;
        }
        Ok(settings)
    }

    fn take_value(&mut self, field: Field, value: &Value) -> Option<()> {
        match (field, value) {
            (_, Value::Null) => Some(()),
            (Field::Off, Value::Array(codes)) => {
                codes.iter().try_for_each(|code| self.take(field, code.as_str()?).ok())
            }
            (Field::Off, _) => None,
            (_, value) => self.take(field, value.as_str()?).ok(),
        }
    }
}

/// The entries of an object, repeated keys included: `Value` would keep only the last one.
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Object)
    }
}

struct Object;

impl<'de> de::Visitor<'de> for Object {
    type Value = Entries;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
        let mut entries: Vec<(String, Value)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if entries.iter().any(|(known, _)| *known == name) {
                return Err(de::Error::custom("a name twice"));
            }
            entries.push((name, value));
        }
        Ok(Entries(entries))
    }
}
