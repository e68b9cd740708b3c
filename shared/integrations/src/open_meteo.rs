//! The client of Open-Meteo: geocoding and forecasts. <https://open-meteo.com/en/docs>
//!
//! Free of charge without a key, up to 10,000 requests a day (non-commercial). There are two hosts, hence
//! two base URLs.

mod answers;
mod config;

use std::time::Duration;

use domain::{
    breaker::Dependency,
    weather::{Forecast, Place},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    BaseUrl, Breaker, BreakerStore, Fault, Moment,
    api::{Api, ExternalApi},
};

pub use config::OpenMeteoConfig;

/// The maximum number of places in a search result.
const MAX_SEARCH_RESULTS: &str = "5";

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
            geocoding: external_api.client(Dependency::Geocoding, geocoding_base),
            forecasts: external_api.client(Dependency::Forecasts, forecast_base),
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
        let question = question(
            "/v1/search",
            &[("name", name), ("count", MAX_SEARCH_RESULTS), ("language", language), ("format", "json")],
        );
        answers::places(&self.geocoding.get(&question, within, moment).await?)
    }

    /// The weather at a place: now, hourly and daily, for today and the three days after it.
    ///
    /// # Errors
    /// [`Fault`], after the retries that fit into `within`.
    pub async fn forecast(&self, place: &Place, within: Duration, moment: Moment) -> Result<Forecast, Fault> {
        let question = question(
            "/v1/forecast",
            &[
                ("latitude", &place.at.latitude_text()),
                ("longitude", &place.at.longitude_text()),
                ("current", CURRENT_FIELDS),
                ("hourly", HOURLY_FIELDS),
                ("daily", DAILY_FIELDS),
                ("timezone", "auto"),
                ("forecast_days", FORECAST_DAYS),
            ],
        );
        answers::forecast(&self.forecasts.get(&question, within, moment).await?)
    }
}

fn question(path: &str, fields: &[(&str, &str)]) -> String {
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
            question("/v1/search", &[("name", "são & paulo#?/é=1"), ("count", "5")]),
            "/v1/search?name=s%C3%A3o%20%26%20paulo%23%3F%2F%C3%A9%3D1&count=5"
        );
    }
}
