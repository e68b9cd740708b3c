//! The REST API under `/api/v10`.

mod applications;
mod authority;
mod body;
mod callback;
mod channels;
mod command_permissions;
mod commands;
mod entitlements;
mod guilds;
mod history;
mod limit;
mod members;
mod messages;
mod object;
mod permission;
mod query;
mod reactions;
mod reason;
mod record;
mod scope;
mod thread_members;
mod threads;
mod trace;
mod users;
mod webhooks;

use axum::{
    Router,
    body::HttpBody,
    extract::{DefaultBodyLimit, Request, State},
    http::{Method, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};

use crate::{Discord, Snowflake, api_error::ApiError};

pub(crate) use record::Record;

pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl Discord {
    /// The routes `/api/v10/...` and those of files.
    pub fn router(&self) -> Router {
        let routes = bot_routes(self)
            .merge(commands::routes(self))
            .merge(token_routes())
            .fallback(|| async { ApiError::NOT_FOUND })
            .method_not_allowed_fallback(|| async { ApiError::METHOD_NOT_ALLOWED })
            .layer(from_fn(no_empty_json))
            .layer(from_fn_with_state(self.clone(), limit::limited))
            .layer(from_fn_with_state(self.clone(), trace::traced))
            .layer(from_fn_with_state(self.clone(), record::recorded))
            .layer(from_fn_with_state(self.clone(), latency))
            // `Body` has its own limit.
            .layer(DefaultBodyLimit::disable())
            .with_state(self.clone());
        let files = Router::new()
            .route(body::FILE_ROUTE, get(body::serve))
            .route(body::UPLOAD_ROUTE, get(body::serve_upload))
            .with_state(self.clone());
        Router::new().nest("/api/v10", routes).merge(files)
    }
}

/// Routes that need `Authorization: Bot …`.
fn bot_routes(discord: &Discord) -> Router<Discord> {
    Router::new()
        .route("/users/@me", get(applications::bot_user))
        .route("/applications/@me", get(applications::read).patch(applications::change))
        .merge(market_routes())
        .merge(channel_routes())
        .merge(threads::routes())
        .merge(guilds::routes())
        .route("/users/@me/channels", post(users::direct))
        .route("/users/@me/guilds", get(users::my_guilds))
        .route("/users/{user}", get(users::user))
        .route_layer(from_fn_with_state(discord.clone(), authenticate))
}

/// SKUs and entitlements.
fn market_routes() -> Router<Discord> {
    const ENTITLEMENT: &str = "/applications/{application}/entitlements/{entitlement}";
    Router::new()
        .route("/applications/{application}/skus", get(entitlements::skus))
        .route("/applications/{application}/entitlements", get(entitlements::list).post(entitlements::create))
        .route(ENTITLEMENT, get(entitlements::read).delete(entitlements::delete))
        .route(&format!("{ENTITLEMENT}/consume"), post(entitlements::consume))
}

/// Messages, reactions, pins and the typing indicator.
fn channel_routes() -> Router<Discord> {
    const MESSAGE: &str = "/channels/{channel}/messages/{message}";
    let message = get(messages::read).patch(messages::edit).delete(messages::delete);
    let reaction = put(reactions::add).delete(reactions::remove);
    let pin = put(reactions::pin).delete(reactions::unpin);
    Router::new()
        .route("/channels/{channel}/typing", post(channels::typing))
        .route("/channels/{channel}/messages", get(history::list).post(messages::create))
        .route(MESSAGE, message)
        .route(&format!("{MESSAGE}/crosspost"), post(messages::crosspost))
        .route(&format!("{MESSAGE}/reactions/{{emoji}}"), get(reactions::list))
        .route(&format!("{MESSAGE}/reactions/{{emoji}}/@me"), reaction)
        .route("/channels/{channel}/messages/pins", get(reactions::pins))
        .route("/channels/{channel}/messages/pins/{message}", pin)
}

/// Routes without the bot's token: those that are authenticated by the interaction token in their path, and
/// `/gateway`, which everybody may ask.
fn token_routes() -> Router<Discord> {
    let message = get(webhooks::read).patch(webhooks::edit).delete(webhooks::delete);
    Router::new()
        .route("/gateway", get(applications::gateway))
        .route("/interactions/{id}/{token}/callback", post(callback::answer))
        .route("/webhooks/{application}/{token}", post(webhooks::follow_up))
        .route("/webhooks/{application}/{token}/messages/{message}", message)
}

async fn authenticate(State(discord): State<Discord>, request: Request, next: Next) -> Response {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if sent.and_then(|value| value.strip_prefix("Bot ")) != Some(discord.bot_token()) {
        return ApiError::UNAUTHORIZED.into_response();
    }
    next.run(request).await
}

/// Discord parses a body whose `Content-Type` is JSON even on routes without a body, so an empty one is refused.
async fn no_empty_json(request: Request, next: Next) -> Response {
    let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|it| it == "application/json");
    if is_json && request.method() != Method::GET && request.body().is_end_stream() {
        return ApiError::INVALID_JSON.into_response();
    }
    next.run(request).await
}

async fn latency(State(discord): State<Discord>, request: Request, next: Next) -> Response {
    let faults = discord.faults().get();
    if discord.faults().happens(faults.reset_percent) {
        return limit::closed_connection();
    }
    let latency = faults.latency;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    next.run(request).await
}

/// Parses an id in a path or query; Discord's error (50035) if it is no snowflake.
fn snowflake(text: &str, parameter: &str) -> ApiResult<Snowflake> {
    text.parse().map_err(|_| {
        let mut errors = crate::validation::FormErrors::default();
        let message = format!("Value \"{text}\" is not snowflake.");
        errors.report(parameter, "NUMBER_TYPE_COERCE", message);
        ApiError::invalid_form(errors)
    })
}
