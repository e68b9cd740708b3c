//! Accepts the development key at the interactions endpoint only from this machine.
//!
//! Every other route answers this machine only, but the interactions endpoint may be reached through a tunnel
//! by the real Discord. The development key is public, so remote requests must not be signed with it.

use std::time::Duration;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, StatusCode},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use discord::{Verifier, development_key};
use jiff::Timestamp;
use local_discord::localhost::is_of_this_machine;

use crate::events::{SIGNATURE_HEADER, TIMESTAMP_HEADER};

/// Headers that a proxy or a tunnel adds: such a request is remote even if its `Host` is local.
const FORWARDING_HEADERS: [&str; 4] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "cf-connecting-ip"];
/// A larger body is no interaction: 413.
const MAX_BODY_BYTES: usize = 1 << 20;

/// The route, behind the guard.
pub(crate) fn guarded(route: Router) -> Router {
    route.layer(from_fn(guard))
}

async fn guard(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_near =
        is_of_this_machine(headers) && !FORWARDING_HEADERS.iter().any(|name| headers.contains_key(*name));
    if is_near {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    if is_by_development_key(&head.headers, &body) {
        tracing::warn!("rejected a request from another machine that is signed with the development key");
        return StatusCode::UNAUTHORIZED.into_response();
    }
    next.run(Request::from_parts(head, Body::from(body))).await
}

fn is_by_development_key(headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // A maximum age of zero means any age: an old signature by this key is refused too.
    let verifier = Verifier::new(development_key::PUBLIC_KEY, Duration::ZERO);
    verifier.is_ok_and(|verifier| {
        let (signature, timestamp) = (header(SIGNATURE_HEADER), header(TIMESTAMP_HEADER));
        verifier.verify(signature, timestamp, body, Timestamp::UNIX_EPOCH).is_ok()
    })
}
