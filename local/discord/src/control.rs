//! `/local/...`: HTTP routes by which scripts and tests act as members and read what members see.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{Discord, Error, FaultSettings, InteractionId, Refused, Snowflake, Step, View, render};

/// How long `GET /local/interactions/{id}` waits for a new step.
const STEP_TIMEOUT: Duration = Duration::from_secs(20);
/// Above the 10 MiB of an attachment, so that an upload slightly over its limit gets our own error, not a 413.
const LARGEST_REQUEST: usize = 11 << 20;

/// The routes. They check no credentials: guard them with [`crate::localhost::guarded`].
pub fn router(discord: Discord) -> Router {
    Router::new()
        .route("/local/say", post(say))
        .route("/local/complete", post(complete))
        .route("/local/press", post(press))
        .route("/local/choose", post(choose))
        .route("/local/submit", post(submit))
        .route("/local/use", post(use_on))
        .route("/local/upload", post(upload))
        .route("/local/interactions/{id}", get(view))
        .route("/local/messages", get(messages))
        .route("/local/refusals", get(refusals))
        .route("/local/knobs", get(faults).post(change_faults))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .with_state(discord)
}

/// An error response: its status and a sentence.
struct Problem(StatusCode, String);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = match error {
            Error::UnknownInteraction(_) => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self(status, format!("the simulated Discord: {error}"))
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Fault(error) => error.into(),
            refused => Self(StatusCode::UNPROCESSABLE_ENTITY, refused.to_string()),
        }
    }
}

/// A slash command as a member types it. `user` and `channel` are names or ids; the channel `dm` is the
/// member's direct messages with the application.
#[derive(Debug, Serialize, Deserialize)]
pub struct Say {
    /// The member who types.
    pub user: String,
    /// The channel.
    pub channel: String,
    /// The command line: `/weather place:Paris`.
    pub line: String,
}

/// The interaction that an action created.
#[derive(Debug, Serialize, Deserialize)]
pub struct Begun {
    /// Its id, for `GET /local/interactions/{id}`.
    pub id: InteractionId,
}

type Action = Result<Json<Begun>, Problem>;

async fn say(State(discord): State<Discord>, Json(it): Json<Say>) -> Action {
    Ok(Json(Begun { id: discord.say(&it.user, &it.channel, &it.line).await? }))
}

/// Autocomplete: names and values of the choices for the last option of an unfinished command line.
async fn complete(State(discord): State<Discord>, Json(it): Json<Say>) -> Result<Json<Value>, Problem> {
    let choices = discord.complete(&it.user, &it.channel, &it.line).await?;
    Ok(Json(choices.into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()))
}

#[derive(Deserialize)]
struct Press {
    user: String,
    message: Snowflake,
    custom_id: String,
}

async fn press(State(discord): State<Discord>, Json(it): Json<Press>) -> Action {
    Ok(Json(Begun { id: discord.press(&it.user, it.message, &it.custom_id).await? }))
}

#[derive(Deserialize)]
struct Choose {
    user: String,
    message: Snowflake,
    custom_id: String,
    values: Vec<String>,
}

async fn choose(State(discord): State<Discord>, Json(it): Json<Choose>) -> Action {
    let values: Vec<&str> = it.values.iter().map(String::as_str).collect();
    Ok(Json(Begun { id: discord.choose(&it.user, it.message, &it.custom_id, &values).await? }))
}

/// A modal that an interaction opened, filled in.
#[derive(Deserialize)]
struct Submit {
    user: String,
    interaction: InteractionId,
    /// The values of fields by custom id. The others keep their preset values.
    #[serde(default)]
    fields: BTreeMap<String, Field>,
}

/// One text, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Field {
    One(String),
    Many(Vec<String>),
}

impl Field {
    fn texts(&self) -> Vec<&str> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts.iter().map(String::as_str).collect(),
        }
    }
}

async fn submit(State(discord): State<Discord>, Json(it): Json<Submit>) -> Action {
    let fields: Vec<(&str, Vec<&str>)> =
        it.fields.iter().map(|(custom_id, field)| (custom_id.as_str(), field.texts())).collect();
    let filled: Vec<(&str, &[&str])> =
        fields.iter().map(|(custom_id, texts)| (*custom_id, texts.as_slice())).collect();
    Ok(Json(Begun { id: discord.submit(&it.user, it.interaction, &filled).await? }))
}

/// A context menu command on a user or on a message.
#[derive(Deserialize)]
struct Use {
    user: String,
    command: String,
    #[serde(flatten)]
    on: On,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum On {
    Message { message: Snowflake },
    User { channel: String, target: String },
}

async fn use_on(State(discord): State<Discord>, Json(it): Json<Use>) -> Action {
    let id = match it.on {
        On::Message { message } => discord.use_on_message(&it.user, message, &it.command).await?,
        On::User { channel, target } => discord.use_on_user(&it.user, &channel, &it.command, &target).await?,
    };
    Ok(Json(Begun { id }))
}

#[derive(Deserialize)]
struct File {
    user: String,
    filename: String,
}

/// Uploads the body as a file. Attachment options and modal fields refer to it by its filename.
async fn upload(
    State(discord): State<Discord>,
    Query(File { user, filename }): Query<File>,
    content: Bytes,
) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "id": discord.upload(&user, &filename, content)? })))
}

#[derive(Deserialize)]
struct After {
    /// How many steps the caller has already read.
    #[serde(default)]
    after: usize,
}

/// What the member sees of an interaction.
#[derive(Debug, Serialize, Deserialize)]
pub struct Shown {
    /// Whether no more steps are to be expected.
    pub settled: bool,
    /// Whether it ended in "The application did not respond".
    pub failed: bool,
    /// What the member saw, in order.
    pub steps: Vec<ShownStep>,
}

/// One thing that the member saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct ShownStep {
    /// Milliseconds since the member acted.
    pub ms: i64,
    /// What happened, in words.
    pub what: String,
    /// The text that the member can read then, line by line.
    pub lines: Vec<String>,
    /// The same as JSON: `{"seen": "message", "private": false, "message": {...}}`.
    #[serde(default)]
    pub step: Value,
}

/// Waits up to 20 s for a step after the first `after`, and returns all steps.
async fn view(
    State(discord): State<Discord>,
    Path(id): Path<InteractionId>,
    Query(After { after }): Query<After>,
) -> Result<Json<Shown>, Problem> {
    let more = |view: &View| view.settled || view.steps.len() > after;
    Ok(Json(shown(&discord.wait_for(id, STEP_TIMEOUT, more).await?)))
}

fn shown(view: &View) -> Shown {
    let step = |step: &Step| {
        let (what, lines) = step.seen.told(render);
        ShownStep { ms: step.ms, what, lines, step: serde_json::to_value(&step.seen).unwrap_or_default() }
    };
    Shown { settled: view.settled, failed: view.failed(), steps: view.steps.iter().map(step).collect() }
}

#[derive(Deserialize)]
struct Seat {
    user: String,
    channel: String,
}

/// The messages of a channel that the member sees, oldest first, as Discord's JSON.
async fn messages(
    State(discord): State<Discord>,
    Query(Seat { user, channel }): Query<Seat>,
) -> Result<Json<Vec<Value>>, Problem> {
    Ok(Json(discord.messages_seen(&user, &channel)?))
}

/// REST calls refused since the start, and interactions whose response was invalid or missing.
async fn refusals(State(discord): State<Discord>) -> Json<Vec<String>> {
    Json(discord.refusals())
}

/// The settings of fault injection.
async fn faults(State(discord): State<Discord>) -> Json<FaultSettings> {
    Json(discord.faults().get())
}

/// Changes the settings in the body and leaves the others. Returns all.
async fn change_faults(
    State(discord): State<Discord>,
    Json(named): Json<Map<String, Value>>,
) -> Result<Json<FaultSettings>, Problem> {
    let changed = discord.faults().change_named(named);
    changed.map(Json).map_err(|error| Problem(StatusCode::UNPROCESSABLE_ENTITY, error))
}
