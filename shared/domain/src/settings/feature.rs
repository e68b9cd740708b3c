//! The parts of the bot that a guild can turn off.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A part of the bot that a guild can turn off. All are on by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// All weather commands.
    Weather,
    /// "Convert units" on a message.
    Conversion,
}

impl Feature {
    /// All features, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Weather, Self::Conversion];

    /// The code in stored and exported settings; never shown to users.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Weather => "weather",
            Self::Conversion => "conversion",
        }
    }

    /// The feature with that code; `None` if it is invalid or of a later version.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feature| feature.code() == code)
    }
}

impl Serialize for Feature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Feature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Code)
    }
}

struct Code;

impl de::Visitor<'_> for Code {
    type Value = Feature;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the code of a feature")
    }

    fn visit_str<E: de::Error>(self, code: &str) -> Result<Feature, E> {
        Feature::from_code(code).ok_or_else(|| E::custom("not a feature"))
    }
}

/// Deserializes a set, ignoring codes that only another version knows.
pub(super) fn deserialize_known<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeSet<Feature>, D::Error> {
    let codes = Vec::<String>::deserialize(deserializer)?;
    Ok(codes.iter().filter_map(|code| Feature::from_code(code)).collect())
}
