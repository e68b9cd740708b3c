//! The weather at a place: types and arithmetic, without any text.

mod place;
mod sky;
mod units;

use jiff::{SignedDuration, Timestamp, civil::Date, civil::DateTime, tz::Offset};
use serde::{Deserialize, Serialize};

pub use place::{Coordinates, CoordinatesError, Place};
pub use sky::{Sky, SkyGroup, WeatherCodeError};
pub use units::{MeasurementError, Percent, Speed, Temperature, Units};

/// How many hours a forecast shows.
pub const HOURS_SHOWN: usize = 6;

/// Hours between two shown hours.
pub const HOURS_APART: i64 = 2;

/// How many days after today a forecast shows.
pub const DAYS_SHOWN: usize = 3;

/// Current weather and forecast of a place. All times are local, at [`Forecast::utc_offset`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// The weather when the forecast was made.
    pub now: Conditions,
    /// Every hour in order, from the first hour of the day on which the forecast was made.
    pub hours: Vec<Hour>,
    /// Every day in order, from the day on which the forecast was made.
    pub days: Vec<Day>,
    /// The offset of every time in it. The source applies one offset throughout, even across a daylight
    /// saving change.
    pub utc_offset: UtcOffset,
}

/// The weather at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// Local time, in steps of 15 minutes.
    pub at: DateTime,
    /// 2 m above ground, in the shade.
    pub temperature: Temperature,
    /// The apparent temperature, from wind, humidity and sun.
    pub feels_like: Temperature,
    /// Relative humidity, 2 m above ground.
    pub humidity: Percent,
    /// Mean wind, 10 m above ground.
    pub wind: Speed,
    /// The WMO weather code.
    pub sky: Sky,
    /// Day or night.
    pub light: Light,
}

/// The weather in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    /// Local time at which it begins.
    pub at: DateTime,
    /// 2 m above ground, in the shade.
    pub temperature: Temperature,
    /// The probability of more than 0.1 mm; `None` if the model has none.
    pub rain: Option<Percent>,
    /// The WMO weather code.
    pub sky: Sky,
    /// Day or night.
    pub light: Light,
}

/// The weather of one day, midnight to midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Local date.
    pub on: Date,
    /// The lowest temperature.
    pub lowest: Temperature,
    /// The highest temperature.
    pub highest: Temperature,
    /// The highest probability of rain of its hours; `None` if the model has none.
    pub rain: Option<Percent>,
    /// The most severe weather code of the day.
    pub sky: Sky,
}

/// Day or night, for the choice of an icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// The sun is up.
    Day,
    /// The sun is down.
    Night,
}

/// An offset in seconds east of UTC, less than 26 hours either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct UtcOffset(i32);

impl Forecast {
    /// The hours to show: from the current local hour, every [`HOURS_APART`], at most [`HOURS_SHOWN`].
    ///
    /// Fewer towards the end of an old forecast, none after it.
    pub fn next_hours(&self, now: Timestamp) -> impl Iterator<Item = &Hour> {
        let now = self.utc_offset.local(now);
        let present = now.date().at(now.hour(), 0, 0, 0);
        self.hours
            .iter()
            .filter(move |hour| {
                let ahead = hour.at.duration_since(present);
                ahead >= SignedDuration::ZERO && ahead.as_hours() % HOURS_APART == 0
            })
            .take(HOURS_SHOWN)
    }

    /// Today's local date, if the forecast still covers it.
    #[must_use]
    pub fn today(&self, now: Timestamp) -> Option<&Day> {
        let today = self.utc_offset.local(now).date();
        self.days.iter().find(|day| day.on == today)
    }

    /// The days after today, at most [`DAYS_SHOWN`]; fewer in an old forecast.
    pub fn next_days(&self, now: Timestamp) -> impl Iterator<Item = &Day> {
        let today = self.utc_offset.local(now).date();
        self.days.iter().filter(move |day| day.on > today).take(DAYS_SHOWN)
    }
}

impl UtcOffset {
    /// Seconds east of UTC (negative: west).
    #[must_use]
    pub fn seconds(self) -> i32 {
        self.0
    }

    /// The local time at a moment.
    #[must_use]
    pub fn local(self, moment: Timestamp) -> DateTime {
        // `try_from` has checked the range, so the fallback is never used.
        Offset::from_seconds(self.0).unwrap_or(Offset::UTC).to_datetime(moment)
    }
}

impl TryFrom<i32> for UtcOffset {
    type Error = MeasurementError;

    fn try_from(seconds: i32) -> Result<Self, MeasurementError> {
        Offset::from_seconds(seconds).map(|offset| Self(offset.seconds())).map_err(|_| MeasurementError)
    }
}

impl From<UtcOffset> for i32 {
    fn from(offset: UtcOffset) -> Self {
        offset.0
    }
}

#[cfg(test)]
mod tests;
