//! The page's actions. Each calls the simulated Discord, which checks whether it is allowed.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{Query, State},
};
use local_discord::{InteractionId, Seen, Snowflake, Typed};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Playground, RequestError, modal, palette::text, reads::WindowQuery};

/// A little longer than the 3 s that an application has to respond.
const RESPONSE_TIMEOUT: Duration = Duration::from_millis(3_500);

type ActionResult = Result<Json<Value>, RequestError>;

#[derive(Deserialize)]
pub(super) struct MessageRequest {
    #[serde(flatten)]
    seat: WindowQuery,
    text: String,
}

pub(super) async fn say(
    State(playground): State<Playground>,
    Json(it): Json<MessageRequest>,
) -> ActionResult {
    let id = playground.discord.chat(&it.seat.person, &it.seat.channel, &it.text)?;
    Ok(Json(json!({ "message": id })))
}

#[derive(Deserialize)]
pub(super) struct CommandRequest {
    #[serde(flatten)]
    seat: WindowQuery,
    command: String,
    path: Vec<String>,
    values: Vec<(String, String)>,
}

impl CommandRequest {
    fn typed(&self) -> Typed<'_> {
        Typed { command: &self.command, path: &self.path, values: &self.values }
    }
}

pub(super) async fn command(
    State(playground): State<Playground>,
    Json(it): Json<CommandRequest>,
) -> ActionResult {
    let id = playground.discord.use_typed(&it.seat.person, &it.seat.channel, it.typed()).await?;
    answered(&playground, &it.seat, id).await
}

pub(super) async fn complete(
    State(playground): State<Playground>,
    Json(it): Json<CommandRequest>,
) -> ActionResult {
    let discord = &playground.discord;
    let choices = discord.complete_typed(&it.seat.person, &it.seat.channel, it.typed()).await?;
    let one = |(label, value): &(String, Value)| json!({ "label": label, "value": text(value) });
    Ok(Json(json!({ "choices": choices.iter().map(one).collect::<Vec<_>>() })))
}

#[derive(Deserialize)]
pub(super) struct PressRequest {
    #[serde(flatten)]
    seat: WindowQuery,
    message: Snowflake,
    custom_id: String,
}

pub(super) async fn press(
    State(playground): State<Playground>,
    Json(it): Json<PressRequest>,
) -> ActionResult {
    let id = playground.discord.press(&it.seat.person, it.message, &it.custom_id).await?;
    answered(&playground, &it.seat, id).await
}

#[derive(Deserialize)]
pub(super) struct ChooseRequest {
    #[serde(flatten)]
    seat: WindowQuery,
    message: Snowflake,
    custom_id: String,
    values: Vec<String>,
}

pub(super) async fn choose(
    State(playground): State<Playground>,
    Json(it): Json<ChooseRequest>,
) -> ActionResult {
    let values: Vec<&str> = it.values.iter().map(String::as_str).collect();
    let id = playground.discord.choose(&it.seat.person, it.message, &it.custom_id, &values).await?;
    answered(&playground, &it.seat, id).await
}

#[derive(Deserialize)]
pub(super) struct ContextMenuRequest {
    #[serde(flatten)]
    seat: WindowQuery,
    command: String,
    user: Option<String>,
    message: Option<Snowflake>,
}

pub(super) async fn use_on(
    State(playground): State<Playground>,
    Json(it): Json<ContextMenuRequest>,
) -> ActionResult {
    let (discord, seat) = (&playground.discord, &it.seat);
    let id = match (&it.user, it.message) {
        (Some(user), _) => discord.use_on_user(&seat.person, &seat.channel, &it.command, user).await?,
        (None, Some(message)) => discord.use_on_message(&seat.person, message, &it.command).await?,
        (None, None) => return Err(RequestError::Nowhere),
    };
    answered(&playground, seat, id).await
}

#[derive(Deserialize)]
pub(super) struct SubmitRequest {
    #[serde(flatten)]
    seat: WindowQuery,
    interaction: InteractionId,
    fields: BTreeMap<String, Vec<String>>,
}

pub(super) async fn submit(
    State(playground): State<Playground>,
    Json(it): Json<SubmitRequest>,
) -> ActionResult {
    let values: Vec<(&str, Vec<&str>)> = it
        .fields
        .iter()
        .map(|(name, values)| (name.as_str(), values.iter().map(String::as_str).collect()))
        .collect();
    let filled: Vec<(&str, &[&str])> = values.iter().map(|(name, values)| (*name, &values[..])).collect();
    let id = playground.discord.submit(&it.seat.person, it.interaction, &filled).await?;
    answered(&playground, &it.seat, id).await
}

/// The response to the acting window only: its modal, or that the interaction failed. Messages come by each
/// window's event stream.
async fn answered(playground: &Playground, seat: &WindowQuery, id: InteractionId) -> ActionResult {
    let view = playground
        .discord
        .wait_for(id, RESPONSE_TIMEOUT, |view| view.settled || !view.steps.is_empty())
        .await?;
    let mut done = json!({ "interaction": id });
    for step in &view.steps {
        match &step.seen {
            Seen::Modal { modal: form } => {
                let window = seat.window(playground)?;
                done["modal"] = modal::render(id, form, &window).into_string().into();
            }
            Seen::DidNotRespond { reason } => done["failed"] = reason.clone().into(),
            _ => {}
        }
    }
    Ok(Json(done))
}

#[derive(Deserialize)]
pub(super) struct UploadQuery {
    person: String,
    name: String,
}

pub(super) async fn upload(
    State(playground): State<Playground>,
    Query(file): Query<UploadQuery>,
    content: Bytes,
) -> ActionResult {
    let id = playground.discord.upload(&file.person, &file.name, content)?;
    Ok(Json(json!({ "id": id })))
}

#[derive(Deserialize)]
pub(super) struct DismissRequest {
    #[serde(flatten)]
    seat: WindowQuery,
    message: Snowflake,
}

pub(super) async fn dismiss(
    State(playground): State<Playground>,
    Json(it): Json<DismissRequest>,
) -> ActionResult {
    playground.dismiss(it.seat.window(&playground)?.me().id, it.message);
    Ok(Json(json!({})))
}
