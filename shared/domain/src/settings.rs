//! What a guild has decided about the bot, and how that changes.

mod document;
mod feature;
mod time_zone;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Language, UserId, weather::Units};

pub use document::{LARGEST_DOCUMENT, SettingsError};
pub use feature::Feature;
pub use time_zone::{TimeZone, UnknownTimeZone};

/// What a guild has decided. What it has not decided follows the member, or the bot's own choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language of public replies; undecided: the guild's locale at Discord.
    pub language: Option<Language>,
    /// The units of public replies; undecided: metric.
    pub units: Option<Units>,
    /// The clock on the wall of the guild; undecided: UTC.
    pub time_zone: Option<TimeZone>,
    /// What nobody can use here.
    #[serde(deserialize_with = "feature::known")]
    pub off: BTreeSet<Feature>,
}

/// What somebody wants changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// These things. What is not among them stays as others may have set it.
    Some(Vec<Changed>),
    /// Everything at once: an import.
    All(Settings),
}

impl From<Changed> for Edit {
    fn from(changed: Changed) -> Self {
        Self::Some(vec![changed])
    }
}

/// One difference between two settings: what holds afterwards.
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
        /// Which.
        feature: Feature,
        /// Whether it can be used now.
        on: bool,
    },
}

/// An entry of the log of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When, to the millisecond.
    pub at: Timestamp,
    /// The member who made it.
    pub by: UserId,
    /// What holds since then.
    pub what: Vec<Changed>,
}

/// A setting by its name, as it is stored and exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `language`
    Language,
    /// `units`
    Units,
    /// `time_zone`
    TimeZone,
    /// `off`: the one with any number of codes; the others have one or none.
    Off,
}

/// No value of that setting is written so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a value of this setting")]
pub struct UnknownCode;

impl Settings {
    /// What they are after an edit.
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

    /// Whether a feature can be used.
    #[must_use]
    pub fn is_on(&self, feature: Feature) -> bool {
        !self.off.contains(&feature)
    }

    /// What differs in `after`, in the order of the fields. Empty if they are equal.
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

    /// How a setting is written, outside of Rust.
    #[must_use]
    pub fn codes(&self, field: Field) -> Vec<&str> {
        match field {
            Field::Language => self.language.map(Language::code).into_iter().collect(),
            Field::Units => self.units.map(units_code).into_iter().collect(),
            Field::TimeZone => self.time_zone.iter().map(TimeZone::name).collect(),
            Field::Off => self.off.iter().map(|feature| feature.code()).collect(),
        }
    }

    /// Takes what [`Settings::codes`] wrote; what is off grows by the code.
    ///
    /// # Errors
    /// [`UnknownCode`]: rubbish, or of a later version; nothing is taken then.
    pub fn take(&mut self, field: Field, code: &str) -> Result<(), UnknownCode> {
        match field {
            Field::Language => self.language = Some(language_of(code)?),
            Field::Units => self.units = Some(units_of(code)?),
            Field::TimeZone => self.time_zone = Some(TimeZone::parse(code).map_err(|_| UnknownCode)?),
            Field::Off => drop(self.off.insert(Feature::of(code).ok_or(UnknownCode)?)),
        }
        Ok(())
    }
}

impl Changed {
    /// Which setting it is about.
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
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Language, Self::Units, Self::TimeZone, Self::Off];

    /// Its name, as it is stored and exported.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Units => "units",
            Self::TimeZone => "time_zone",
            Self::Off => "off",
        }
    }

    /// The field of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
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
