//! Restricts routes to this machine.

use axum::{
    Json, Router,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Answers 403 unless `Host` and `Origin` are absent or name this machine.
pub fn guarded(router: Router) -> Router {
    router.layer(axum::middleware::from_fn(only_this_machine))
}

/// Protects against web pages in a local browser: `Host` stops DNS rebinding, `Origin` cross-site requests.
async fn only_this_machine(
    headers: HeaderMap,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    if is_of_this_machine(&headers) {
        return next.run(request).await;
    }
    let error = "only requests from this machine are accepted";
    (StatusCode::FORBIDDEN, Json(json!({ "error": error }))).into_response()
}

/// Whether `Host` and `Origin`, where they are present, name this machine.
pub fn is_of_this_machine(headers: &HeaderMap) -> bool {
    let local = |name: header::HeaderName| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_none_or(is_local)
    };
    local(header::HOST) && local(header::ORIGIN)
}

fn is_local(host: &str) -> bool {
    let host = host.strip_prefix("http://").unwrap_or(host);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost")
}
