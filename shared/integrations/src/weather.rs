//! The weather service: places by name and forecasts, with their caches.

use std::time::Duration;

use domain::{
    gcra::Gcra,
    weather::{Forecast, Place},
};
use jiff::Timestamp;

use crate::{
    BreakerStore, Cache, Cached, Fault, Found, Lookup, Moment, OpenMeteo,
    open_meteo::{MAX_SEARCH_RESULTS, TYPING_LIMIT, forecast_key, places_key},
    typing::TypingLimit,
};

/// How long a forecast is fresh: Open-Meteo updates the current weather every 15 minutes.
pub const FORECAST_FRESH_FOR: Duration = Duration::from_secs(15 * 60);

/// How long a stale forecast may be shown. It is also the longest that ids may be in the table Ephemeral.
pub const FORECAST_KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a search result is cached. Places do not move.
pub const PLACES_KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a search without results is cached. It may have been a mistake of the API's, which must not
/// hide a place for a day.
pub const EMPTY_SEARCH_KEPT_FOR: Duration = Duration::from_secs(60 * 60);

/// The time limit of three tries and the waits between them. Shorter than a lease ([`crate::LEASE_DURATION`]), so
/// that no other environment starts the same fetch meanwhile.
const FETCH_TIMEOUT: Duration = Duration::from_secs(9);

/// The time limit during autocomplete: one try, because late choices are useless.
const AUTOCOMPLETE_TIMEOUT: Duration = Duration::from_millis(1_200);

/// The lease of that fetch. It ends soon after the fetch, in case the interaction is cancelled.
const AUTOCOMPLETE_LEASE: Duration = Duration::from_millis(1_500);

/// The accepted length of a search, in characters. Open-Meteo finds nothing below two, and no place name
/// has more than 85.
const QUERY_LENGTH: std::ops::RangeInclusive<usize> = 2..=100;

/// From this length on, in characters, Open-Meteo also finds places whose names begin with the query.
const MIN_PREFIX_LENGTH: usize = 3;

/// The weather service, with cache `C`.
#[derive(Debug)]
pub struct Weather<C> {
    open_meteo: OpenMeteo<C>,
    cached: Cached<C>,
    typing: TypingLimit,
}

/// A search, normalised so that equal searches share a cache entry.
struct Query {
    name: String,
    language: String,
    key: String,
}

impl<C: Cache + BreakerStore> Weather<C> {
    /// A service that fetches from `open_meteo` what `cached` does not have.
    pub fn new(open_meteo: OpenMeteo<C>, cached: Cached<C>) -> Self {
        Self { open_meteo, cached, typing: TypingLimit::new(TYPING_LIMIT) }
    }

    /// The same with another limit for the requests of autocomplete in this environment.
    #[must_use]
    pub fn with_typing_limit(self, limit: Gcra) -> Self {
        Self { typing: TypingLimit::new(limit), ..self }
    }

    /// At most five places that match `query`, the best match first; empty if there is none.
    ///
    /// `language` is a Discord locale ("de", "en-GB"), for the language of the names.
    ///
    /// # Errors
    /// [`Fault`] if they are not cached and Open-Meteo fails.
    pub async fn places(&self, query: &str, language: &str, now: Timestamp) -> Result<Vec<Place>, Fault> {
        let Some(query) = Query::parse(query, language) else {
            return Ok(Vec::new());
        };
        let (breaker, moment) = (self.open_meteo.geocoding_breaker(), Moment::of(now));
        let search = Box::pin(self.open_meteo.search(&query.name, &query.language, FETCH_TIMEOUT, moment));
        let found = self.cached.fetch(places(&query.key, now), breaker, search).await?;
        Ok(found.value)
    }

    /// As [`Self::places`] for autocomplete: with a time limit of 1.2 s for Open-Meteo, and a share of the
    /// requests. "pari" is answered from a search for "par" that this process remembers, if that found all
    /// there are.
    ///
    /// # Errors
    /// As [`Self::places`], and [`Fault::TypingLimit`].
    pub async fn places_while_typing(
        &self,
        query: &str,
        language: &str,
        now: Timestamp,
    ) -> Result<Vec<Place>, Fault> {
        let Some(query) = Query::parse(query, language) else {
            return Ok(Vec::new());
        };
        if let Some(known) = self.known_by_prefix(&query, now) {
            return Ok(known);
        }
        let (breaker, moment) = (self.open_meteo.geocoding_breaker(), Moment::of(now));
        if !self.typing.has_room(now) {
            let found = self.cached.get::<Vec<Place>>(places(&query.key, now), breaker).await?;
            return found.map(|found| found.value).ok_or(Fault::TypingLimit);
        }
        let search = Box::pin(async {
            self.typing.count(now);
            self.open_meteo.search(&query.name, &query.language, AUTOCOMPLETE_TIMEOUT, moment).await
        });
        let found =
            self.cached.fetch_under(AUTOCOMPLETE_LEASE, places(&query.key, now), breaker, search).await?;
        Ok(found.value)
    }

    /// The result of the longest remembered search for this name or its beginning, unless there were more
    /// places than it returned.
    fn known_by_prefix(&self, query: &Query, now: Timestamp) -> Option<Vec<Place>> {
        let ends = query.name.char_indices().map(|(at, _)| at).skip(MIN_PREFIX_LENGTH);
        let lengths = ends.chain([query.name.len()]).collect::<Vec<_>>();
        let searches = lengths.into_iter().rev().filter_map(|length| {
            let key = places_key(query.name[..length].trim_end(), &query.language);
            let found = self.cached.remembered::<Vec<Place>>(places(&key, now))?;
            Some((length, found))
        });
        let mut all = searches
            .filter(|(length, found)| *length == query.name.len() || found.len() < MAX_SEARCH_RESULTS);
        all.next().map(|(_, found)| found)
    }

    /// As [`Self::places`], from the caches only; `None` if Open-Meteo has to be asked.
    ///
    /// # Errors
    /// [`Fault::Open`] or [`Fault::Failing`] if they are not cached and must not be asked for.
    pub async fn cached_places(
        &self,
        query: &str,
        language: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<Place>>, Fault> {
        let Some(query) = Query::parse(query, language) else {
            return Ok(Some(Vec::new()));
        };
        let breaker = self.open_meteo.geocoding_breaker();
        let found = self.cached.get::<Vec<Place>>(places(&query.key, now), breaker).await?;
        Ok(found.map(|found| found.value))
    }

    /// The weather at a place: at most [`FORECAST_FRESH_FOR`] old or, if Open-Meteo fails, stale.
    ///
    /// # Errors
    /// [`Fault`] if Open-Meteo fails and no stale forecast is cached.
    pub async fn forecast(&self, place: &Place, now: Timestamp) -> Result<Found<Forecast>, Fault> {
        let fetch = Box::pin(self.open_meteo.forecast(place, FETCH_TIMEOUT, Moment::of(now)));
        let key = forecast_key(place);
        self.cached.fetch(forecast(&key, now), self.open_meteo.forecasts_breaker(), fetch).await
    }

    /// As [`Self::forecast`], from the caches only: a fresh one, or a stale one if the breaker is open;
    /// `None` if Open-Meteo has to be asked.
    ///
    /// # Errors
    /// [`Fault::Open`] or [`Fault::Failing`] if nothing is cached and it must not be asked for.
    pub async fn cached_forecast(
        &self,
        place: &Place,
        now: Timestamp,
    ) -> Result<Option<Found<Forecast>>, Fault> {
        let breaker = self.open_meteo.forecasts_breaker();
        self.cached.get(forecast(&forecast_key(place), now), breaker).await
    }
}

impl Query {
    /// `None` for a text that cannot be the name of a place.
    fn parse(text: &str, locale: &str) -> Option<Self> {
        let words = text.split_whitespace().collect::<Vec<_>>();
        let name = words.join(" ").to_lowercase();
        if !QUERY_LENGTH.contains(&name.chars().count()) {
            return None;
        }
        let language = locale.split('-').next().unwrap_or_default();
        let known = language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase());
        let language = if known { language } else { "en" }.to_owned();
        let key = places_key(&name, &language);
        Some(Self { name, language, key })
    }
}

fn places(key: &str, now: Timestamp) -> Lookup<'_> {
    Lookup {
        key,
        fresh_for: PLACES_KEPT_FOR,
        keep_for: PLACES_KEPT_FOR,
        keep_empty_for: EMPTY_SEARCH_KEPT_FOR,
        now,
    }
}

fn forecast(key: &str, now: Timestamp) -> Lookup<'_> {
    Lookup {
        key,
        fresh_for: FORECAST_FRESH_FOR,
        keep_for: FORECAST_KEPT_FOR,
        keep_empty_for: FORECAST_KEPT_FOR,
        now,
    }
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
