//! Discord's REST API: how an interaction is answered later.
//!
//! Four requests, written here: twilight-http would bring HTTP/2 and a sender that repeats a 429
//! without end and without telling for how long.

mod answer;
mod buckets;
mod failed;
mod gate;
mod invalid;
mod store;

use std::time::Duration;

use bytes::Bytes;
use domain::{ApplicationId, InteractionToken};
use http::Method;
use jiff::Timestamp;
use serde::Deserialize;

use crate::{Reply, limits::OverLimit, wire::Message};
use answer::Answer;
use buckets::{Key, Route};
pub use failed::Failed;
use gate::Gate;
pub use invalid::{STOP, WARN};
pub use store::{Known, LimitStore, Unavailable};

/// Discord wants to know who calls. Source: Discord's API reference, "User Agent".
const USER_AGENT: &str = concat!("DiscordBot (https://steward.invalid, ", env!("CARGO_PKG_VERSION"), ")");
/// For one request, from the first byte to the last of the answer.
const WITHIN: Duration = Duration::from_secs(3);

/// A message that is still to be: "thinking…". Source: Discord, "Message Flags".
const LOADING: u64 = 1 << 7;

/// A client of Discord's REST API, which keeps to Discord's limits and shares in `S` what all
/// environments must know of them.
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

    /// Learns what other environments have met, if that was not asked in the last seconds. Nothing is
    /// known of a table that does not answer.
    pub async fn look(&self) {
        self.gate.look().await;
    }

    /// Until when nothing at all is sent; `None` if something may be.
    pub fn closed_until(&self) -> Option<Timestamp> {
        self.gate.closed_until()
    }

    /// Gives the deferred reply of an interaction: edits its first message. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`Failed`]; whether to try again is the caller's decision.
    pub async fn edit_reply(
        &self,
        application: ApplicationId,
        token: &InteractionToken,
        reply: Reply,
    ) -> Result<(), Failed> {
        let body = json(reply.update())?;
        self.send(Method::PATCH, original(application, token), Key::new(Route::EditReply, token), body).await
    }

    /// The text of the first message of an interaction; `None` as long as it is "thinking…".
    ///
    /// # Errors
    /// As [`Rest::edit_reply`].
    pub async fn read_reply(
        &self,
        application: ApplicationId,
        token: &InteractionToken,
    ) -> Result<Option<String>, Failed> {
        let key = Key::new(Route::ReadReply, token);
        let message = self.ask(Method::GET, original(application, token), key, Bytes::new()).await?;
        let message: Standing = serde_json::from_slice(&message).map_err(|_| Failed::NoAnswer)?;
        Ok((message.flags & LOADING == 0).then_some(message.content))
    }

    /// Takes the first message of an interaction away. Doing it again is a [`Failed::is_gone`].
    ///
    /// # Errors
    /// As [`Rest::edit_reply`].
    pub async fn delete_reply(
        &self,
        application: ApplicationId,
        token: &InteractionToken,
    ) -> Result<(), Failed> {
        let key = Key::new(Route::DeleteReply, token);
        self.send(Method::DELETE, original(application, token), key, Bytes::new()).await
    }

    /// Sends a follow-up message, ephemeral or public. Repeating it sends a second message; and while the deferred
    /// message still says "thinking…", Discord replaces that message, with its visibility.
    ///
    /// # Errors
    /// [`Failed`]; after [`Failed::NoAnswer`] it may have been said.
    pub async fn follow_up(
        &self,
        application: ApplicationId,
        token: &InteractionToken,
        reply: Reply,
        private: bool,
    ) -> Result<(), Failed> {
        let body = json(reply.message(private))?;
        let path = format!("/webhooks/{application}/{}", token.expose());
        self.send(Method::POST, path, Key::new(Route::FollowUp, token), body).await
    }

    async fn send(&self, method: Method, path: String, key: Key, body: Bytes) -> Result<(), Failed> {
        self.ask(method, path, key, body).await.map(drop)
    }

    async fn ask(&self, method: Method, path: String, key: Key, body: Bytes) -> Result<Bytes, Failed> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v10{path}", self.base))
            .header(http::header::USER_AGENT, USER_AGENT);
        // Discord reads what is called JSON, and nothing is no JSON (code 50109).
        if !body.is_empty() {
            request = request.header(http::header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(body).map_err(|_| Failed::Invalid("address"))?;
        let place = self.gate.enter(key).await?;
        let response = self.http.send(request, WITHIN).await;
        drop(place);
        let response = response.map_err(|_| Failed::NoAnswer)?;
        let answer = Answer::read(&response);
        self.gate.heard(key, &answer).await;
        answer.outcome.map(|()| response.into_body())
    }
}

/// A message, as far as it says what it is.
#[derive(Deserialize)]
struct Standing {
    flags: u64,
    content: String,
}

fn original(application: ApplicationId, token: &InteractionToken) -> String {
    format!("/webhooks/{application}/{}/messages/@original", token.expose())
}

fn json(message: Result<Message, OverLimit>) -> Result<Bytes, Failed> {
    let message = message.map_err(|over| Failed::Invalid(over.what))?;
    serde_json::to_vec(&message).map(Bytes::from).map_err(|_| Failed::Invalid("message"))
}
