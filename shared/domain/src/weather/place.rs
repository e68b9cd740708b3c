//! Named places and coordinates.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};

/// A place, as the geocoding API returns it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The name in the requested language, for instance "Paris". Never empty.
    pub name: String,
    /// The first administrative level, for instance "Île-de-France". `None` for some islands and seas.
    pub region: Option<String>,
    /// The country, for instance "France". `None` for Antarctica and disputed places.
    pub country: Option<String>,
    /// Its coordinates.
    pub at: Coordinates,
    /// The IANA time zone, for instance "Europe/Paris". `None` for countries with several.
    pub time_zone: Option<String>,
}

/// A point on the earth, in hundredths of a degree (at most 0.56 km off): finer than any weather
/// model, and coarse enough that neighbours share one cached forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "(i32, i32)", into = "(i32, i32)")]
pub struct Coordinates {
    latitude: i32,
    longitude: i32,
}

/// Not a point on the earth: latitude is within ±90 degrees, longitude within ±180.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not valid coordinates")]
pub struct CoordinatesError;

impl Coordinates {
    /// From degrees north and east (WGS 84), rounded to the nearest hundredth.
    ///
    /// # Errors
    /// [`CoordinatesError`] out of range, infinite or not a number.
    pub fn from_degrees(latitude: f64, longitude: f64) -> Result<Self, CoordinatesError> {
        // `as` saturates, so out-of-range values stay out of range; NaN would become 0.
        if latitude.is_nan() || longitude.is_nan() {
            return Err(CoordinatesError);
        }
        Self::from_hundredths((latitude * 100.0).round() as i32, (longitude * 100.0).round() as i32)
    }

    /// From hundredths of a degree north and east.
    ///
    /// # Errors
    /// [`CoordinatesError`] out of range.
    pub fn from_hundredths(latitude: i32, longitude: i32) -> Result<Self, CoordinatesError> {
        if (-9_000..=9_000).contains(&latitude) && (-18_000..=18_000).contains(&longitude) {
            Ok(Self { latitude, longitude })
        } else {
            Err(CoordinatesError)
        }
    }

    /// Hundredths of a degree north (negative: south).
    #[must_use]
    pub fn latitude(self) -> i32 {
        self.latitude
    }

    /// Hundredths of a degree east (negative: west).
    #[must_use]
    pub fn longitude(self) -> i32 {
        self.longitude
    }

    /// Latitude in degrees with two decimals, as the API expects it: "-0.05".
    #[must_use]
    pub fn latitude_text(self) -> String {
        decimal(self.latitude)
    }

    /// Longitude in degrees with two decimals, as the API expects it: "2.35".
    #[must_use]
    pub fn longitude_text(self) -> String {
        decimal(self.longitude)
    }
}

/// The shortest form ("4886:235"), for cache keys and custom ids. [`FromStr`] parses it.
impl fmt::Display for Coordinates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.latitude, self.longitude)
    }
}

impl FromStr for Coordinates {
    type Err = CoordinatesError;

    fn from_str(text: &str) -> Result<Self, CoordinatesError> {
        let (latitude, longitude) = text.split_once(':').ok_or(CoordinatesError)?;
        Self::from_hundredths(latitude.parse()?, longitude.parse()?)
    }
}

impl From<ParseIntError> for CoordinatesError {
    fn from(_: ParseIntError) -> Self {
        Self
    }
}

impl TryFrom<(i32, i32)> for Coordinates {
    type Error = CoordinatesError;

    fn try_from((latitude, longitude): (i32, i32)) -> Result<Self, CoordinatesError> {
        Self::from_hundredths(latitude, longitude)
    }
}

impl From<Coordinates> for (i32, i32) {
    fn from(at: Coordinates) -> Self {
        (at.latitude, at.longitude)
    }
}

fn decimal(hundredths: i32) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let whole = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn coordinates_are_written_with_their_sign_even_below_one_degree() {
        let at = Coordinates::from_degrees(-0.054, 2.3488).unwrap();
        assert_eq!((at.latitude_text(), at.longitude_text()), ("-0.05".into(), "2.35".into()));
        assert_eq!(Coordinates::from_hundredths(0, -5).unwrap().latitude_text(), "0.00");
    }

    #[test]
    fn what_is_not_on_the_earth_is_refused_at_the_door() {
        for (latitude, longitude) in [(90.01, 0.0), (0.0, -180.01), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(Coordinates::from_degrees(latitude, longitude), Err(CoordinatesError));
        }
        assert!(serde_json::from_str::<Coordinates>("[9001,0]").is_err());
        assert!("1:".parse::<Coordinates>().is_err());
    }

    proptest! {
        #[test]
        fn coordinates_survive_text_json_and_degrees(latitude in -9_000..=9_000, longitude in -18_000..=18_000) {
            let at = Coordinates::from_hundredths(latitude, longitude).unwrap();
            prop_assert_eq!((at.latitude(), at.longitude()), (latitude, longitude));
            prop_assert_eq!(at.to_string().parse(), Ok(at));
            let json = serde_json::to_string(&at).unwrap();
            prop_assert_eq!(serde_json::from_str::<Coordinates>(&json).unwrap(), at);
            let degrees = (at.latitude_text().parse().unwrap(), at.longitude_text().parse().unwrap());
            prop_assert_eq!(Coordinates::from_degrees(degrees.0, degrees.1), Ok(at));
        }
    }
}
