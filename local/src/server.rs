//! The one port: the front door, Discord's REST API, and what is for people and scripts.

use std::{
    sync::{Arc, OnceLock, Weak},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Stack,
    discord::{Error, InteractionId, Refused, Settings, View, render},
    front_door, inspector, lambda,
    localhost::guarded,
    page::Playground,
    status::Status,
};

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
        .route("/local/say", post(say))
        .route("/local/interactions/{id}", get(view))
        .route("/local/clock", post(advance))
        .route("/local/knobs", get(knobs).post(turn))
        .with_state(shared.clone())
        .merge(inspector::router(shared))
        .merge(Playground::new(stack.discord.clone(), group, Some(inspector::panel())).router())
        .merge(stack.dead_letters.clone().router())
        .merge(stack.discord.watched_router())
        .nest("/open-meteo", stack.open_meteo.router());
    // The front door alone may be reached by another name: through a tunnel, by the real Discord.
    let door = lambda::route("/interactions", stack.interactions.clone());
    front_door::guarded(door).merge(guarded(people))
}

/// The feature that a command belongs to; what belongs to none is listed under the bot's name.
fn group(command: &str, locale: &str) -> String {
    let feature = bot::commands::find(command).and_then(|entry| entry.feature);
    let language = domain::Language::of(locale);
    feature.map_or_else(|| "Steward".to_owned(), |feature| bot::words::settings::feature(language, feature))
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
            crate::Error::Discord(Error::UnknownInteraction(_)) => StatusCode::NOT_FOUND,
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

/// What somebody types, where.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Say {
    pub(crate) user: String,
    pub(crate) channel: String,
    pub(crate) line: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) id: InteractionId,
}

async fn say(State(shared): State<Shared>, Json(say): Json<Say>) -> Result<Json<Said>, Problem> {
    let said = shared.stack()?.discord.say(&say.user, &say.channel, &say.line).await;
    match said {
        Ok(id) => Ok(Json(Said { id })),
        Err(Refused::Fault(error)) => Err(error.into()),
        Err(refused) => Err(Problem(StatusCode::UNPROCESSABLE_ENTITY, refused.to_string())),
    }
}

#[derive(Deserialize)]
struct After {
    /// How many steps have been seen.
    #[serde(default)]
    after: usize,
}

/// What the user sees, in words.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(crate) settled: bool,
    pub(crate) failed: bool,
    pub(crate) steps: Vec<ShownStep>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ShownStep {
    pub(crate) ms: i64,
    pub(crate) what: String,
    pub(crate) lines: Vec<String>,
}

/// Waits until there is more to see than before.
async fn view(
    State(shared): State<Shared>,
    Path(id): Path<InteractionId>,
    Query(After { after }): Query<After>,
) -> Result<Json<Shown>, Problem> {
    let discord = shared.stack()?.discord.clone();
    let more = |view: &View| view.settled || view.steps.len() > after;
    Ok(Json(shown(&discord.wait_for(id, Duration::from_secs(20), more).await?)))
}

fn shown(view: &View) -> Shown {
    let step = |step: &crate::discord::Step| {
        let (what, lines) = step.seen.told(render);
        ShownStep { ms: step.ms, what, lines }
    };
    Shown { settled: view.settled, failed: view.failed(), steps: view.steps.iter().map(step).collect() }
}

/// How badly the simulated Discord behaves.
async fn knobs(State(shared): State<Shared>) -> Result<Json<Settings>, Problem> {
    Ok(Json(shared.stack()?.discord.knobs().get()))
}

/// Turns the knobs that are named.
async fn turn(
    State(shared): State<Shared>,
    Json(named): Json<serde_json::Map<String, serde_json::Value>>,
) -> Result<Json<Settings>, Problem> {
    let turned = shared.stack()?.discord.knobs().turn_named(named);
    turned.map(Json).map_err(|error| Problem(StatusCode::UNPROCESSABLE_ENTITY, error))
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
