//! Discord's REST API, for replies that come after the response.
//!
//! Only a few requests, so they are written here: twilight-http would bring HTTP/2, and a sender that
//! repeats a 429 without limit and without telling for how long.

mod answer;
mod buckets;
mod error;
mod gate;
mod invalid;
mod store;

use std::time::Duration;

use bytes::Bytes;
use domain::{ApplicationId, InteractionToken};
use http::Method;
use jiff::Timestamp;
use outbound::Measured;
use serde::Deserialize;
use tokio::time::Instant;

use crate::{Reply, limits::OverLimit, wire::Message};
use answer::Answer;
use buckets::{Key, Route};
pub use error::RestError;
use gate::Gate;
pub use invalid::{MAX_INVALID_REQUESTS, WARN_INVALID_REQUESTS};
pub use store::{LimitState, LimitStore, Unavailable};

/// Discord requires this header. Source: Discord's API reference, "User Agent".
const USER_AGENT: &str = concat!("DiscordBot (https://steward.invalid, ", env!("CARGO_PKG_VERSION"), ")");
/// The time limit of one request, including the whole response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(3);

/// The flag of a deferred message that still shows "thinking…". Source: Discord, "Message Flags".
const LOADING_FLAG: u64 = 1 << 7;

/// A client of Discord's REST API. It respects the rate limits, and shares through `S` those that concern
/// all environments.
#[derive(Debug)]
pub struct Rest<S> {
    http: outbound::Client,
    base: String,
    gate: Gate<S>,
}

impl<S: LimitStore> Rest<S> {
    /// A client of the API at `base` (`https://discord.com`).
    pub fn new(http: outbound::Client, base: impl Into<String>, store: S) -> Self {
        Self { http, base: base.into(), gate: Gate::new(store) }
    }

    /// Loads the limits that other environments have found, at most every few seconds. If the table is
    /// unavailable, they are treated as unset.
    pub async fn load_shared_limits(&self) {
        self.gate.load_shared().await;
    }

    /// Until when no request is sent at all; `None` if requests may be sent.
    pub fn closed_until(&self) -> Option<Timestamp> {
        self.gate.closed_until()
    }

    /// Edits the original response of an interaction. Idempotent.
    ///
    /// # Errors
    /// [`RestError`], after a single try: retries are up to the caller.
    pub async fn edit_reply(
        &self,
        application: ApplicationId,
        token: &InteractionToken,
        reply: Reply,
    ) -> Result<(), RestError> {
        let body = json(reply.update())?;
        self.send(Method::PATCH, original(application, token), Key::new(Route::EditReply, token), body).await
    }

    /// The text of the original response; `None` while it shows "thinking…".
    ///
    /// # Errors
    /// As [`Rest::edit_reply`].
    pub async fn read_reply(
        &self,
        application: ApplicationId,
        token: &InteractionToken,
    ) -> Result<Option<String>, RestError> {
        let key = Key::new(Route::ReadReply, token);
        let message = self.request(Method::GET, original(application, token), key, Bytes::new()).await?;
        let message: OriginalResponse = serde_json::from_slice(&message).map_err(|_| RestError::NoAnswer)?;
        Ok((message.flags & LOADING_FLAG == 0).then_some(message.content))
    }

    /// Deletes the original response. Repeating it fails with [`RestError::is_gone`].
    ///
    /// # Errors
    /// As [`Rest::edit_reply`].
    pub async fn delete_reply(
        &self,
        application: ApplicationId,
        token: &InteractionToken,
    ) -> Result<(), RestError> {
        let key = Key::new(Route::DeleteReply, token);
        self.send(Method::DELETE, original(application, token), key, Bytes::new()).await
    }

    /// Sends a follow-up message, ephemeral or public. Repeating it sends a second message. While the
    /// deferred message still shows "thinking…", Discord replaces that message and keeps its visibility.
    ///
    /// # Errors
    /// [`RestError`]; after [`RestError::NoAnswer`] the message may have been sent.
    pub async fn follow_up(
        &self,
        application: ApplicationId,
        token: &InteractionToken,
        reply: Reply,
        ephemeral: bool,
    ) -> Result<(), RestError> {
        let body = json(reply.message(ephemeral))?;
        let path = format!("/webhooks/{application}/{}", token.expose());
        self.send(Method::POST, path, Key::new(Route::FollowUp, token), body).await
    }

    async fn send(&self, method: Method, path: String, key: Key, body: Bytes) -> Result<(), RestError> {
        self.request(method, path, key, body).await.map(drop)
    }

    async fn request(&self, method: Method, path: String, key: Key, body: Bytes) -> Result<Bytes, RestError> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v10{path}", self.base))
            .header(http::header::USER_AGENT, USER_AGENT);
        // Discord parses a body that is declared as JSON, and rejects an empty one (code 50109).
        if !body.is_empty() {
            request = request.header(http::header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(body).map_err(|_| RestError::Invalid("address"))?;
        let permit = self.gate.enter(key).await?;
        let begun = Instant::now();
        let response = self.http.send(request, REQUEST_TIMEOUT).await;
        drop(permit);
        measure(key, Measured::new(begun.elapsed(), &response));
        let response = response.map_err(|_| RestError::NoAnswer)?;
        let answer = Answer::parse(&response);
        self.gate.record(key, &answer).await;
        answer.outcome.map(|()| response.into_body())
    }
}

/// Whether Discord's API answers: `GET /gateway`, which needs no token.
///
/// # Errors
/// [`RestError`], after a single try.
pub async fn gateway(http: &outbound::Client, base: &str, within: Duration) -> Result<(), RestError> {
    let request = http::Request::get(format!("{base}/api/v10/gateway"));
    let request = request.header(http::header::USER_AGENT, USER_AGENT).body(Bytes::new());
    let request = request.map_err(|_| RestError::Invalid("address"))?;
    let response = http.send(request, within).await.map_err(|_| RestError::NoAnswer)?;
    Answer::parse(&response).outcome
}

/// Logs a request, without its path, which has the interaction's token.
fn measure(key: Key, Measured { took_ms, status, failed_percent }: Measured) {
    tracing::info!(
        DiscordMs = took_ms,
        DiscordFailed = failed_percent,
        route = ?key.route,
        status,
        "request to Discord"
    );
}

/// The fields of a message that show whether it is a reply.
#[derive(Deserialize)]
struct OriginalResponse {
    /// Optional by Discord's documentation.
    #[serde(default)]
    flags: u64,
    #[serde(default)]
    content: String,
}

fn original(application: ApplicationId, token: &InteractionToken) -> String {
    format!("/webhooks/{application}/{}/messages/@original", token.expose())
}

fn json(message: Result<Message, OverLimit>) -> Result<Bytes, RestError> {
    let message = message.map_err(|over| RestError::Invalid(over.what))?;
    serde_json::to_vec(&message).map(Bytes::from).map_err(|_| RestError::Invalid("message"))
}
