//! Clients of external APIs.
//!
//! Each API has a timeout, quick retries, a circuit breaker and a cache. One fetch serves many callers
//! across environments, which also share the breaker. If an API fails, the last answer is shown with its
//! age. The services that this crate needs are its own traits: [`Cache`] and [`BreakerStore`], which
//! `engine` implements over `aws`, and [`Chance`].

mod api;
mod breaker;
mod cache;
mod cached;
mod chance;
mod fault;
mod moment;
mod open_meteo;
mod typing;
mod weather;

pub use api::{BaseUrl, BaseUrlError, ExternalApi};
pub use breaker::{Breaker, BreakerStore};
pub use cache::{Cache, Entry, Unavailable};
pub use cached::{Cached, Found, Freshness, LEASE_DURATION, Lookup, MAX_MEMORY_ENTRIES};
pub use chance::Chance;
pub use fault::Fault;
pub use moment::Moment;
pub use open_meteo::{OpenMeteo, OpenMeteoConfig};
pub use weather::{EMPTY_SEARCH_KEPT_FOR, FORECAST_FRESH_FOR, FORECAST_KEPT_FOR, PLACES_KEPT_FOR, Weather};
