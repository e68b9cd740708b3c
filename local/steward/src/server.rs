//! The one port: the front door, Discord's REST API, and what is for people and scripts.

use std::{
    sync::{Arc, OnceLock, Weak},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use commands::{Commands, Registry as _};
use local_discord::{control, localhost::guarded};
use local_playground::Playground;
use serde::Deserialize;
use serde_json::json;

use crate::{Stack, endpoint, inspector, status::Status};

/// The stack as its own server sees it: without keeping it alive.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<OnceLock<Weak<Stack>>>);

impl Shared {
    pub(crate) fn set(&self, stack: &Arc<Stack>) {
        let _ = self.0.set(Arc::downgrade(stack));
    }

    /// `None` while it is starting or stopping.
    pub(crate) fn running(&self) -> Option<Arc<Stack>> {
        self.0.get().and_then(Weak::upgrade)
    }

    fn stack(&self) -> Result<Arc<Stack>, Problem> {
        self.running().ok_or_else(|| {
            Problem(StatusCode::SERVICE_UNAVAILABLE, "the stack is starting or stopping".to_owned())
        })
    }
}

pub(crate) fn router(stack: &Stack, shared: Shared) -> Router {
    let people = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/local/status", get(status))
        .route("/local/variables", get(variables))
        .route("/local/clock", post(advance))
        .with_state(shared.clone())
        .merge(inspector::router(shared))
        .merge(Playground::new(stack.discord.clone(), group, Some(inspector::panel())).router())
        .merge(stack.dead_letters.clone().router())
        .merge(stack.discord.watched_router())
        .merge(control::router(stack.discord.clone()))
        .nest("/open-meteo", stack.open_meteo.router());
    // The front door alone may be reached by another name: through a tunnel, by the real Discord.
    let door = local_lambda::route("/interactions", stack.interactions.clone());
    endpoint::guarded(door).merge(guarded(people))
}

/// The feature that a command belongs to; what belongs to none is listed under the bot's name.
fn group(command: &str, locale: &str) -> String {
    let feature = Commands::find(command).and_then(|entry| entry.feature);
    let language = domain::Language::of(locale);
    feature.map_or_else(|| "Steward".to_owned(), |feature| words::settings::feature(language, feature))
}

/// A wrong request, told in a sentence.
pub(crate) struct Problem(StatusCode, String);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl<E: Into<crate::Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        let error = error.into();
        let status = match error {
            crate::Error::Discord(local_discord::Error::UnknownInteraction(_)) => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self(status, error.to_string())
    }
}

async fn status(State(shared): State<Shared>) -> Result<Json<Status>, Problem> {
    Ok(Json(Status::of(&*shared.stack()?).await?))
}

async fn variables(State(shared): State<Shared>) -> Result<String, Problem> {
    Ok(shared.stack()?.variables.clone())
}

#[derive(Deserialize)]
struct Advance {
    seconds: u64,
}

/// Further than that nobody needs to look, and every date stays one.
pub(crate) const FURTHEST: u64 = 366 * 24 * 3_600;

/// Moves the one clock of the stack.
async fn advance(
    State(shared): State<Shared>,
    Json(by): Json<Advance>,
) -> Result<Json<serde_json::Value>, Problem> {
    if by.seconds > FURTHEST {
        return Err(Problem(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the clock moves by a year at most".to_owned(),
        ));
    }
    let stack = shared.stack()?;
    stack.advance(Duration::from_secs(by.seconds))?;
    Ok(Json(json!({ "now": stack.clock.now() })))
}
