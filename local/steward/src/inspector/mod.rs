//! The inspector: a panel of the playground that shows interactions, queues, tables, logs and faults.

mod actions;
mod axis;
mod calls;
mod faults;
mod interactions;
mod logs;
mod outcomes;
mod query;
mod queues;
mod refusal;
mod tables;
mod timeline;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use local_playground::{Panel, guard};
use maud::{Markup, html};
use serde_json::json;

use self::query::{TabQuery, to_tab};
use crate::{Stack, shared::Shared};

/// Each tab's name in the URL and its title.
const TABS: [(&str, &str); 7] = [
    ("interactions", "Interactions"),
    ("calls", "API calls"),
    ("outcomes", "User outcomes"),
    ("queues", "Queues and environments"),
    ("tables", "Tables"),
    ("faults", "Faults and clock"),
    ("logs", "Logs"),
];

/// The inspector's routes. They need the whole stack, unlike the playground's.
pub(crate) fn router(shared: Shared) -> Router {
    Router::new()
        .route("/page/drawer/{tab}", get(tab))
        .route("/page/drawer/redrive", post(actions::redrive))
        .route("/page/drawer/discard", post(actions::discard))
        .route("/page/drawer/save", post(actions::save))
        .route("/page/drawer/knobs", post(actions::change_faults))
        .route("/page/drawer/clock", post(actions::clock))
        .layer(from_fn(guard))
        .with_state(shared)
}

/// An error response: its status and a sentence.
struct ErrorResponse(StatusCode, String);

impl ErrorResponse {
    fn unprocessable(sentence: impl std::fmt::Display) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, sentence.to_string())
    }
}

impl<E: Into<crate::Error>> From<E> for ErrorResponse {
    fn from(error: E) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, error.into().to_string())
    }
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

fn stack(shared: &Shared) -> Result<Arc<Stack>, ErrorResponse> {
    let starting =
        || ErrorResponse(StatusCode::SERVICE_UNAVAILABLE, "the stack is starting or stopping".to_owned());
    shared.running().ok_or_else(starting)
}

async fn tab(
    State(shared): State<Shared>,
    Path(tab): Path<String>,
    Query(query): Query<TabQuery>,
) -> Result<Markup, ErrorResponse> {
    let stack = stack(&shared)?;
    match tab.as_str() {
        "interactions" => interactions::render(&stack, &query),
        "calls" => Ok(calls::render(&stack, &query)),
        "outcomes" => Ok(outcomes::render(&stack)),
        "queues" => queues::render(&stack),
        "tables" => tables::render(&stack, &query),
        "faults" => faults::render(&stack),
        "logs" => Ok(logs::render(&stack, &query)),
        _ => Err(ErrorResponse(StatusCode::NOT_FOUND, "unknown tab".to_owned())),
    }
}

/// What the inspector adds to the playground's page: a button, the panel, a style and a script.
pub(crate) fn panel() -> Panel {
    Panel {
        opener: html! {
            button.engineer type="button" id="drawer-opener" data-act="drawer" aria-expanded="false" aria-controls="drawer" { "Engineer" }
        },
        body: frame(),
        style: include_str!("inspector.css"),
        script: ("inspector.js", include_str!("inspector.js")),
    }
}

/// The panel without content, which its script fetches.
fn frame() -> Markup {
    html! {
        aside.drawer id="drawer" aria-label="Engineer's drawer" hidden {
            div.drawer-head {
                div.tabs role="tablist" aria-label="Engineer's drawer" {
                    @for (index, (name, title)) in TABS.iter().enumerate() {
                        button role="tab" type="button" id=(format!("tab-{name}")) data-tab=(name)
                            aria-selected=((index == 0).to_string()) aria-controls="drawer-body"
                            tabindex=(if index == 0 { "0" } else { "-1" }) { (title) }
                    }
                }
                button.close type="button" data-act="drawer" aria-label="Close the drawer" { "✕" }
            }
            div.drawer-body id="drawer-body" role="tabpanel" tabindex="0" aria-labelledby="tab-interactions" {}
        }
    }
}
