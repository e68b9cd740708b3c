//! What every REST call passes first: Cloudflare, then the rate limits.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io,
};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::{MatchedPath, RawPathParams, Request, State, rejection::RawPathParamsRejection},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use crate::discord::{
    Discord,
    api_error::ApiError,
    limits,
    rate_limit::{Bucket, Fare, Limited, Rule},
};

/// Refuses what comes too often, and tells in headers how often is too often.
pub(super) async fn limited(
    State(discord): State<Discord>,
    path: Option<MatchedPath>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Response {
    let limits = &discord.inner.rate_limits;
    let now = discord.inner.clock.now();
    if let Err(banned) = limits.check_ban(now) {
        return refusal("", banned);
    }
    let response = if is_bot(request.headers()) {
        // A path of no route has neither, and no bucket.
        let known = path.zip(params.ok());
        match known.and_then(|(path, params)| bucket(request.method(), path.as_str(), &params)) {
            Some(bucket) => in_bucket(&discord, &bucket, request, next).await,
            None => next.run(request).await,
        }
    } else {
        ApiError::BAD_USER_AGENT.into_response()
    };
    let shared = response.headers().get("x-ratelimit-scope").is_some_and(|scope| scope == "shared");
    if matches!(response.status().as_u16(), 401 | 403 | 429) && !shared {
        limits.count_invalid(now);
    }
    response
}

async fn in_bucket(discord: &Discord, bucket: &Bucket, request: Request, next: Next) -> Response {
    let id = bucket_id(&bucket.name);
    match discord.inner.rate_limits.take(bucket, discord.inner.clock.now()) {
        Ok(fare) if discord.knobs().get().shared_rate_limit => {
            let mut response = refusal(&id, Limited::User(Fare { remaining: 0, ..fare }));
            set(response.headers_mut(), "x-ratelimit-scope", "shared");
            response
        }
        Ok(fare) => {
            let mut response = next.run(request).await;
            show(response.headers_mut(), &id, fare);
            response
        }
        Err(limited) => refusal(&id, limited),
    }
}

/// `DiscordBot ($url, $version)`, and whatever the library adds.
fn is_bot(headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let inside = agent.strip_prefix("DiscordBot (").and_then(|rest| rest.split_once(')'));
    inside.is_some_and(|(inside, _)| inside.contains(", "))
}

/// None for the callback route, which has no bucket.
fn bucket(method: &Method, path: &str, params: &RawPathParams) -> Option<Bucket> {
    let path = path.strip_prefix("/api/v10").unwrap_or(path);
    if path.starts_with("/interactions/") {
        return None;
    }
    let webhook = path.starts_with("/webhooks/");
    let mut name = if webhook { "webhook".to_owned() } else { format!("{method} {path}") };
    for (key, value) in params {
        let major = match key {
            "channel" | "guild" => true,
            "application" | "token" => webhook,
            _ => false,
        };
        if major {
            name = format!("{name} {value}");
        }
    }
    Some(Bucket { name, rule: rule(method, path, webhook), in_global: !webhook })
}

fn rule(method: &Method, path: &str, webhook: bool) -> Rule {
    match path {
        _ if webhook => limits::WEBHOOK,
        "/channels/{channel}/messages" if method == Method::POST => limits::CREATE_MESSAGE,
        _ if path.contains("/reactions/") && method != Method::GET => limits::REACTION,
        _ => limits::OTHER_ROUTE,
    }
}

/// What clients tell buckets apart by; it says nothing of the route.
fn bucket_id(name: &str) -> String {
    let route = name.split_once(' ').map_or(name, |(route, _)| route);
    let mut hasher = DefaultHasher::new();
    (route, name).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn refusal(id: &str, limited: Limited) -> Response {
    let (wait_ms, global) = match limited {
        Limited::User(fare) => (fare.reset_after_ms, false),
        Limited::Global(wait) => (wait, true),
        Limited::Banned(wait) => return banned(wait),
    };
    let body = json!({
        "message": "You are being rate limited.", "retry_after": seconds(wait_ms), "global": global,
    });
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    let headers = response.headers_mut();
    if let Limited::User(fare) = limited {
        show(headers, id, fare);
    }
    if global {
        set(headers, "x-ratelimit-global", "true");
    }
    set(headers, "x-ratelimit-scope", if global { "global" } else { "user" });
    set(headers, "retry-after", &whole_seconds(wait_ms));
    response
}

/// Cloudflare's own page: no JSON, no rate-limit headers.
fn banned(wait_ms: i64) -> Response {
    let page = Html("<html><title>Access denied</title><body>error code: 1015</body></html>");
    let mut response = (StatusCode::TOO_MANY_REQUESTS, page).into_response();
    set(response.headers_mut(), "retry-after", &whole_seconds(wait_ms));
    response
}

fn show(headers: &mut HeaderMap, id: &str, fare: Fare) {
    set(headers, "x-ratelimit-limit", &fare.limit.to_string());
    set(headers, "x-ratelimit-remaining", &fare.remaining.to_string());
    set(headers, "x-ratelimit-reset", &format!("{:.3}", seconds(fare.reset_ms)));
    set(headers, "x-ratelimit-reset-after", &format!("{:.3}", seconds(fare.reset_after_ms)));
    set(headers, "x-ratelimit-bucket", id);
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of our time are below 2^53")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// The header knows whole seconds only, so it is rounded up.
fn whole_seconds(ms: i64) -> String {
    (ms + 999).div_euclid(1000).to_string()
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// An answer whose body fails before its first byte: the server closes the connection.
pub(super) fn closed_connection() -> Response {
    let reset = async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset)) };
    Response::new(Body::from_stream(futures_util::stream::once(reset)))
}
