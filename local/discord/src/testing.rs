//! For tests in Rust: a simulated Discord, a small application whose responses a test chooses, and a client of
//! the REST API.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Request, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use http_body_util::{BodyExt, Full};
use local_clock::Clock;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{Discord, InteractionId, Options, View, delivery};

/// The timeout of waits, longer than any test should take.
pub const WAIT_TIMEOUT: Duration = Duration::from_secs(10);

/// The application's response to an interaction. A JSON object is the response, null is 202 without a body, a
/// number is that status, and a string means no response in time.
pub type Respond = fn(&Value) -> Value;

/// A simulated Discord, the application under test, and a client of the REST API.
pub struct TestApp {
    pub discord: Discord,
    pub clock: Clock,
    base: String,
    pub received: Arc<Mutex<Vec<Value>>>,
}

/// A response of the REST API; `body` is null if it is not JSON.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

#[derive(Clone)]
struct Bot {
    public_key: String,
    respond: Respond,
    received: Arc<Mutex<Vec<Value>>>,
}

impl TestApp {
    /// In memory, with three commands: `/weather`, `/coins pay` and `/ping`.
    pub async fn open(respond: Respond) -> Self {
        Self::open_at(None, respond).await
    }

    /// With this database file, or in memory without one.
    pub async fn open_at(database: Option<PathBuf>, respond: Respond) -> Self {
        Self::open_with(database, answers(), respond).await
    }

    /// Also writes every REST response into the folder `answers`.
    pub async fn open_with(database: Option<PathBuf>, answers: Option<PathBuf>, respond: Respond) -> Self {
        let clock = Clock::default();
        let interactions_url = String::new();
        let options = Options { database, clock: clock.clone(), interactions_url, seed: 7, answers };
        let discord = Discord::open(options).unwrap();
        let received = Arc::default();
        let bot = Bot { public_key: discord.public_key(), respond, received: Arc::clone(&received) };
        let application = Router::new().route("/interactions", post(interact)).with_state(bot);
        discord.set_interactions_url(format!("{}/interactions", serve(application).await));
        let base = serve(discord.router()).await;
        let app = Self { discord, clock, base, received };
        app.register(definitions()).await;
        app
    }

    /// Overwrites the global commands.
    pub async fn register(&self, commands: Value) -> Answer {
        let path = format!("/applications/{}/commands", self.discord.application_id());
        self.call("PUT", &path, Some(commands)).await
    }

    /// A REST call with the bot's token.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let authorization = format!("Bot {}", self.discord.bot_token());
        self.json(method, path, &authorization, body).await
    }

    /// A REST call with this `Authorization`. Without a body, `Content-Type` is empty.
    pub async fn json(&self, method: &str, path: &str, authorization: &str, body: Option<Value>) -> Answer {
        let kind = if body.is_some() { "application/json" } else { "" };
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.raw(method, path, authorization, kind, body).await
    }

    /// A REST call with any headers and body.
    pub async fn raw(
        &self,
        method: &str,
        path: &str,
        authorization: &str,
        content_type: &str,
        body: String,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(self.url(path))
            .header("user-agent", "DiscordBot (https://steward.invalid, 0)")
            .header("authorization", authorization)
            .header("content-type", content_type)
            .body(Full::from(body))
            .unwrap();
        ask(request).await
    }

    /// A GET with the bot's token and this User-Agent.
    pub async fn ask_as(&self, agent: &str, path: &str) -> Answer {
        let authorization = format!("Bot {}", self.discord.bot_token());
        let request = Request::get(self.url(path));
        let request = request.header("user-agent", agent).header("authorization", authorization);
        ask(request.body(Full::default()).unwrap()).await
    }

    /// The body behind any URL.
    pub async fn fetch(&self, url: &str) -> Vec<u8> {
        let request = Request::get(url).body(Full::default()).unwrap();
        let response = delivery::client().request(request).await.unwrap();
        response.into_body().collect().await.unwrap().to_bytes().to_vec()
    }

    /// The URL of a REST route.
    pub fn url(&self, path: &str) -> String {
        format!("{}/api/v10{path}", self.base)
    }

    /// Types a command as a member, in the channel `general`.
    pub async fn say(&self, line: &str) -> InteractionId {
        self.discord.say("Bartholomew Finch", "general", line).await.unwrap()
    }

    /// What the member has seen when the interaction is settled.
    pub async fn settled(&self, id: InteractionId) -> View {
        self.discord.wait_until_settled(id, WAIT_TIMEOUT).await.unwrap()
    }

    /// What the member has seen when there is a first step.
    pub async fn first_step(&self, id: InteractionId) -> View {
        self.discord.wait_for(id, WAIT_TIMEOUT, |view| !view.steps.is_empty()).await.unwrap()
    }

    /// The last interaction that reached the application.
    pub fn last(&self) -> Value {
        self.received.lock().unwrap().last().unwrap().clone()
    }

    /// The path of the last interaction's webhook: `/webhooks/{application}/{token}`.
    pub fn webhook(&self) -> String {
        let token = self.last()["token"].as_str().unwrap().to_owned();
        format!("/webhooks/{}/{token}", self.discord.application_id())
    }

    /// Edits the original response of the last interaction.
    pub async fn edit_original(&self, body: Value) -> Answer {
        self.call("PATCH", &format!("{}/messages/@original", self.webhook()), Some(body)).await
    }
}

/// The folder in which this test run records REST responses, from `STEWARD_TEST_ANSWERS`.
#[expect(clippy::disallowed_methods, reason = "a test has no main that reads variables")]
pub fn answers() -> Option<PathBuf> {
    std::env::var("STEWARD_TEST_ANSWERS").ok().map(PathBuf::from)
}

pub(crate) async fn ask(request: Request<Full<Bytes>>) -> Answer {
    let response = delivery::client().request(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    }
}

/// Serves a router on a free port of 127.0.0.1. Returns its URL.
pub async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn interact(State(bot): State<Bot>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_signed(&bot.public_key, &headers, &body) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let interaction: Value = serde_json::from_slice(&body).unwrap();
    bot.received.lock().unwrap().push(interaction.clone());
    if interaction["type"] == 1 {
        return Json(json!({ "type": 1 })).into_response();
    }
    match (bot.respond)(&interaction) {
        Value::String(_) => {
            tokio::time::sleep(WAIT_TIMEOUT).await;
            StatusCode::OK.into_response()
        }
        Value::Null => StatusCode::ACCEPTED.into_response(),
        Value::Number(status) => {
            let status = u16::try_from(status.as_u64().unwrap()).unwrap();
            StatusCode::from_u16(status).unwrap().into_response()
        }
        answer => Json(answer).into_response(),
    }
}

/// Whether a request has a valid signature by this key, which every application must check.
pub fn is_signed(public_key: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    let key: [u8; 32] = hex::decode(public_key).unwrap().try_into().unwrap();
    let key = VerifyingKey::from_bytes(&key).unwrap();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let signature = hex::decode(header("x-signature-ed25519")).unwrap_or_default();
    let Ok(signature) = Signature::from_slice(&signature) else { return false };
    key.verify(&[header("x-signature-timestamp").as_bytes(), body].concat(), &signature).is_ok()
}

/// The commands of the application: `/weather`, `/coins pay` and `/ping`.
pub fn definitions() -> Value {
    json!([
        {
            "name": "weather",
            "name_localizations": { "de": "wetter" },
            "description": "Tell me the weather",
            "options": [
                { "type": 3, "name": "place", "description": "Where", "required": true,
                  "max_length": 20, "autocomplete": true },
                { "type": 3, "name": "units", "description": "How", "choices": [
                    { "name": "Metric", "value": "metric", "name_localizations": { "de": "Metrisch" } },
                    { "name": "Imperial", "value": "imperial" }] },
                { "type": 4, "name": "days", "description": "How long", "min_value": 1, "max_value": 7 },
            ],
        },
        {
            "name": "coins",
            "description": "Money",
            "options": [{
                "type": 1, "name": "pay", "description": "Pay somebody", "options": [
                    { "type": 6, "name": "to", "description": "Whom", "required": true },
                    { "type": 10, "name": "share", "description": "How much" },
                    { "type": 5, "name": "loud", "description": "Tell all" }],
            }],
        },
        { "name": "ping", "description": "Are you there" },
    ])
}
