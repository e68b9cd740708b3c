//! API Gateway: an HTTP request as the event of payload 2.0, and the response out of it.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, Method, Response, StatusCode, Uri},
    routing::any,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::Function;

/// What API Gateway takes. Source: AWS, "Quotas for HTTP API".
const LARGEST_REQUEST: usize = 10 << 20;

/// Sends every request at `path` to the function.
pub fn route(path: &str, function: Function) -> Router {
    Router::new().route(path, any(forward)).layer(DefaultBodyLimit::max(LARGEST_REQUEST)).with_state(function)
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
    let answer = function.invoke(event(&method, &uri, &headers, &body)).await;
    answer.ok().and_then(|answer| response(&answer)).unwrap_or_else(internal_server_error)
}

fn event(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> String {
    let (body, encoded) = match std::str::from_utf8(body) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (BASE64_STANDARD.encode(body), true),
    };
    let headers: BTreeMap<&str, String> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let path = uri.path();
    json!({
        "version": "2.0",
        "routeKey": format!("{method} {path}"),
        "rawPath": path,
        "rawQueryString": uri.query().unwrap_or_default(),
        "headers": headers,
        "requestContext": {
            "stage": "$default",
            "http": { "method": method.as_str(), "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1" },
        },
        "body": body,
        "isBase64Encoded": encoded,
    })
    .to_string()
}

fn response(answer: &str) -> Option<Response<Body>> {
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

/// What API Gateway says when the function fails.
fn internal_server_error() -> Response<Body> {
    let mut response = Response::new(Body::from(r#"{"message":"Internal Server Error"}"#));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
