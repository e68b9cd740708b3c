//! API Gateway's HTTP API: turns a request into an event (payload format 2.0), and the function's response into an
//! HTTP response.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri},
    routing::any,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    Function,
    http_event::{HttpEvent, HttpRequest},
};

/// The maximum payload, 10 MiB. Source: AWS, "Quotas for HTTP API".
const MAX_REQUEST_BYTES: usize = 10 << 20;

/// Sends every request at `path` to the function.
pub fn route(path: &str, function: Function) -> Router {
    Router::new()
        .route(path, any(forward))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .with_state(function)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionResponse {
    status_code: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    is_base64_encoded: bool,
}

async fn forward(
    State(function): State<Function>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let Ok(event) = event(&method, &uri, &headers, &body, function.now()) else {
        return internal_server_error();
    };
    let answer = function.invoke(event).await;
    answer.ok().and_then(|answer| response(&answer)).unwrap_or_else(internal_server_error)
}

/// The event of a request, as JSON.
///
/// # Errors
/// Never in practice: an event is plain data.
pub fn event(
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    received: Timestamp,
) -> serde_json::Result<String> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let request = HttpRequest {
        method: method.as_str(),
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        headers: headers.iter().map(|(name, value)| (name.as_str(), text(value))).collect(),
        body,
    };
    serde_json::to_string(&HttpEvent::new(request, received, next_request_id(received)))
}

/// An id that no other request of this process has.
fn next_request_id(received: Timestamp) -> String {
    static REQUESTS: AtomicU64 = AtomicU64::new(0);
    format!("local-{}-{}", received.as_millisecond(), REQUESTS.fetch_add(1, Ordering::Relaxed))
}

/// The HTTP response of a function's response; `None` if that is invalid.
pub fn response(answer: &str) -> Option<Response<Body>> {
    let answer: FunctionResponse = serde_json::from_str(answer).ok()?;
    let body = if answer.is_base64_encoded {
        BASE64_STANDARD.decode(answer.body).ok()?
    } else {
        answer.body.into_bytes()
    };
    let mut response = Response::builder().status(answer.status_code);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(body.into()).ok()
}

/// API Gateway's response if the function fails.
fn internal_server_error() -> Response<Body> {
    let mut response = Response::new(Body::from(r#"{"message":"Internal Server Error"}"#));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
