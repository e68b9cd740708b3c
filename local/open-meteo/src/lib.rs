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
        Arc, Mutex, PoisonError,
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
use serde::Deserialize;
use serde_json::{Value, json};

/// The fake Open-Meteo. Clones share their state.
#[derive(Clone)]
pub struct OpenMeteo(Arc<Inner>);

struct Inner {
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    down: AtomicBool,
    throttles: AtomicBool,
    /// If set, it is the host of customers.
    key: Mutex<Option<String>>,
    broken_place: Mutex<Option<String>>,
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

/// A request that Open-Meteo refuses with this status and reason.
struct Refused {
    status: StatusCode,
    reason: String,
}

impl Refused {
    /// The question is wrong.
    fn bad(reason: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, reason: reason.into() }
    }
}

/// The field of the query that only the host of customers reads.
#[derive(Deserialize)]
struct KeyQuery {
    apikey: Option<String>,
}

impl OpenMeteo {
    /// Starts up and without latency. `now` is the stack's clock.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            now: Box::new(now),
            down: AtomicBool::new(false),
            throttles: AtomicBool::new(false),
            key: Mutex::default(),
            broken_place: Mutex::default(),
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

    /// While it throttles, every call is answered with 429, as the free plan does when its calls are used up.
    pub fn set_throttling(&self, throttles: bool) {
        self.0.throttles.store(throttles, Ordering::Relaxed);
    }

    /// Searches for this name are answered with 500.
    pub fn break_place(&self, name: &str) {
        *self.0.broken_place.lock().unwrap_or_else(PoisonError::into_inner) = Some(name.to_owned());
    }

    /// With a key, it is the host of customers, which refuses every call without that key.
    pub fn set_key(&self, key: Option<&str>) {
        *self.0.key.lock().unwrap_or_else(PoisonError::into_inner) = key.map(str::to_owned);
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

/// Counts the call, waits for the latency, and answers for what is wrong with the service or the key.
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
    if this.0.throttles.load(Ordering::Relaxed) {
        let reason = "Daily API request limit exceeded. Please try again tomorrow.".to_owned();
        return Refused { status: StatusCode::TOO_MANY_REQUESTS, reason }.into_response();
    }
    if let Err(refused) = this.admit(&request) {
        return refused.into_response();
    }
    next.run(request).await
}

impl OpenMeteo {
    /// Checks the key, as the host of customers does.
    fn admit(&self, request: &Request) -> Result<(), Refused> {
        let key = self.0.key.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(key) = key.as_ref() else { return Ok(()) };
        let query = Query::<KeyQuery>::try_from_uri(request.uri());
        match query.ok().and_then(|Query(query)| query.apikey) {
            None => Err(Refused {
                status: StatusCode::UNAUTHORIZED,
                reason: "API key required. Please add &apikey= to the URL.".to_owned(),
            }),
            Some(given) if given != *key => Err(Refused::bad("The supplied API key is invalid.")),
            Some(_) => Ok(()),
        }
    }
}

async fn search(
    State(this): State<OpenMeteo>,
    Query(question): Query<places::SearchQuery>,
) -> Result<Json<Value>, Refused> {
    let broken = this.0.broken_place.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if broken.is_some() && broken == question.name {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        return Err(Refused { status, reason: "Internal Server Error".to_owned() });
    }
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
        let body = json!({"error": true, "reason": self.reason});
        (self.status, Json(body)).into_response()
    }
}

#[cfg(test)]
mod tests;
