//! The inspector's actions: dead letters, fault injection, the clock, and saving an interaction as a sample.

use std::{fs, path::Path, time::Duration};

use aws::Selection;
use axum::{Json, extract::State};
use local_discord::Snowflake;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{ErrorResponse, interactions::pretty, stack};
use crate::{
    events,
    shared::{MAX_ADVANCE_SECONDS, Shared},
};

type ActionResult = Result<Json<Value>, ErrorResponse>;

#[derive(Deserialize)]
pub(super) struct DeadLetterRequest {
    queue: String,
    message_id: String,
}

pub(super) async fn redrive(State(shared): State<Shared>) -> ActionResult {
    let stack = stack(&shared)?;
    let moved = stack.dead_letters.redrive(&Selection::All).await?;
    Ok(Json(json!({ "moved": moved })))
}

pub(super) async fn discard(State(shared): State<Shared>, Json(it): Json<DeadLetterRequest>) -> ActionResult {
    stack(&shared)?.queues.discard(&it.queue, &it.message_id)?;
    Ok(Json(json!({})))
}

pub(super) async fn change_faults(
    State(shared): State<Shared>,
    Json(named): Json<Map<String, Value>>,
) -> ActionResult {
    let changed =
        stack(&shared)?.discord.faults().change_named(named).map_err(ErrorResponse::unprocessable)?;
    Ok(Json(serde_json::to_value(changed).map_err(ErrorResponse::unprocessable)?))
}

#[derive(Deserialize)]
pub(super) struct Advance {
    seconds: u64,
}

pub(super) async fn clock(State(shared): State<Shared>, Json(by): Json<Advance>) -> ActionResult {
    if by.seconds > MAX_ADVANCE_SECONDS {
        return Err(ErrorResponse::unprocessable("the clock can be advanced by at most a year"));
    }
    let stack = stack(&shared)?;
    stack.advance(Duration::from_secs(by.seconds)).await?;
    Ok(Json(json!({ "now": stack.clock.now() })))
}

#[derive(Deserialize)]
pub(super) struct Save {
    interaction: Snowflake,
}

/// Writes the interaction to `events/interactions/`, and regenerates the signed events of `events/`.
pub(super) async fn save(State(shared): State<Shared>, Json(it): Json<Save>) -> ActionResult {
    let traced = stack(&shared)?.discord.traced()?;
    let found = traced.iter().find(|one| one.view.id == it.interaction);
    let found = found.ok_or_else(|| ErrorResponse::unprocessable("this interaction is no longer stored"))?;
    let sent = found.wires.iter().find(|wire| wire.call == "POST /interactions");
    let body =
        sent.ok_or_else(|| ErrorResponse::unprocessable("no request was sent for it"))?.request.as_str();
    let folder = Path::new("events");
    if !folder.join("interactions").is_dir() {
        return Err(ErrorResponse::unprocessable(
            "there is no folder events/interactions here: start steward in the root of the repository",
        ));
    }
    let name = format!("saved_{}", it.interaction);
    let write = |path: &Path, text: &str| fs::write(path, text).map_err(ErrorResponse::unprocessable);
    write(&folder.join("interactions").join(format!("{name}.json")), &(pretty(body) + "\n"))?;
    for (file, text) in events::samples(folder).map_err(ErrorResponse::unprocessable)? {
        write(&folder.join(file), &text)?;
    }
    Ok(Json(json!({ "saved": format!("events/{name}.json") })))
}
