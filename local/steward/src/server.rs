//! The routes of the one port: the interactions endpoint, Discord's REST API, the playground and `/local`.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{Request, State},
    http::StatusCode,
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{get, post},
};
use commands::{Commands, Registry as _};
use health::Health;
use local_discord::{control, localhost::guarded};
use local_playground::Playground;
use runtime::Function as _;
use serde::Deserialize;
use serde_json::json;

use crate::{
    Stack, endpoint, heartbeat, inspector,
    shared::{ErrorResponse, MAX_ADVANCE_SECONDS, Shared},
    status::Status,
};

pub(crate) fn router(stack: &Stack, shared: Shared) -> Router {
    let people = Router::new()
        .route("/local/status", get(status))
        .route("/local/variables", get(variables))
        .route("/local/clock", post(advance))
        .with_state(shared.clone())
        .merge(inspector::router(shared.clone()))
        .merge(Playground::new(stack.discord.clone(), group, Some(inspector::panel())).router())
        .merge(stack.dead_letters.clone().router())
        .merge(stack.discord.watched_router())
        .merge(control::router(stack.discord.clone()))
        .nest("/open-meteo", stack.open_meteo.router());
    // Only this route accepts another `Host`: the real Discord reaches it through a tunnel.
    let door = local_lambda::route("/interactions", stack.interactions.clone());
    let aws = stack.releases.router(shared.clone()).merge(heartbeat::router(shared.clone()));
    let health = health(stack, shared);
    endpoint::guarded(door).merge(guarded(people)).merge(guarded(aws)).merge(guarded(health))
}

/// The health function. `/healthz` is 503 until the commands are registered, for scripts that wait for the stack.
fn health(stack: &Stack, shared: Shared) -> Router {
    let function = stack.function(Health::NAME).expect("it is in the list of functions").clone();
    let routes = ["/healthz", "/readyz", "/status"].map(|path| local_lambda::route(path, function.clone()));
    routes.into_iter().fold(Router::new(), Router::merge).layer(from_fn_with_state(shared, when_started))
}

/// The heading of a command in the playground's palette: its feature, or the bot's name if it has none.
fn group(command: &str, locale: &str) -> String {
    let feature = Commands::find(command).and_then(|entry| entry.feature);
    let language = domain::Language::from_locale(locale);
    feature.map_or_else(|| "Steward".to_owned(), |feature| words::settings::feature(language, feature))
}

async fn when_started(
    State(shared): State<Shared>,
    request: Request,
    next: Next,
) -> Result<Response, ErrorResponse> {
    let starting = || ErrorResponse(StatusCode::SERVICE_UNAVAILABLE, "the stack is starting".to_owned());
    if shared.is_started() { Ok(next.run(request).await) } else { Err(starting()) }
}

async fn status(State(shared): State<Shared>) -> Result<Json<Status>, ErrorResponse> {
    Ok(Json(Status::of(&*shared.stack()?).await?))
}

async fn variables(State(shared): State<Shared>) -> Result<String, ErrorResponse> {
    Ok(shared.stack()?.variables.clone())
}

#[derive(Deserialize)]
struct Advance {
    seconds: u64,
}

/// Advances the stack's clock.
async fn advance(
    State(shared): State<Shared>,
    Json(by): Json<Advance>,
) -> Result<Json<serde_json::Value>, ErrorResponse> {
    if by.seconds > MAX_ADVANCE_SECONDS {
        return Err(ErrorResponse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the clock can be advanced by at most a year".to_owned(),
        ));
    }
    let stack = shared.stack()?;
    stack.advance(Duration::from_secs(by.seconds)).await?;
    Ok(Json(json!({ "now": stack.clock.now() })))
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use tower::util::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn the_health_routes_are_503_until_the_commands_are_registered() {
        let shared = Shared::default();
        let routes = Router::new().route("/healthz", get(async || "ok"));
        let routes = routes.layer(from_fn_with_state(shared.clone(), when_started));
        let status = async || {
            let request = Request::get("/healthz").body(Body::empty()).unwrap();
            routes.clone().oneshot(request).await.unwrap().status()
        };
        assert_eq!(status().await, StatusCode::SERVICE_UNAVAILABLE);
        shared.set_started();
        assert_eq!(status().await, StatusCode::OK);
    }
}
