//! Parses Open-Meteo's responses: complete and plausible, or a fault.

use std::iter::zip;

use domain::weather::{
    Conditions, Coordinates, CoordinatesError, Day, Forecast, Hour, Light, MeasurementError, Percent, Place,
    Sky, Speed, Temperature, WeatherCodeError,
};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, de::DeserializeOwned};

use crate::Fault;

/// The maximum number of hours that are kept: the four days that were requested.
const MAX_HOURS: usize = 96;
const MAX_DAYS: usize = 4;

/// The places in a response of `GET /v1/search`. A response without results has none.
pub(super) fn places(body: &[u8]) -> Result<Vec<Place>, Fault> {
    let answer: SearchAnswer = parsed(body, "search")?;
    match (answer.results, answer.generationtime_ms) {
        (Some(results), _) => results.into_iter().map(RawPlace::place).collect(),
        (None, Some(_)) => Ok(Vec::new()),
        // Some other JSON, which must not be cached as "no such place".
        (None, None) => Err(Fault::Malformed("search")),
    }
}

/// The forecast in a response of `GET /v1/forecast`.
pub(super) fn forecast(body: &[u8]) -> Result<Forecast, Fault> {
    let answer: ForecastAnswer = parsed(body, "forecast")?;
    let now = answer.current.conditions();
    let utc_offset = answer.utc_offset_seconds.try_into();
    Ok(Forecast {
        now: now.map_err(|AnswerError| Fault::Malformed("current"))?,
        hours: (answer.hourly.hours()).map_err(|AnswerError| Fault::Malformed("hourly"))?,
        days: (answer.daily.days()).map_err(|AnswerError| Fault::Malformed("daily"))?,
        utc_offset: utc_offset.map_err(|MeasurementError| Fault::Malformed("utc_offset_seconds"))?,
    })
}

/// The parser's error quotes the response, so it is dropped.
fn parsed<T: DeserializeOwned>(body: &[u8], what: &'static str) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|_| Fault::Malformed(what))
}

#[derive(Deserialize)]
struct SearchAnswer {
    results: Option<Vec<RawPlace>>,
    generationtime_ms: Option<f64>,
}

/// Country, region and time zone are missing for some countries, islands and seas.
#[derive(Deserialize)]
struct RawPlace {
    name: String,
    latitude: f64,
    longitude: f64,
    admin1: Option<String>,
    country: Option<String>,
    timezone: Option<String>,
}

impl RawPlace {
    fn place(self) -> Result<Place, Fault> {
        let written = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let at = Coordinates::from_degrees(self.latitude, self.longitude);
        Ok(Place {
            name: written(Some(self.name)).ok_or(Fault::Malformed("name"))?,
            region: written(self.admin1),
            country: written(self.country),
            at: at.map_err(|CoordinatesError| Fault::Malformed("coordinates"))?,
            time_zone: written(self.timezone),
        })
    }
}

#[derive(Deserialize)]
struct ForecastAnswer {
    utc_offset_seconds: i32,
    current: Current,
    hourly: Hourly,
    daily: Daily,
}

#[derive(Deserialize)]
struct Current {
    time: DateTime,
    temperature_2m: f64,
    apparent_temperature: f64,
    relative_humidity_2m: f64,
    is_day: u8,
    weather_code: u8,
    wind_speed_10m: f64,
}

/// Columns of equal length. Open-Meteo returns `null` where the model has no value.
#[derive(Deserialize)]
struct Hourly {
    time: Vec<DateTime>,
    temperature_2m: Vec<f64>,
    precipitation_probability: Vec<Option<f64>>,
    weather_code: Vec<u8>,
    is_day: Vec<u8>,
}

/// As [`Hourly`].
#[derive(Deserialize)]
struct Daily {
    time: Vec<Date>,
    weather_code: Vec<u8>,
    temperature_2m_max: Vec<f64>,
    temperature_2m_min: Vec<f64>,
    precipitation_probability_max: Vec<Option<f64>>,
}

/// An implausible value, or columns that do not fit together.
struct AnswerError;

impl From<MeasurementError> for AnswerError {
    fn from(_: MeasurementError) -> Self {
        Self
    }
}

impl From<WeatherCodeError> for AnswerError {
    fn from(_: WeatherCodeError) -> Self {
        Self
    }
}

impl Current {
    fn conditions(self) -> Result<Conditions, AnswerError> {
        Ok(Conditions {
            at: self.time,
            temperature: Temperature::from_celsius(self.temperature_2m)?,
            feels_like: Temperature::from_celsius(self.apparent_temperature)?,
            humidity: percent(self.relative_humidity_2m)?,
            wind: Speed::from_kilometres_per_hour(self.wind_speed_10m)?,
            sky: Sky::try_from(self.weather_code)?,
            light: light(self.is_day)?,
        })
    }
}

impl Hourly {
    fn hours(self) -> Result<Vec<Hour>, AnswerError> {
        let lengths = [
            self.temperature_2m.len(),
            self.precipitation_probability.len(),
            self.weather_code.len(),
            self.is_day.len(),
        ];
        in_order(&self.time, lengths)?;
        let measured = zip(self.temperature_2m, self.precipitation_probability);
        let seen = zip(self.weather_code, self.is_day);
        zip(self.time, zip(measured, seen))
            .take(MAX_HOURS)
            .map(|(at, ((temperature, rain), (sky, is_day)))| {
                Ok(Hour {
                    at,
                    temperature: Temperature::from_celsius(temperature)?,
                    rain: rain.map(percent).transpose()?,
                    sky: Sky::try_from(sky)?,
                    light: light(is_day)?,
                })
            })
            .collect()
    }
}

impl Daily {
    fn days(self) -> Result<Vec<Day>, AnswerError> {
        let lengths = [
            self.weather_code.len(),
            self.temperature_2m_max.len(),
            self.temperature_2m_min.len(),
            self.precipitation_probability_max.len(),
        ];
        in_order(&self.time, lengths)?;
        let range = zip(self.temperature_2m_min, self.temperature_2m_max);
        let seen = zip(self.weather_code, self.precipitation_probability_max);
        zip(self.time, zip(range, seen))
            .take(MAX_DAYS)
            .map(|(on, ((lowest, highest), (sky, rain)))| {
                Ok(Day {
                    on,
                    lowest: Temperature::from_celsius(lowest)?,
                    highest: Temperature::from_celsius(highest)?,
                    rain: rain.map(percent).transpose()?,
                    sky: Sky::try_from(sky)?,
                })
            })
            .collect()
    }
}

/// Whether the columns have the same length, which is not zero, and the times do not decrease (an hour may
/// occur twice at the end of daylight saving time).
fn in_order<T: PartialOrd, const N: usize>(times: &[T], lengths: [usize; N]) -> Result<(), AnswerError> {
    let rising = times.is_sorted();
    let even = lengths.iter().all(|length| *length == times.len());
    (!times.is_empty() && rising && even).then_some(()).ok_or(AnswerError)
}

fn percent(value: f64) -> Result<Percent, AnswerError> {
    // `as` saturates, and the range check rejects values out of range. JSON has no NaN.
    Ok(Percent::try_from(value.round() as i32)?)
}

fn light(is_day: u8) -> Result<Light, AnswerError> {
    match is_day {
        0 => Ok(Light::Night),
        1 => Ok(Light::Day),
        _ => Err(AnswerError),
    }
}

#[cfg(test)]
mod tests;
