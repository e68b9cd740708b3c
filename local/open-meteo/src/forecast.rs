//! `GET /v1/forecast`: the weather of a place in Open-Meteo's format.

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::Offset};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Refused,
    cities::City,
    climate::{Climate, Weather},
};

/// The supported query parameters.
#[derive(Deserialize)]
pub(super) struct ForecastQuery {
    latitude: Option<String>,
    longitude: Option<String>,
    current: Option<String>,
    hourly: Option<String>,
    daily: Option<String>,
    timezone: Option<String>,
    forecast_days: Option<String>,
}

/// A place, its time and its climate.
struct Station {
    climate: Climate,
    time_zone: String,
    offset: Offset,
    /// The current local time.
    now: DateTime,
}

/// The response, with only the requested variables, as from the real service: one that the bot forgets to request
/// is missing here too.
pub(super) fn answer(question: &ForecastQuery, now: Timestamp) -> Result<Value, Refused> {
    let latitude = degrees("latitude", question.latitude.as_deref(), 90.0)?;
    let longitude = degrees("longitude", question.longitude.as_deref(), 180.0)?;
    let days = days(question.forecast_days.as_deref())?;
    let local = question.timezone.as_deref() == Some("auto");
    let station = Station::at(latitude, longitude, local, now);
    let mut answer = json!({
        "latitude": latitude,
        "longitude": longitude,
        "generationtime_ms": 0.125,
        "utc_offset_seconds": station.offset.seconds(),
        "timezone": station.time_zone,
        "timezone_abbreviation": abbreviation(station.offset),
        "elevation": 38.0,
    });
    if let Some(asked) = &question.current {
        section(&mut answer, "current", asked, station.current())?;
    }
    if let Some(asked) = &question.hourly {
        section(&mut answer, "hourly", asked, station.hourly(days))?;
    }
    if let Some(asked) = &question.daily {
        section(&mut answer, "daily", asked, station.daily(days))?;
    }
    Ok(answer)
}

impl Station {
    fn at(latitude: f64, longitude: f64, local: bool, now: Timestamp) -> Self {
        let (time_zone, seconds) = match City::near(latitude, longitude) {
            _ if !local => ("GMT".to_owned(), 0),
            Some(city) => (city.time_zone.to_owned(), city.utc_offset),
            None => {
                let hours = (longitude / 15.0).round() as i32;
                // The signs of `Etc/GMT` zones are inverted: west is positive.
                (format!("Etc/GMT{:+}", -hours), hours * 3_600)
            }
        };
        let offset = Offset::from_seconds(seconds).unwrap_or(Offset::UTC);
        let climate = Climate::at(latitude, longitude);
        let now = offset.to_datetime(now);
        Self { climate, time_zone, offset, now }
    }

    fn current(&self) -> Value {
        let quarter = self.now.minute() / 15 * 15;
        let weather = self.weather(self.now);
        json!({
            "time": minutes(self.now.date().at(self.now.hour(), quarter, 0, 0)),
            "interval": 900,
            "temperature_2m": weather.temperature,
            "apparent_temperature": weather.feels_like,
            "relative_humidity_2m": weather.humidity,
            "is_day": u8::from(weather.is_day),
            "weather_code": weather.code,
            "wind_speed_10m": weather.wind,
        })
    }

    fn hourly(&self, days: i64) -> Value {
        let hours = self.hours(0, days * 24);
        json!({
            "time": column(&hours, |(at, _)| minutes(*at)),
            "temperature_2m": column(&hours, |(_, weather)| weather.temperature),
            "precipitation_probability": column(&hours, |(_, weather)| weather.rain_chance),
            "weather_code": column(&hours, |(_, weather)| weather.code),
            "is_day": column(&hours, |(_, weather)| u8::from(weather.is_day)),
        })
    }

    fn daily(&self, days: i64) -> Value {
        let days = (0..days).map(|day| self.hours(day * 24, 24)).collect::<Vec<_>>();
        let most = |day: &[(DateTime, Weather)], value: fn(&Weather) -> f64| {
            day.iter().map(|(_, weather)| value(weather)).fold(f64::MIN, f64::max)
        };
        json!({
            "time": column(&days, |day| day[0].0.date().to_string()),
            "weather_code": column(&days, |day| day.iter().map(|(_, weather)| weather.code).max()),
            "temperature_2m_max": column(&days, |day| most(day, |weather| weather.temperature)),
            "temperature_2m_min": column(&days, |day| -most(day, |weather| -weather.temperature)),
            "precipitation_probability_max":
                column(&days, |day| day.iter().map(|(_, weather)| weather.rain_chance).max()),
        })
    }

    /// `count` hours of local time, beginning `first` hours after the last midnight.
    fn hours(&self, first: i64, count: i64) -> Vec<(DateTime, Weather)> {
        let midnight = self.now.date().at(0, 0, 0, 0);
        let hours = (first..first + count).map(|hour| {
            let at = midnight.saturating_add(SignedDuration::from_hours(hour));
            (at, self.weather(at))
        });
        hours.collect()
    }

    fn weather(&self, local: DateTime) -> Weather {
        let second = self.offset.to_timestamp(local).map_or(0, Timestamp::as_second);
        self.climate.hour(second.div_euclid(3_600))
    }
}

/// Adds the requested `values` and their units to the response.
fn section(answer: &mut Value, name: &str, asked: &str, values: Value) -> Result<(), Refused> {
    let Value::Object(values) = values else {
        return Ok(());
    };
    let asked = asked.split(',').collect::<Vec<_>>();
    if let Some(unknown) = asked.iter().find(|variable| !values.contains_key(**variable)) {
        return Err(Refused::bad(format!("Cannot initialize variable from invalid String value {unknown}.")));
    }
    let wanted = |name: &str| matches!(name, "time" | "interval") || asked.contains(&name);
    let values = values.into_iter().filter(|(name, _)| wanted(name)).collect::<Map<_, _>>();
    let units = values.keys().map(|name| (name.clone(), json!(unit(name))));
    answer[format!("{name}_units")] = Value::Object(units.collect());
    answer[name] = Value::Object(values);
    Ok(())
}

fn unit(variable: &str) -> &'static str {
    match variable {
        "time" => "iso8601",
        "interval" => "seconds",
        "weather_code" => "wmo code",
        "is_day" => "",
        "wind_speed_10m" => "km/h",
        _ if variable.contains("temperature") => "°C",
        _ => "%",
    }
}

fn column<R, T: Into<Value>>(rows: &[R], value: impl Fn(&R) -> T) -> Value {
    rows.iter().map(|row| value(row).into()).collect()
}

fn degrees(name: &str, text: Option<&str>, most: f64) -> Result<f64, Refused> {
    let number = text.and_then(|text| text.parse::<f64>().ok()).filter(|number| !number.is_nan());
    let number =
        number.ok_or_else(|| Refused::bad(format!("Value of type 'Float' required for key '{name}'.")))?;
    match number.abs() <= most {
        true => Ok(number),
        false => {
            Err(Refused::bad(format!("{name} must be in range of -{most} to {most}°. Given: {number}.")))
        }
    }
}

fn days(text: Option<&str>) -> Result<i64, Refused> {
    let days = text.unwrap_or("7").parse().ok().filter(|days| (0..=16).contains(days));
    days.ok_or_else(|| Refused::bad("Forecast days is invalid. Allowed range 0 to 16."))
}

/// Local time in Open-Meteo's format: "2026-07-01T13:00".
fn minutes(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// "GMT+2", "GMT-3", "GMT+5:30".
fn abbreviation(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    match (minutes / 60, (minutes % 60).abs()) {
        (0, 0) => "GMT".into(),
        (hours, 0) => format!("GMT{hours:+}"),
        (hours, minutes) => format!("GMT{hours:+}:{minutes:02}"),
    }
}
