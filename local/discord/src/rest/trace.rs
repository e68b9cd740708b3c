//! Records the application's REST calls for the inspector.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{StatusCode, Uri},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    Discord, Snowflake,
    api_error::ApiError,
    delivery::{
        refusals,
        trace::{Wire, interaction_of, text},
    },
    limits,
};

pub(super) async fn traced(State(discord): State<Discord>, request: Request, next: Next) -> Response {
    let (interaction, path) = meant(request.uri());
    let (began, call) = (discord.inner.clock.exact(), format!("{} {path}", request.method()));
    let (head, body) = request.into_parts();
    let Ok(sent) = to_bytes(body, limits::MAX_REQUEST_BYTES).await else {
        return ApiError::TOO_LARGE.into_response();
    };
    let response = next.run(Request::from_parts(head, Body::from(sent.clone()))).await;
    let (head, body) = response.into_parts();
    let Ok(answered) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    discord.note_call(Wire {
        interaction,
        began,
        ended: discord.inner.clock.exact(),
        call,
        status: Some(head.status.as_u16()),
        request: text(&sent),
        response: text(&answered),
        refused: None,
    });
    Response::from_parts(head, Body::from(answered))
}

/// The interaction whose token is in the path, and the path without tokens.
fn meant(uri: &Uri) -> (Option<Snowflake>, String) {
    let path = uri.path();
    let mut parts = path.split('/').skip_while(|part| !matches!(*part, "webhooks" | "interactions"));
    if let (Some(route), Some(_), Some(token)) = (parts.next(), parts.next(), parts.next())
        && let whose @ Some(_) = interaction_of(token)
    {
        let rest: Vec<&str> = parts.collect();
        return (whose, format!("/{route}/…/{}", rest.join("/")));
    }
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    (None, refusals::without_tokens(path) + &query)
}
