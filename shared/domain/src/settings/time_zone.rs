//! A time zone by its name in the IANA database, which is compiled in.

use std::fmt;

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{self, TimeZoneDatabase},
};
use serde::{Deserialize, Serialize};

/// A time zone of the IANA database: "Europe/Berlin".
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(String);

/// The IANA database has no time zone of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time zone")]
pub struct UnknownTimeZone;

impl TimeZone {
    /// Reads a name in any case and with spaces around it or for its underscores: "america/new york".
    ///
    /// # Errors
    /// [`UnknownTimeZone`] for anything else. Offsets ("+02:00") are none: their clocks never change.
    pub fn parse(name: &str) -> Result<Self, UnknownTimeZone> {
        let zone = known(&name.trim().replace(' ', "_"))?;
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or(UnknownTimeZone)
    }

    /// The name as the IANA database writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// What clocks there show at a moment.
    #[must_use]
    pub fn local(&self, moment: Timestamp) -> DateTime {
        // Checked by `parse`, so the fallback is never taken.
        known(&self.0).unwrap_or(tz::TimeZone::UTC).to_datetime(moment)
    }
}

/// The database that is compiled in: one on disk might be missing, or another.
fn known(name: &str) -> Result<tz::TimeZone, UnknownTimeZone> {
    let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| UnknownTimeZone)?;
    // "Etc/Unknown" is found, and is no time zone.
    if zone.is_unknown() { Err(UnknownTimeZone) } else { Ok(zone) }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for TimeZone {
    type Error = UnknownTimeZone;

    fn try_from(name: String) -> Result<Self, UnknownTimeZone> {
        Self::parse(&name)
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> Self {
        zone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_typed_and_kept_as_it_is_spelled() {
        for (typed, spelled) in [
            ("Europe/Berlin", "Europe/Berlin"),
            (" europe/BERLIN ", "Europe/Berlin"),
            ("america/new york", "America/New_York"),
            ("utc", "UTC"),
            ("Asia/Calcutta", "Asia/Calcutta"),
        ] {
            assert_eq!(TimeZone::parse(typed).map(|zone| zone.0), Ok(spelled.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_time_zone_is_refused() {
        let long = "Europe/".repeat(1_000);
        for wrong in [
            "",
            "Berlin",
            "Europe",
            "+02:00",
            "Etc/Unknown",
            "../etc/passwd",
            "Europe/Bérlin",
            "CEST-2",
            &long,
        ] {
            assert_eq!(TimeZone::parse(wrong), Err(UnknownTimeZone), "{wrong}");
        }
        assert!(serde_json::from_str::<TimeZone>("\"Mars/Olympus\"").is_err());
    }

    #[test]
    fn clocks_there_change_twice_a_year() {
        let berlin = TimeZone::parse("Europe/Berlin").unwrap();
        let local = |moment: &str| berlin.local(moment.parse().unwrap()).to_string();
        assert_eq!(local("2027-01-15T12:00:00Z"), "2027-01-15T13:00:00");
        assert_eq!(local("2027-07-15T12:00:00Z"), "2027-07-15T14:00:00");
        // Beyond the transitions that the database lists, its rule goes on.
        assert_eq!(local("2099-07-15T12:00:00Z"), "2099-07-15T14:00:00");
    }
}
