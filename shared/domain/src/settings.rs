//! A guild's settings, and changes to them.

mod document;
mod feature;
mod time_zone;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Language, UserId, weather::Units};

pub use document::{MAX_DOCUMENT_BYTES, SettingsError};
pub use feature::Feature;
pub use time_zone::{TimeZone, UnknownTimeZone};

/// A guild's settings. An unset one falls back to the member's or the bot's default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language of public replies; if unset, the guild's Discord locale.
    pub language: Option<Language>,
    /// The units of public replies; if unset, metric.
    pub units: Option<Units>,
    /// The time zone of the guild; if unset, UTC.
    pub time_zone: Option<TimeZone>,
    /// Features that are turned off.
    #[serde(deserialize_with = "feature::deserialize_known")]
    pub off: BTreeSet<Feature>,
}

/// A requested change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Sets these and leaves the others as they are, so that concurrent changes of other settings survive.
    Some(Vec<Changed>),
    /// Replaces all settings, as an import does.
    All(Settings),
}

impl From<Changed> for Edit {
    fn from(changed: Changed) -> Self {
        Self::Some(vec![changed])
    }
}

/// One changed setting, with its new value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// The language.
    Language(Option<Language>),
    /// The units.
    Units(Option<Units>),
    /// The time zone.
    TimeZone(Option<TimeZone>),
    /// A feature was turned on or off.
    Feature {
        /// The feature.
        feature: Feature,
        /// Whether it is on now.
        on: bool,
    },
}

/// An entry of the change log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When, in milliseconds.
    pub at: Timestamp,
    /// The member who made the change.
    pub by: UserId,
    /// The new values.
    pub what: Vec<Changed>,
}

/// The name of a setting, as stored and exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `language`
    Language,
    /// `units`
    Units,
    /// `time_zone`
    TimeZone,
    /// `off`: may have any number of codes; the others have one or none.
    Off,
}

/// The setting has no value with this code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a value of this setting")]
pub struct UnknownCode;

impl Settings {
    /// The settings after an edit.
    #[must_use]
    pub fn apply(&self, edit: &Edit) -> Self {
        match edit {
            Edit::All(settings) => settings.clone(),
            Edit::Some(changes) => {
                let mut after = self.clone();
                changes.iter().for_each(|changed| after.change(changed));
                after
            }
        }
    }

    fn change(&mut self, changed: &Changed) {
        match changed {
            Changed::Language(language) => self.language = *language,
            Changed::Units(units) => self.units = *units,
            Changed::TimeZone(time_zone) => self.time_zone.clone_from(time_zone),
            Changed::Feature { feature, on: true } => drop(self.off.remove(feature)),
            Changed::Feature { feature, on: false } => drop(self.off.insert(*feature)),
        }
    }

    /// Whether a feature is on.
    #[must_use]
    pub fn is_on(&self, feature: Feature) -> bool {
        !self.off.contains(&feature)
    }

    /// The changes from `self` to `after`, in the order of the fields. Empty if they are equal.
    #[must_use]
    pub fn changes(&self, after: &Self) -> Vec<Changed> {
        let language = (self.language != after.language).then_some(Changed::Language(after.language));
        let units = (self.units != after.units).then_some(Changed::Units(after.units));
        let time_zone =
            (self.time_zone != after.time_zone).then(|| Changed::TimeZone(after.time_zone.clone()));
        let differs = |feature: &Feature| self.is_on(*feature) != after.is_on(*feature);
        let features = Feature::ALL.into_iter().filter(differs);
        let features = features.map(|feature| Changed::Feature { feature, on: after.is_on(feature) });
        language.into_iter().chain(units).chain(time_zone).chain(features).collect()
    }

    /// The stored and exported values of a setting; empty if it is unset.
    #[must_use]
    pub fn codes(&self, field: Field) -> Vec<&str> {
        match field {
            Field::Language => self.language.map(Language::code).into_iter().collect(),
            Field::Units => self.units.map(units_code).into_iter().collect(),
            Field::TimeZone => self.time_zone.iter().map(TimeZone::name).collect(),
            Field::Off => self.off.iter().map(|feature| feature.code()).collect(),
        }
    }

    /// Sets a setting from a code of [`Settings::codes`]; for [`Field::Off`] it adds the code.
    ///
    /// # Errors
    /// [`UnknownCode`] if the code is invalid or of a later version; the settings are unchanged then.
    pub fn take(&mut self, field: Field, code: &str) -> Result<(), UnknownCode> {
        match field {
            Field::Language => self.language = Some(language_of(code)?),
            Field::Units => self.units = Some(units_of(code)?),
            Field::TimeZone => self.time_zone = Some(TimeZone::parse(code).map_err(|_| UnknownCode)?),
            Field::Off => drop(self.off.insert(Feature::from_code(code).ok_or(UnknownCode)?)),
        }
        Ok(())
    }
}

impl Edit {
    /// Whether the edit sets this setting, to whatever value.
    #[must_use]
    pub fn sets(&self, field: Field) -> bool {
        match self {
            Self::Some(changes) => changes.iter().any(|changed| changed.field() == field),
            Self::All(_) => true,
        }
    }
}

impl Changed {
    /// Whether both set the same setting; each feature is one.
    #[must_use]
    pub fn is_of_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Feature { feature, .. }, Self::Feature { feature: other, .. }) => feature == other,
            _ => self.field() == other.field(),
        }
    }

    /// The setting that changed.
    #[must_use]
    pub const fn field(&self) -> Field {
        match self {
            Self::Language(_) => Field::Language,
            Self::Units(_) => Field::Units,
            Self::TimeZone(_) => Field::TimeZone,
            Self::Feature { .. } => Field::Off,
        }
    }
}

impl Field {
    /// All fields, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Language, Self::Units, Self::TimeZone, Self::Off];

    /// The name of the field, as stored and exported.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Units => "units",
            Self::TimeZone => "time_zone",
            Self::Off => "off",
        }
    }

    /// The field with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

fn language_of(code: &str) -> Result<Language, UnknownCode> {
    Language::ALL.into_iter().find(|language| language.code() == code).ok_or(UnknownCode)
}

const fn units_code(units: Units) -> &'static str {
    match units {
        Units::Metric => "metric",
        Units::Imperial => "imperial",
    }
}

fn units_of(code: &str) -> Result<Units, UnknownCode> {
    [Units::Metric, Units::Imperial].into_iter().find(|units| units_code(*units) == code).ok_or(UnknownCode)
}

#[cfg(test)]
mod tests;
