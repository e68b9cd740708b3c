//! Protects the page against other sites: a same-origin check, and a Content-Security-Policy.

use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Only scripts, styles and images of this server, nothing inline, and no framing.
const CONTENT_SECURITY_POLICY_VALUE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

const SECURITY_HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_VALUE),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Refuses requests of other origins, and sets the security headers. The surrounding server only checks that `Host`
/// and `Origin` are of this machine; here, a page of another port is refused too.
pub async fn guard(request: Request, next: Next) -> Response {
    let mut response = if is_own(request.method(), request.headers()) {
        next.run(request).await
    } else {
        let error = json!({ "error": "only the playground's own page may send this request" });
        (StatusCode::FORBIDDEN, Json(error)).into_response()
    };
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn is_own(method: &Method, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").unwrap_or("");
    let own_origin = text("origin").is_none_or(|origin| origin.strip_prefix("http://") == Some(host));
    // Another site may link to the page, but only the page itself may act or open the event stream.
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let near = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let opened = reads && text("sec-fetch-mode") == Some("navigate");
    own_origin && (near || opened)
}
