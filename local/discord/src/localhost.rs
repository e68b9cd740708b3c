//! Only this machine is answered.

use axum::{
    Json, Router,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Answers only programs and pages of this machine.
pub fn guarded(router: Router) -> Router {
    router.layer(axum::middleware::from_fn(only_this_machine))
}

/// A page of somebody else that a browser shows must not act here: neither by a name that points to
/// this machine, nor by a request of its own.
async fn only_this_machine(
    headers: HeaderMap,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    if is_of_this_machine(&headers) {
        return next.run(request).await;
    }
    let error = "only pages and programs of this machine may ask";
    (StatusCode::FORBIDDEN, Json(json!({ "error": error }))).into_response()
}

/// Whether the request was sent to a name of this machine, and by none of its foreign pages.
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
