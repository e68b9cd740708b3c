//! A time zone by its name in the IANA database, which is compiled in.

use std::fmt;

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{self, TimeZoneDatabase},
};
use serde::{Deserialize, Serialize};

/// A time zone of the IANA database, for instance "Europe/Berlin".
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(String);

/// The IANA database has no time zone with that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time zone")]
pub struct UnknownTimeZone;

impl TimeZone {
    /// Parses a name in any case, trimmed, with spaces or underscores: "america/new york".
    ///
    /// # Errors
    /// [`UnknownTimeZone`] for anything else. Offsets ("+02:00") are rejected: they have no daylight saving
    /// time.
    pub fn parse(name: &str) -> Result<Self, UnknownTimeZone> {
        let zone = find(&name.trim().replace(' ', "_"))?;
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or(UnknownTimeZone)
    }

    /// The name in IANA's spelling.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The local time there at a moment.
    #[must_use]
    pub fn local(&self, moment: Timestamp) -> DateTime {
        // `parse` has checked the name, so the fallback is never used.
        find(&self.0).unwrap_or(tz::TimeZone::UTC).to_datetime(moment)
    }
}

/// Looks up the compiled-in database: one on disk could be missing or differ.
fn find(name: &str) -> Result<tz::TimeZone, UnknownTimeZone> {
    let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| UnknownTimeZone)?;
    // "Etc/Unknown" is in the database but is not a time zone.
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
            let zone = TimeZone::parse(typed).unwrap();
            assert_eq!((zone.name(), zone.to_string().as_str()), (spelled, spelled), "{typed}");
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
        // After the last transition that the database lists, its rule applies.
        assert_eq!(local("2099-07-15T12:00:00Z"), "2099-07-15T14:00:00");
    }
}
