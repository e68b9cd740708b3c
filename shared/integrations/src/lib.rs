//! Other people's APIs.
//!
//! Each API has a timeout, quick retries, a circuit breaker and a cache. One fetch serves many callers, also in other
//! environments, and they share the breaker; if an API fails, an old answer is shown with its age. What this crate
//! needs of others is a trait of its own: [`Cache`] and [`BreakerStore`], which `engine` implements over `aws`, and a
//! [`Chance`].

mod api;
mod breaker;
mod cache;
mod cached;
mod chance;
mod fault;
mod moment;
mod open_meteo;
mod weather;

pub use api::{Base, NotABase, Outside};
pub use breaker::{Breaker, BreakerStore};
pub use cache::{Cache, Entry, Unavailable};
pub use cached::{Cached, Found, Freshness, LEASE, Lookup, REMEMBERED};
pub use chance::Chance;
pub use fault::Fault;
pub use moment::Moment;
pub use open_meteo::{OpenMeteo, OpenMeteoConfig};
pub use weather::{FORECAST_FRESH_FOR, FORECAST_KEPT_FOR, PLACES_KEPT_FOR, Weather};
