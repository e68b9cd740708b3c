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
const MAX_REQUEST_BYTES: usize = 11 << 20;

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
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .with_state(discord)
}

/// An error response: its status and a sentence.
struct ErrorResponse(StatusCode, String);

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<Error> for ErrorResponse {
    fn from(error: Error) -> Self {
        let status = match error {
            Error::UnknownInteraction(_) => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self(status, format!("the simulated Discord: {error}"))
    }
}

impl From<Refused> for ErrorResponse {
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
pub struct SayRequest {
    /// The member who types.
    pub user: String,
    /// The channel.
    pub channel: String,
    /// The command line: `/weather place:Paris`.
    pub line: String,
}

/// The interaction that an action created.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreatedInteraction {
    /// Its id, for `GET /local/interactions/{id}`.
    pub id: InteractionId,
}

type Action = Result<Json<CreatedInteraction>, ErrorResponse>;

async fn say(State(discord): State<Discord>, Json(it): Json<SayRequest>) -> Action {
    Ok(Json(CreatedInteraction { id: discord.say(&it.user, &it.channel, &it.line).await? }))
}

/// Autocomplete: names and values of the choices for the last option of an unfinished command line.
async fn complete(
    State(discord): State<Discord>,
    Json(it): Json<SayRequest>,
) -> Result<Json<Value>, ErrorResponse> {
    let choices = discord.complete(&it.user, &it.channel, &it.line).await?;
    Ok(Json(choices.into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()))
}

#[derive(Deserialize)]
struct PressRequest {
    user: String,
    message: Snowflake,
    custom_id: String,
}

async fn press(State(discord): State<Discord>, Json(it): Json<PressRequest>) -> Action {
    Ok(Json(CreatedInteraction { id: discord.press(&it.user, it.message, &it.custom_id).await? }))
}

#[derive(Deserialize)]
struct ChooseRequest {
    user: String,
    message: Snowflake,
    custom_id: String,
    values: Vec<String>,
}

async fn choose(State(discord): State<Discord>, Json(it): Json<ChooseRequest>) -> Action {
    let values: Vec<&str> = it.values.iter().map(String::as_str).collect();
    Ok(Json(CreatedInteraction { id: discord.choose(&it.user, it.message, &it.custom_id, &values).await? }))
}

/// A modal that an interaction opened, filled in.
#[derive(Deserialize)]
struct SubmitRequest {
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

async fn submit(State(discord): State<Discord>, Json(it): Json<SubmitRequest>) -> Action {
    let fields: Vec<(&str, Vec<&str>)> =
        it.fields.iter().map(|(custom_id, field)| (custom_id.as_str(), field.texts())).collect();
    let filled: Vec<(&str, &[&str])> =
        fields.iter().map(|(custom_id, texts)| (*custom_id, texts.as_slice())).collect();
    Ok(Json(CreatedInteraction { id: discord.submit(&it.user, it.interaction, &filled).await? }))
}

/// A context menu command on a user or on a message.
#[derive(Deserialize)]
struct UseRequest {
    user: String,
    command: String,
    #[serde(flatten)]
    on: UseTarget,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum UseTarget {
    Message { message: Snowflake },
    User { channel: String, target: String },
}

async fn use_on(State(discord): State<Discord>, Json(it): Json<UseRequest>) -> Action {
    let id = match it.on {
        UseTarget::Message { message } => discord.use_on_message(&it.user, message, &it.command).await?,
        UseTarget::User { channel, target } => {
            discord.use_on_user(&it.user, &channel, &it.command, &target).await?
        }
    };
    Ok(Json(CreatedInteraction { id }))
}

#[derive(Deserialize)]
struct UploadQuery {
    user: String,
    filename: String,
}

/// Uploads the body as a file. Attachment options and modal fields refer to it by its filename.
async fn upload(
    State(discord): State<Discord>,
    Query(UploadQuery { user, filename }): Query<UploadQuery>,
    content: Bytes,
) -> Result<Json<Value>, ErrorResponse> {
    Ok(Json(json!({ "id": discord.upload(&user, &filename, content)? })))
}

#[derive(Deserialize)]
struct AfterQuery {
    /// How many steps the caller has already read.
    #[serde(default)]
    after: usize,
}

/// What the member sees of an interaction.
#[derive(Debug, Serialize, Deserialize)]
pub struct InteractionSteps {
    /// Whether no more steps are to be expected.
    pub settled: bool,
    /// Whether it ended in "The application did not respond".
    pub failed: bool,
    /// What the member saw, in order.
    pub steps: Vec<SeenStep>,
}

/// One thing that the member saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct SeenStep {
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
    Query(AfterQuery { after }): Query<AfterQuery>,
) -> Result<Json<InteractionSteps>, ErrorResponse> {
    let more = |view: &View| view.settled || view.steps.len() > after;
    Ok(Json(interaction_steps(&discord.wait_for(id, STEP_TIMEOUT, more).await?)))
}

fn interaction_steps(view: &View) -> InteractionSteps {
    let step = |step: &Step| {
        let (what, lines) = step.seen.describe(render);
        SeenStep { ms: step.ms, what, lines, step: serde_json::to_value(&step.seen).unwrap_or_default() }
    };
    InteractionSteps {
        settled: view.settled,
        failed: view.failed(),
        steps: view.steps.iter().map(step).collect(),
    }
}

#[derive(Deserialize)]
struct MessagesQuery {
    user: String,
    channel: String,
}

/// The messages of a channel that the member sees, oldest first, as Discord's JSON.
async fn messages(
    State(discord): State<Discord>,
    Query(MessagesQuery { user, channel }): Query<MessagesQuery>,
) -> Result<Json<Vec<Value>>, ErrorResponse> {
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
) -> Result<Json<FaultSettings>, ErrorResponse> {
    let changed = discord.faults().change_named(named);
    changed.map(Json).map_err(|error| ErrorResponse(StatusCode::UNPROCESSABLE_ENTITY, error))
}
