//! A simulated Open-Meteo: both of its services, the same answers for the same questions, no network.
//!
//! Any name has places (those of great cities are true, "zzz..." has none), and every place has a
//! weather that fits its latitude, the season and the hour.

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

/// Open-Meteo, simulated. Clones are the same one.
#[derive(Clone)]
pub struct OpenMeteo(Arc<Inner>);

struct Inner {
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    down: AtomicBool,
    latency_ms: AtomicU64,
    searches: AtomicU64,
    forecasts: AtomicU64,
}

/// How often each service was asked, the calls that it refused included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calls {
    /// `GET /v1/search`
    pub searches: u64,
    /// `GET /v1/forecast`
    pub forecasts: u64,
}

/// A question that Open-Meteo refuses with 400 and this reason.
struct Refused(String);

impl OpenMeteo {
    /// Up, without latency; `now` is the clock of the stack.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            now: Box::new(now),
            down: AtomicBool::new(false),
            latency_ms: AtomicU64::new(0),
            searches: AtomicU64::new(0),
            forecasts: AtomicU64::new(0),
        }))
    }

    /// `/v1/search` and `/v1/forecast`, to be served at the base of both services.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1/search", get(search))
            .route("/v1/forecast", get(forecast))
            .layer(middleware::from_fn_with_state(self.clone(), weather_day))
            .with_state(self.clone())
    }

    /// While it is down, every call is refused with 503.
    pub fn set_down(&self, down: bool) {
        self.0.down.store(down, Ordering::Relaxed);
    }

    /// How long each answer, or refusal, takes, to the millisecond.
    pub fn set_latency(&self, latency: Duration) {
        let latency = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        self.0.latency_ms.store(latency, Ordering::Relaxed);
    }

    /// How often it was asked.
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

/// The names of great cities.
pub fn cities() -> impl Iterator<Item = &'static str> {
    cities::CITIES.iter().map(|city| city.name)
}

/// Counts the call, lets it wait, and refuses it on a bad day.
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

async fn search(Query(question): Query<places::Question>) -> Result<Json<Value>, Refused> {
    places::answer(&question).map(Json)
}

async fn forecast(
    State(this): State<OpenMeteo>,
    Query(question): Query<forecast::Question>,
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
