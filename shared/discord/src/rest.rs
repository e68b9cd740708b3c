//! Discord's REST API: how an interaction is answered later.
//!
//! Two requests, written here: twilight-http would bring HTTP/2 and a sender that repeats a 429
//! without end and without telling for how long.

use std::time::Duration;

use bytes::Bytes;
use domain::{ApplicationId, InteractionToken};
use http::Method;
use serde::Deserialize;

use crate::{Reply, wire::Message};

/// Discord wants to know who calls. Source: Discord's API reference, "User Agent".
const USER_AGENT: &str = concat!("DiscordBot (https://steward.invalid, ", env!("CARGO_PKG_VERSION"), ")");
/// For one request, from the first byte to the last of the answer.
const WITHIN: Duration = Duration::from_secs(3);

/// Discord does not know the webhook (yet): after an answer at once it may need seconds to.
const UNKNOWN_WEBHOOK: u64 = 10_015;
/// The interaction's token has died.
const INVALID_TOKEN: u64 = 50_027;

/// A client of Discord's REST API.
#[derive(Debug)]
pub struct Rest {
    http: outbound::Client,
    base: String,
}

/// Why a request had no success.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Failed {
    /// The reply breaks one of Discord's rules; it was not sent.
    #[error("not sent: {0}")]
    Invalid(&'static str),
    /// No answer came.
    #[error("no answer")]
    NoAnswer,
    /// Discord said no.
    #[error("status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's own code, where it gave one.
        code: Option<u64>,
        /// For how long Discord wants to be left alone.
        retry_after: Option<Duration>,
    },
}

impl Failed {
    /// Whether the message may yet appear: Discord may not have read our answer when we edit it.
    pub fn may_appear(&self) -> bool {
        matches!(self, Self::Refused { status: 404, code: Some(UNKNOWN_WEBHOOK), .. })
    }

    /// Whether the time to reply has passed.
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Refused { code: Some(INVALID_TOKEN), .. })
    }

    /// The HTTP status; `None` without an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// For how long Discord wants to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl Rest {
    /// A client of the API at `base` (`https://discord.com`).
    pub fn new(http: outbound::Client, base: impl Into<String>) -> Self {
        Self { http, base: base.into() }
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
        let message = reply.update().map_err(|over| Failed::Invalid(over.what))?;
        let path = format!("/webhooks/{application}/{}/messages/@original", token.expose());
        self.send(Method::PATCH, &path, &message).await
    }

    /// Says something to the user alone, as a message of its own. Doing it again says it again.
    ///
    /// # Errors
    /// [`Failed`]; after [`Failed::NoAnswer`] it may have been said.
    pub async fn say_privately(
        &self,
        application: ApplicationId,
        token: &InteractionToken,
        text: &str,
    ) -> Result<(), Failed> {
        let message = Reply::from(text.to_owned()).message(true);
        let message = message.map_err(|over| Failed::Invalid(over.what))?;
        let path = format!("/webhooks/{application}/{}", token.expose());
        self.send(Method::POST, &path, &message).await
    }

    async fn send(&self, method: Method, path: &str, message: &Message) -> Result<(), Failed> {
        let body = serde_json::to_vec(message).map_err(|_| Failed::Invalid("message"))?;
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v10{path}", self.base))
            .header(http::header::USER_AGENT, USER_AGENT)
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(Bytes::from(body))
            .map_err(|_| Failed::Invalid("address"))?;
        let response = self.http.send(request, WITHIN).await.map_err(|_| Failed::NoAnswer)?;
        if response.status().is_success() { Ok(()) } else { Err(refused(&response)) }
    }
}

/// The parts of an error that decide what happens next. Its text is not read: it could repeat ours.
#[derive(Default, Deserialize)]
struct ErrorBody {
    code: Option<u64>,
    retry_after: Option<f64>,
}

fn refused(response: &http::Response<Bytes>) -> Failed {
    let body: ErrorBody = serde_json::from_slice(response.body()).unwrap_or_default();
    let header = response.headers().get(http::header::RETRY_AFTER);
    let header = header.and_then(|value| value.to_str().ok()?.parse().ok());
    let seconds = body.retry_after.or(header);
    Failed::Refused {
        status: response.status().as_u16(),
        code: body.code,
        retry_after: seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
    }
}
