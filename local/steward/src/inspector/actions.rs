//! The inspector's actions: dead letters, fault injection, the clock, and saving an interaction as a sample.

use std::{fs, path::Path, time::Duration};

use axum::{Json, extract::State};
use local_discord::Snowflake;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Problem, interactions::pretty, stack};
use crate::{
    events,
    shared::{FURTHEST, Shared},
};

type Done = Result<Json<Value>, Problem>;

#[derive(Deserialize)]
pub(super) struct Letters {
    queue: String,
    #[serde(default)]
    message_id: String,
}

pub(super) async fn redrive(State(shared): State<Shared>, Json(it): Json<Letters>) -> Done {
    let moved = stack(&shared)?.queues.redrive(&it.queue)?;
    Ok(Json(json!({ "moved": moved })))
}

pub(super) async fn discard(State(shared): State<Shared>, Json(it): Json<Letters>) -> Done {
    stack(&shared)?.queues.discard(&it.queue, &it.message_id)?;
    Ok(Json(json!({})))
}

pub(super) async fn knobs(State(shared): State<Shared>, Json(named): Json<Map<String, Value>>) -> Done {
    let turned = stack(&shared)?.discord.knobs().turn_named(named).map_err(Problem::wrong)?;
    Ok(Json(serde_json::to_value(turned).map_err(Problem::wrong)?))
}

#[derive(Deserialize)]
pub(super) struct Advance {
    seconds: u64,
}

pub(super) async fn clock(State(shared): State<Shared>, Json(by): Json<Advance>) -> Done {
    if by.seconds > FURTHEST {
        return Err(Problem::wrong("the clock can be advanced by at most a year"));
    }
    let stack = stack(&shared)?;
    stack.advance(Duration::from_secs(by.seconds))?;
    Ok(Json(json!({ "now": stack.clock.now() })))
}

#[derive(Deserialize)]
pub(super) struct Save {
    interaction: Snowflake,
}

/// Writes the interaction to `events/interactions/`, and regenerates the signed events of `events/`.
pub(super) async fn save(State(shared): State<Shared>, Json(it): Json<Save>) -> Done {
    let traced = stack(&shared)?.discord.traced()?;
    let found = traced.iter().find(|one| one.view.id == it.interaction);
    let found = found.ok_or_else(|| Problem::wrong("this interaction is no longer stored"))?;
    let sent = found.wires.iter().find(|wire| wire.call == "POST /interactions");
    let body = sent.ok_or_else(|| Problem::wrong("no request was sent for it"))?.request.as_str();
    let folder = Path::new("events");
    if !folder.join("interactions").is_dir() {
        return Err(Problem::wrong(
            "there is no folder events/interactions here: start steward in the root of the repository",
        ));
    }
    let name = format!("saved_{}", it.interaction);
    let write = |path: &Path, text: &str| fs::write(path, text).map_err(Problem::wrong);
    write(&folder.join("interactions").join(format!("{name}.json")), &(pretty(body) + "\n"))?;
    for (file, text) in events::samples(folder).map_err(Problem::wrong)? {
        write(&folder.join(file), &text)?;
    }
    Ok(Json(json!({ "saved": format!("events/{name}.json") })))
}
