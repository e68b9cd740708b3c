//! A fake Open-Meteo: geocoding and forecasts, deterministic and without network.
//!
//! Every name has places, except those beginning with "zzz"; large cities are real. Every place has a weather
//! that fits its latitude, the season and the hour.

mod cities;
mod climate;
mod forecast;
mod places;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The fake Open-Meteo. Clones share their state.
#[derive(Clone)]
pub struct OpenMeteo(Arc<Inner>);

struct Inner {
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    down: AtomicBool,
    latency_ms: AtomicU64,
    searches: AtomicU64,
    forecasts: AtomicU64,
}

/// The number of calls of each service, including refused ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calls {
    /// `GET /v1/search`
    pub searches: u64,
    /// `GET /v1/forecast`
    pub forecasts: u64,
}

/// A request that Open-Meteo refuses with 400 and this reason.
struct Refused(String);

impl OpenMeteo {
    /// Starts up and without latency. `now` is the stack's clock.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            now: Box::new(now),
            down: AtomicBool::new(false),
            latency_ms: AtomicU64::new(0),
            searches: AtomicU64::new(0),
            forecasts: AtomicU64::new(0),
        }))
    }

    /// `/v1/search` and `/v1/forecast`, for the base URLs of both services.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1/search", get(search))
            .route("/v1/forecast", get(forecast))
            .layer(middleware::from_fn_with_state(self.clone(), weather_day))
            .with_state(self.clone())
    }

    /// While it is down, every call is answered with 503.
    pub fn set_down(&self, down: bool) {
        self.0.down.store(down, Ordering::Relaxed);
    }

    /// Sets the latency of every response, in whole milliseconds.
    pub fn set_latency(&self, latency: Duration) {
        let latency = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        self.0.latency_ms.store(latency, Ordering::Relaxed);
    }

    /// The number of calls so far.
    #[must_use]
    pub fn calls(&self) -> Calls {
        Calls {
            searches: self.0.searches.load(Ordering::Relaxed),
            forecasts: self.0.forecasts.load(Ordering::Relaxed),
        }
    }
}

impl fmt::Debug for OpenMeteo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OpenMeteo").field(&self.calls()).finish()
    }
}

/// The names of the real cities.
pub fn cities() -> impl Iterator<Item = &'static str> {
    cities::CITIES.iter().map(|city| city.name)
}

/// Counts the call, waits for the latency, and answers 503 while it is down.
async fn weather_day(State(this): State<OpenMeteo>, request: Request, next: Next) -> Response {
    let count = match request.uri().path() {
        "/v1/search" => &this.0.searches,
        _ => &this.0.forecasts,
    };
    count.fetch_add(1, Ordering::Relaxed);
    let latency = Duration::from_millis(this.0.latency_ms.load(Ordering::Relaxed));
    tokio::time::sleep(latency).await;
    if this.0.down.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "down").into_response();
    }
    next.run(request).await
}

async fn search(Query(question): Query<places::SearchQuery>) -> Result<Json<Value>, Refused> {
    places::answer(&question).map(Json)
}

async fn forecast(
    State(this): State<OpenMeteo>,
    Query(question): Query<forecast::ForecastQuery>,
) -> Result<Json<Value>, Refused> {
    forecast::answer(&question, (this.0.now)()).map(Json)
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json!({"error": true, "reason": self.0});
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }
}

#[cfg(test)]
mod tests;
