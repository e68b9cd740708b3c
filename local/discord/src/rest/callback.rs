//! `POST /interactions/{id}/{token}/callback`: the response, if it is not sent inline.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ApiResult, body::Body, snowflake};
use crate::{
    Discord, Snowflake,
    api_error::ApiError,
    model::{
        interaction::{self, Interaction},
        message,
    },
};

#[derive(Deserialize)]
pub(super) struct CallbackQuery {
    #[serde(default)]
    with_response: bool,
}

/// After an invalid body, the interaction can still be answered.
pub(super) async fn answer(
    State(discord): State<Discord>,
    Path((id, token)): Path<(String, String)>,
    Query(query): Query<CallbackQuery>,
    body: Body,
) -> ApiResult<Response> {
    let id = snowflake(&id, "interaction_id")?;
    check_token(&discord, id, &token)?;
    let (body, files) = body.message()?;
    let callback = discord.read_callback(id, &body)?;
    let (interaction, message) = discord.answer(id, callback, &files)?;
    if !query.with_response {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Json(response(&interaction, &body["type"], message.as_ref())).into_response())
}

/// A wrong or expired token gets "Unknown interaction".
fn check_token(discord: &Discord, id: Snowflake, token: &str) -> ApiResult<()> {
    let found = discord.inner.store.read(|db| interaction::load(db, id))?;
    let now = discord.inner.clock.now();
    let known = found.is_some_and(|found| found.token == token && !found.is_expired(now));
    if known { Ok(()) } else { Err(ApiError::UNKNOWN_INTERACTION) }
}

fn response(interaction: &Interaction, kind: &Value, message: Option<&Value>) -> Value {
    let mut answer = json!({
        "interaction": { "id": interaction.id, "type": interaction.kind.number() },
    });
    let Some(message) = message else { return answer };
    answer["interaction"]["response_message_id"] = message["id"].clone();
    answer["interaction"]["response_message_loading"] = message::is_loading(message).into();
    answer["interaction"]["response_message_ephemeral"] = message::is_private(message).into();
    if !message::is_loading(message) {
        answer["resource"] = json!({ "type": kind, "message": message });
    }
    answer
}
