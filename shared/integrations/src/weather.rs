//! The weather as the bot asks for it: places as people type them, forecasts, and what of both is known already.

use std::time::Duration;

use domain::weather::{Forecast, Place};
use jiff::Timestamp;

use crate::{BreakerStore, Cache, Cached, Fault, Found, Lookup, Moment, OpenMeteo};

/// How long a forecast counts as fresh: Open-Meteo computes the current weather every 15 minutes.
pub const FORECAST_FRESH_FOR: Duration = Duration::from_secs(15 * 60);

/// How long an old forecast is shown if there is no newer one; ids may lie in the table no longer.
pub const FORECAST_KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a search for places is remembered. Places do not move.
pub const PLACES_KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// For three tries and the waits between them; shorter than a lease ([`crate::LEASE`]), so that
/// nobody else begins meanwhile.
const WITHIN: Duration = Duration::from_secs(9);

/// For somebody who is typing and sees the list grow: one try, and nothing rather than something late.
const WHILE_TYPING: Duration = Duration::from_millis(1_200);

/// The lease of that fetch. It expires soon after, in case the request was cancelled.
const TYPING_LEASE: Duration = Duration::from_millis(1_500);

/// Open-Meteo finds nothing below two letters, and no place on earth has more than 85.
const QUERY_LETTERS: std::ops::RangeInclusive<usize> = 2..=100;

/// Places and forecasts, by way of the cache `C`.
#[derive(Debug)]
pub struct Weather<C> {
    open_meteo: OpenMeteo<C>,
    cached: Cached<C>,
}

/// What somebody typed, so normalised that the same question has one answer.
struct Query {
    name: String,
    language: String,
    key: String,
}

impl<C: Cache + BreakerStore> Weather<C> {
    /// Asks `open_meteo` for what `cached` does not know.
    pub fn new(open_meteo: OpenMeteo<C>, cached: Cached<C>) -> Self {
        Self { open_meteo, cached }
    }

    /// At most five places that `query` may mean, the likeliest first; none if there is no such place.
    ///
    /// `language` is a locale of Discord's ("de", "en-GB"): the language of the names.
    ///
    /// # Errors
    /// [`Fault`] if they are not known and Open-Meteo does not say.
    pub async fn places(&self, query: &str, language: &str, now: Timestamp) -> Result<Vec<Place>, Fault> {
        let Some(query) = Query::parse(query, language) else {
            return Ok(Vec::new());
        };
        let (breaker, moment) = (self.open_meteo.geocoding_breaker(), Moment::of(now));
        let search = Box::pin(self.open_meteo.search(&query.name, &query.language, WITHIN, moment));
        let found = self.cached.fetch(places(&query.key, now), breaker, search).await?;
        Ok(found.value)
    }

    /// As [`Self::places`], within 1.2 s of Open-Meteo's time.
    ///
    /// # Errors
    /// As [`Self::places`].
    pub async fn places_while_typing(
        &self,
        query: &str,
        language: &str,
        now: Timestamp,
    ) -> Result<Vec<Place>, Fault> {
        let Some(query) = Query::parse(query, language) else {
            return Ok(Vec::new());
        };
        let (breaker, moment) = (self.open_meteo.geocoding_breaker(), Moment::of(now));
        let search = Box::pin(self.open_meteo.search(&query.name, &query.language, WHILE_TYPING, moment));
        let found = self.cached.fetch_under(TYPING_LEASE, places(&query.key, now), breaker, search).await?;
        Ok(found.value)
    }

    /// As [`Self::places`], from memory and table only; `None` if they do not know, and Open-Meteo may.
    ///
    /// # Errors
    /// [`Fault::Open`] if they do not know, and Open-Meteo is not to be asked.
    pub async fn known_places(
        &self,
        query: &str,
        language: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<Place>>, Fault> {
        let Some(query) = Query::parse(query, language) else {
            return Ok(Some(Vec::new()));
        };
        let breaker = self.open_meteo.geocoding_breaker();
        let found = self.cached.known::<Vec<Place>>(places(&query.key, now), breaker).await?;
        Ok(found.map(|found| found.value))
    }

    /// The weather at a place, at most [`FORECAST_FRESH_FOR`] old, or, if Open-Meteo fails, stale.
    ///
    /// # Errors
    /// [`Fault`] if Open-Meteo fails and no forecast is left from before.
    pub async fn forecast(&self, place: &Place, now: Timestamp) -> Result<Found<Forecast>, Fault> {
        let fetch = Box::pin(self.open_meteo.forecast(place, WITHIN, Moment::of(now)));
        let key = forecast_key(place);
        self.cached.fetch(forecast(&key, now), self.open_meteo.forecasts_breaker(), fetch).await
    }

    /// As [`Self::forecast`], from memory and table only: fresh; or stale, if Open-Meteo is not to be asked
    /// now; or `None`, if that is worth it.
    ///
    /// # Errors
    /// [`Fault::Open`] if they have none, and Open-Meteo is not to be asked.
    pub async fn known_forecast(
        &self,
        place: &Place,
        now: Timestamp,
    ) -> Result<Option<Found<Forecast>>, Fault> {
        let breaker = self.open_meteo.forecasts_breaker();
        self.cached.known(forecast(&forecast_key(place), now), breaker).await
    }
}

impl Query {
    /// `None` for what can be no place's name.
    fn parse(text: &str, locale: &str) -> Option<Self> {
        let words = text.split_whitespace().collect::<Vec<_>>();
        let name = words.join(" ").to_lowercase();
        if !QUERY_LETTERS.contains(&name.chars().count()) {
            return None;
        }
        let language = locale.split('-').next().unwrap_or_default();
        let known = language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase());
        let language = if known { language } else { "en" }.to_owned();
        let key = format!("weather/places/{language}/{name}");
        Some(Self { name, language, key })
    }
}

fn places(key: &str, now: Timestamp) -> Lookup<'_> {
    Lookup { key, fresh_for: PLACES_KEPT_FOR, keep_for: PLACES_KEPT_FOR, now }
}

fn forecast(key: &str, now: Timestamp) -> Lookup<'_> {
    Lookup { key, fresh_for: FORECAST_FRESH_FOR, keep_for: FORECAST_KEPT_FOR, now }
}

/// By coordinates alone, so that "Paris" and "paris, france" share a forecast.
fn forecast_key(place: &Place) -> String {
    format!("weather/forecast/{}", place.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_has_one_key_however_it_is_typed() {
        let key = |text, locale| Query::parse(text, locale).map(|query| query.key);
        let one = Some("weather/places/en/new york".to_owned());
        assert_eq!(key("  New\t YORK ", "en-US"), one);
        assert_eq!(key("new york", "en-GB"), one);
        assert_eq!(key("new york", "../x"), one);
        assert_eq!(key("MÜNCHEN", "de"), Some("weather/places/de/münchen".into()));
    }

    #[test]
    fn what_can_be_no_name_is_not_asked_for() {
        let long = "a".repeat(101);
        for odd in ["", "  ", " p ", long.as_str()] {
            assert!(Query::parse(odd, "en").is_none());
        }
    }
}
