//! Notes what the application calls with an interaction's token.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::discord::{Discord, Snowflake, api_error::ApiError, limits, trace::interaction_of};

pub(super) async fn traced(State(discord): State<Discord>, request: Request, next: Next) -> Response {
    let Some((id, path)) = meant(request.uri().path()) else { return next.run(request).await };
    let (began, call) = (discord.inner.clock.now(), format!("{} {path}", request.method()));
    let (head, body) = request.into_parts();
    let Ok(sent) = to_bytes(body, limits::REQUEST_BYTES).await else {
        return ApiError::TOO_LARGE.into_response();
    };
    let response = next.run(Request::from_parts(head, Body::from(sent.clone()))).await;
    let (head, body) = response.into_parts();
    let Ok(answered) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    discord.note_wire(id, began, call, (&sent, (Some(head.status.as_u16()), &answered)));
    Response::from_parts(head, Body::from(answered))
}

/// Whose token is in the path, and the path without it.
fn meant(path: &str) -> Option<(Snowflake, String)> {
    let mut parts = path.split('/').skip_while(|part| !matches!(*part, "webhooks" | "interactions"));
    let route = parts.next()?;
    parts.next()?;
    let id = interaction_of(parts.next()?)?;
    let rest: Vec<&str> = parts.collect();
    Some((id, format!("/{route}/…/{}", rest.join("/"))))
}
