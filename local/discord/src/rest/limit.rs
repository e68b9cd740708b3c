//! A middleware for every REST call: Cloudflare's checks, then rate limits.

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
use local_clock::whole_ms;
use serde_json::json;

use crate::{
    Discord,
    api_error::ApiError,
    limits::{
        self, Rule,
        rate_limit::{Bucket, BucketState, RateLimited},
    },
    model::interaction,
};

/// Answers 429 over a limit, and adds the rate limit headers to other responses.
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
    // A path without a route has no bucket.
    let known = path.zip(params.ok());
    let bucket = known.as_ref().and_then(|(path, params)| bucket(request.method(), path.as_str(), params));
    let response = match bucket {
        _ if !is_bot(request.headers()) => ApiError::BAD_USER_AGENT.into_response(),
        Some(bucket) => match crowded(&discord, known.as_ref().map(|(_, params)| params)) {
            Some(refused) => refused,
            None => in_bucket(&discord, &bucket, request, next).await,
        },
        None => next.run(request).await,
    };
    let shared = response.headers().get("x-ratelimit-scope").is_some_and(|scope| scope == "shared");
    let status = response.status().as_u16();
    limits.count_call(status == 429);
    if matches!(status, 401 | 403 | 429) && !shared {
        limits.count_invalid(now);
    }
    response
}

/// The 429 that fault injection demands: for every call, or for too many webhook calls of a channel.
fn crowded(discord: &Discord, params: Option<&RawPathParams>) -> Option<Response> {
    let faults = discord.faults().get();
    if !faults.global_rate_limit.is_zero() {
        return Some(refusal("", RateLimited::Global(whole_ms(faults.global_rate_limit))));
    }
    let limit = Some(faults.webhooks_per_minute).filter(|limit| *limit > 0)?;
    let token = params?.iter().find_map(|(key, value)| (key == "token").then_some(value))?;
    let interaction = discord.inner.store.read(|db| interaction::by_token(db, token)).ok()??;
    let route = "webhooks of a channel".to_owned();
    let name = format!("{route} {}", interaction.channel);
    let shared = Bucket { name, route, rule: Rule { limit, window_ms: 60_000 }, in_global: false };
    let taken = discord.inner.rate_limits.take(&shared, discord.inner.clock.now());
    match taken.err()? {
        RateLimited::User(bucket_state) => {
            Some(refusal(&bucket_id(&shared.route), RateLimited::Shared(bucket_state)))
        }
        limited => Some(refusal("", limited)),
    }
}

async fn in_bucket(discord: &Discord, bucket: &Bucket, request: Request, next: Next) -> Response {
    let id = bucket_id(&bucket.route);
    match discord.inner.rate_limits.take(bucket, discord.inner.clock.now()) {
        Ok(bucket_state) if discord.faults().get().shared_rate_limit => {
            refusal(&id, RateLimited::Shared(BucketState { remaining: 0, ..bucket_state }))
        }
        Ok(bucket_state) => {
            let mut response = next.run(request).await;
            set_headers(response.headers_mut(), &id, bucket_state);
            response
        }
        Err(limited) => refusal(&id, limited),
    }
}

/// Whether the User-Agent is `DiscordBot ($url, $version)`, with any suffix.
fn is_bot(headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let inside = agent.strip_prefix("DiscordBot (").and_then(|rest| rest.split_once(')'));
    inside.is_some_and(|(inside, _)| inside.contains(", "))
}

/// The bucket of a route; `None` for the callback route, which has no limit.
fn bucket(method: &Method, path: &str, params: &RawPathParams) -> Option<Bucket> {
    let path = path.strip_prefix("/api/v10").unwrap_or(path);
    if path.starts_with("/interactions/") {
        return None;
    }
    let webhook = path.starts_with("/webhooks/");
    let route = if webhook { "webhook".to_owned() } else { format!("{method} {path}") };
    let mut name = route.clone();
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
    Some(Bucket { name, route, rule: rule(method, path, webhook), in_global: !webhook })
}

fn rule(method: &Method, path: &str, webhook: bool) -> Rule {
    match path {
        _ if webhook => limits::WEBHOOK,
        "/channels/{channel}/messages" if method == Method::POST => limits::CREATE_MESSAGE,
        _ if path.contains("/reactions/") && method != Method::GET => limits::REACTION,
        _ => limits::OTHER_ROUTE,
    }
}

/// `X-RateLimit-Bucket`: an opaque hash of the route. Clients combine it with the top-level resource.
fn bucket_id(route: &str) -> String {
    let mut hasher = DefaultHasher::new();
    route.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn refusal(id: &str, limited: RateLimited) -> Response {
    let (wait_ms, scope) = match limited {
        RateLimited::User(bucket_state) => (bucket_state.reset_after_ms, "user"),
        RateLimited::Shared(bucket_state) => (bucket_state.reset_after_ms, "shared"),
        RateLimited::Global(wait) => (wait, "global"),
        RateLimited::Banned(wait) => return banned(wait),
    };
    let global = scope == "global";
    let body = json!({
        "message": "You are being rate limited.", "retry_after": seconds(wait_ms), "global": global,
    });
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    let headers = response.headers_mut();
    if let RateLimited::User(bucket_state) | RateLimited::Shared(bucket_state) = limited {
        set_headers(headers, id, bucket_state);
    }
    if global {
        set(headers, "x-ratelimit-global", "true");
    }
    set(headers, "x-ratelimit-scope", scope);
    set(headers, "retry-after", &whole_seconds(wait_ms));
    response
}

/// Cloudflare's HTML page, without rate limit headers except `Retry-After`.
fn banned(wait_ms: i64) -> Response {
    let page = Html("<html><title>Access denied</title><body>error code: 1015</body></html>");
    let mut response = (StatusCode::TOO_MANY_REQUESTS, page).into_response();
    set(response.headers_mut(), "retry-after", &whole_seconds(wait_ms));
    response
}

fn set_headers(headers: &mut HeaderMap, id: &str, bucket_state: BucketState) {
    set(headers, "x-ratelimit-limit", &bucket_state.limit.to_string());
    set(headers, "x-ratelimit-remaining", &bucket_state.remaining.to_string());
    set(headers, "x-ratelimit-reset", &format!("{:.3}", seconds(bucket_state.reset_ms)));
    set(headers, "x-ratelimit-reset-after", &format!("{:.3}", seconds(bucket_state.reset_after_ms)));
    set(headers, "x-ratelimit-bucket", id);
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of our time are below 2^53")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// `Retry-After` has whole seconds, rounded up.
fn whole_seconds(ms: i64) -> String {
    (ms + 999).div_euclid(1000).to_string()
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// A response whose body fails before its first byte, so that the server closes the connection.
pub(super) fn closed_connection() -> Response {
    let reset = async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset)) };
    Response::new(Body::from_stream(futures_util::stream::once(reset)))
}
