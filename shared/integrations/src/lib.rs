//! The room for other people's APIs.
//!
//! Each stands behind a timeout, quick retries, a circuit breaker and a cache: one fetch serves many askers,
//! across environments, who leave alone together what does not answer; and an old answer with its age beats
//! none. What the room needs from the outside it states itself: a [`Cache`] and a [`BreakerStore`] (two
//! tables away, in `aws`) and a [`Chance`].

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
