//! Open-Meteo: places by name, and the weather there. <https://open-meteo.com/en/docs>
//!
//! Free, without a key, for 10,000 calls a day (non-commercial); two hosts, hence two bases.

mod answers;
mod config;

use std::time::Duration;

use domain::{
    breaker::Dependency,
    weather::{Forecast, Place},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    Base, Breaker, BreakerStore, Fault, Moment,
    api::{Api, Outside},
};

pub use config::OpenMeteoConfig;

/// How many places are asked for.
const PLACES: &str = "5";

const CURRENT: &str =
    "temperature_2m,apparent_temperature,relative_humidity_2m,is_day,weather_code,wind_speed_10m";
const HOURLY: &str = "temperature_2m,precipitation_probability,weather_code,is_day";
const DAILY: &str = "weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max";

/// Today and the three days after it.
const DAYS: &str = "4";

/// What is encoded in a query: all but letters, digits and the signs that the fields above are made of.
const EVERYTHING_ODD: &AsciiSet = &NON_ALPHANUMERIC.remove(b',').remove(b'-').remove(b'.').remove(b'_');

/// Asks Open-Meteo.
#[derive(Debug)]
pub struct OpenMeteo<S> {
    geocoding: Api<S>,
    forecasts: Api<S>,
}

impl<S: BreakerStore> OpenMeteo<S> {
    /// Asks the two services at their bases, in the real world <https://geocoding-api.open-meteo.com>
    /// and <https://api.open-meteo.com>.
    pub fn new(outside: &Outside<S>, geocoding_base: Base, forecast_base: Base) -> Self {
        Self {
            geocoding: outside.api(Dependency::Geocoding, geocoding_base),
            forecasts: outside.api(Dependency::Forecasts, forecast_base),
        }
    }

    /// The breaker of [`Self::search`].
    pub(crate) fn geocoding_breaker(&self) -> &Breaker<S> {
        &self.geocoding.breaker
    }

    /// The breaker of [`Self::forecast`].
    pub(crate) fn forecasts_breaker(&self) -> &Breaker<S> {
        &self.forecasts.breaker
    }

    /// At most five places whose names resemble `name`, the likeliest first; none if there is no such place.
    ///
    /// `language` is a lower-case code ("de"); what Open-Meteo does not have comes in English. One
    /// letter finds nothing, two find exact names, three and more find resembling ones.
    ///
    /// # Errors
    /// [`Fault`], after the retries that fit `within`.
    pub async fn search(
        &self,
        name: &str,
        language: &str,
        within: Duration,
        moment: Moment,
    ) -> Result<Vec<Place>, Fault> {
        let question = question(
            "/v1/search",
            &[("name", name), ("count", PLACES), ("language", language), ("format", "json")],
        );
        answers::places(&self.geocoding.get(&question, within, moment).await?)
    }

    /// The weather at a place, now, hourly and daily, for today and the three days after it.
    ///
    /// # Errors
    /// [`Fault`], after the retries that fit `within`.
    pub async fn forecast(&self, place: &Place, within: Duration, moment: Moment) -> Result<Forecast, Fault> {
        let question = question(
            "/v1/forecast",
            &[
                ("latitude", &place.at.latitude_text()),
                ("longitude", &place.at.longitude_text()),
                ("current", CURRENT),
                ("hourly", HOURLY),
                ("daily", DAILY),
                ("timezone", "auto"),
                ("forecast_days", DAYS),
            ],
        );
        answers::forecast(&self.forecasts.get(&question, within, moment).await?)
    }
}

fn question(path: &str, fields: &[(&str, &str)]) -> String {
    let field =
        |(name, value): &(&str, &str)| format!("{name}={}", utf8_percent_encode(value, EVERYTHING_ODD));
    let fields = fields.iter().map(field).collect::<Vec<_>>();
    format!("{path}?{}", fields.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_field() {
        assert_eq!(
            question("/v1/search", &[("name", "são & paulo#?/é=1"), ("count", "5")]),
            "/v1/search?name=s%C3%A3o%20%26%20paulo%23%3F%2F%C3%A9%3D1&count=5"
        );
    }
}
