//! Records what was refused, so that a test can fail on a refusal that it did not expect.

use std::collections::VecDeque;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::StatusCode,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use crate::Discord;

/// How many refusals are stored.
const MAX_REFUSALS: usize = 500;
/// Path segments longer than this are tokens, which are not recorded.
const MAX_SEGMENT_CHARACTERS: usize = 25;
/// The maximum size of an error body, in bytes.
const MAX_BODY_BYTES: usize = 1024 * 1024;
/// "Unknown Webhook" right after an inline response: the application cannot avoid it and must retry.
const UNKNOWN_WEBHOOK: u64 = 10015;

pub(crate) type Refusals = VecDeque<String>;

impl Discord {
    /// What was refused since this process started: REST calls answered with 4xx, and interactions with an
    /// invalid or missing response. Rate limits (429) and "Unknown Webhook" (10015) are not included.
    pub fn refusals(&self) -> Vec<String> {
        let refusals = self.inner.refusals.lock();
        refusals.iter().cloned().collect()
    }

    /// [`Discord::router`], with its refusals recorded for [`Discord::refusals`].
    pub fn watched_router(&self) -> Router {
        self.router().layer(from_fn_with_state(self.clone(), watch))
    }

    pub(crate) fn remember_refusal(&self, sentence: String) {
        let mut refusals = self.inner.refusals.lock();
        if refusals.len() == MAX_REFUSALS {
            refusals.pop_front();
        }
        refusals.push_back(sentence);
    }
}

async fn watch(State(discord): State<Discord>, request: Request, next: Next) -> Response {
    // The router's fallback is also that of the stack's other routes.
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let call = format!("{} {}", request.method(), without_tokens(request.uri().path()));
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return response;
    }
    let (head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let refusal: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if refusal["code"] != UNKNOWN_WEBHOOK {
        discord.remember_refusal(format!("{call}: {} {refusal}", status.as_u16()));
    }
    Response::from_parts(head, Body::from(bytes))
}

pub(crate) fn without_tokens(path: &str) -> String {
    let parts: Vec<&str> =
        path.split('/').map(|part| if part.len() > MAX_SEGMENT_CHARACTERS { "…" } else { part }).collect();
    parts.join("/")
}
