//! The room for other people's APIs.
//!
//! Each stands behind a timeout, quick retries and a cache: one fetch serves many askers, across
//! environments, and an old answer with its age beats none. What the room needs from the outside it
//! states itself: a [`Cache`] (two tables away, in `aws`) and a [`Chance`].

mod api;
mod cache;
mod cached;
mod chance;
mod fault;
mod open_meteo;
mod weather;

pub use api::{Base, NotABase};
pub use cache::{Cache, Entry, Unavailable};
pub use cached::{Cached, Found, Freshness, LEASE, Lookup, REMEMBERED};
pub use chance::Chance;
pub use fault::Fault;
pub use open_meteo::OpenMeteo;
pub use weather::{FORECAST_FRESH_FOR, FORECAST_KEPT_FOR, PLACES_KEPT_FOR, Weather};
