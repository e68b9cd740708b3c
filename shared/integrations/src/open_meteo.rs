//! The client of Open-Meteo: geocoding and forecasts. <https://open-meteo.com/en/docs>
//!
//! Free of charge without a key, for non-commercial use: up to 600 requests a minute, 5,000 an hour and
//! 10,000 a day from one address. There are two hosts, hence two base URLs.

mod answers;
mod config;

use std::time::Duration;

use domain::{
    breaker::{Dependency, Question},
    gcra::Gcra,
    weather::{Forecast, Place},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    BaseUrl, Breaker, BreakerStore, Fault, Moment,
    api::{Api, ExternalApi},
};

pub use config::OpenMeteoConfig;

/// The maximum number of places in a search result.
pub(crate) const MAX_SEARCH_RESULTS: usize = 5;

/// The searches of autocomplete in one environment: half of what the free plan allows one address in a
/// minute (600) at once, and then half of what it allows in a day (10,000), which is one in 17 s. The other
/// half is left to those who have entered a command.
pub(crate) const TYPING_LIMIT: Gcra = Gcra::new(600 / 2, DAY_MS / (10_000 / 2));
const DAY_MS: u32 = 24 * 60 * 60 * 1_000;

const CURRENT_FIELDS: &str =
    "temperature_2m,apparent_temperature,relative_humidity_2m,is_day,weather_code,wind_speed_10m";
const HOURLY_FIELDS: &str = "temperature_2m,precipitation_probability,weather_code,is_day";
const DAILY_FIELDS: &str = "weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max";

/// Days of a forecast: today and three more.
const FORECAST_DAYS: &str = "4";

/// Characters that are percent-encoded in a query: all except letters, digits and the punctuation of the
/// field lists above.
const ENCODED_CHARACTERS: &AsciiSet = &NON_ALPHANUMERIC.remove(b',').remove(b'-').remove(b'.').remove(b'_');

/// The client of Open-Meteo.
#[derive(Debug)]
pub struct OpenMeteo<S> {
    geocoding: Api<S>,
    forecasts: Api<S>,
}

impl<S: BreakerStore> OpenMeteo<S> {
    /// A client with these base URLs; the public ones are <https://geocoding-api.open-meteo.com> and
    /// <https://api.open-meteo.com>.
    pub fn new(external_api: &ExternalApi<S>, geocoding_base: BaseUrl, forecast_base: BaseUrl) -> Self {
        Self {
            // Berlin has both if any place has.
            geocoding: external_api.client(Dependency::Geocoding, geocoding_base, search("berlin", "en")),
            forecasts: external_api.client(Dependency::Forecasts, forecast_base, forecast("52.52", "13.41")),
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

    /// At most five places with a name like `name`, the best match first; empty if there is none.
    ///
    /// `language` is a lower-case ISO 639-1 code ("de"); names that Open-Meteo does not have in it are
    /// English. One letter matches nothing, two match exact names, three or more also similar ones.
    ///
    /// # Errors
    /// [`Fault`], after the retries that fit into `within`.
    pub async fn search(
        &self,
        name: &str,
        language: &str,
        within: Duration,
        moment: Moment,
    ) -> Result<Vec<Place>, Fault> {
        let question = Question::of(&places_key(name, language));
        let body = self.geocoding.get(question, &search(name, language), within, moment).await?;
        answers::places(&body)
    }

    /// The weather at a place: now, hourly and daily, for today and the three days after it.
    ///
    /// # Errors
    /// [`Fault`], after the retries that fit into `within`.
    pub async fn forecast(&self, place: &Place, within: Duration, moment: Moment) -> Result<Forecast, Fault> {
        let question = Question::of(&forecast_key(place));
        let path_and_query = forecast(&place.at.latitude_text(), &place.at.longitude_text());
        let body = self.forecasts.get(question, &path_and_query, within, moment).await?;
        answers::forecast(&body)
    }
}

/// The key of a search: in the cache, and by which a breaker recognises the question.
pub(crate) fn places_key(name: &str, language: &str) -> String {
    format!("weather/places/{language}/{name}")
}

/// As [`places_key`], of a forecast. By coordinates only, so that "Paris" and "paris, france" share it.
pub(crate) fn forecast_key(place: &Place) -> String {
    format!("weather/forecast/{}", place.at)
}

fn search(name: &str, language: &str) -> String {
    let count = MAX_SEARCH_RESULTS.to_string();
    query("/v1/search", &[("name", name), ("count", &count), ("language", language), ("format", "json")])
}

fn forecast(latitude: &str, longitude: &str) -> String {
    query(
        "/v1/forecast",
        &[
            ("latitude", latitude),
            ("longitude", longitude),
            ("current", CURRENT_FIELDS),
            ("hourly", HOURLY_FIELDS),
            ("daily", DAILY_FIELDS),
            ("timezone", "auto"),
            ("forecast_days", FORECAST_DAYS),
        ],
    )
}

fn query(path: &str, fields: &[(&str, &str)]) -> String {
    let field =
        |(name, value): &(&str, &str)| format!("{name}={}", utf8_percent_encode(value, ENCODED_CHARACTERS));
    let fields = fields.iter().map(field).collect::<Vec<_>>();
    format!("{path}?{}", fields.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_field() {
        assert_eq!(
            query("/v1/search", &[("name", "são & paulo#?/é=1"), ("count", "5")]),
            "/v1/search?name=s%C3%A3o%20%26%20paulo%23%3F%2F%C3%A9%3D1&count=5"
        );
    }
}
