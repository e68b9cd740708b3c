//! Delivers signed requests to the application.

mod answer;
pub(crate) mod callback;
pub(crate) mod endpoint_check;
pub(crate) mod in_flight;
pub(crate) mod multipart;
pub(crate) mod refusals;
pub(crate) mod response;
pub(crate) mod trace;

use std::{fmt, future::Future, ops::Deref, pin::Pin, sync::Arc};

use axum::{
    body::Bytes,
    http::{HeaderMap, Request, StatusCode, header},
};
use ed25519_dalek::{Signer, SigningKey};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client as HyperClient, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use tokio::time::Instant;

use self::in_flight::Delivery;
use crate::{Discord, Error, limits};

pub(crate) type Client = HyperClient<HttpConnector, Full<Bytes>>;

/// The outcome of a delivery: a response, or why there is none.
pub type DeliveryFuture = Pin<Box<dyn Future<Output = Result<Delivered, String>> + Send>>;

/// A transport that delivers requests to the application instead of the network.
pub type Transport = dyn Fn(Request<Bytes>) -> DeliveryFuture + Send + Sync;

const USER_AGENT: &str = "Discord-Interactions/1.0 (+https://discord.com)";

/// A [`Transport`] that implements `Debug`.
pub(crate) struct DebugTransport(Arc<Transport>);

impl Deref for DebugTransport {
    type Target = Transport;

    fn deref(&self) -> &Transport {
        &*self.0
    }
}

impl fmt::Debug for DebugTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

pub(crate) fn client() -> Client {
    HyperClient::builder(TokioExecutor::new()).build_http()
}

/// The application's HTTP response, not validated.
#[derive(Clone, Debug)]
pub struct Delivered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A body with its signature headers, which a probe may omit.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub timestamp: Option<String>,
    pub signature: Option<String>,
    pub body: Vec<u8>,
}

/// The key that signs interactions.
#[derive(Debug)]
pub(crate) struct Key(SigningKey);

impl Key {
    pub(crate) fn generate(chance: &mut fastrand::Rng) -> Self {
        let mut secret = [0; 32];
        chance.fill(&mut secret);
        Self(SigningKey::from_bytes(&secret))
    }

    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let mut secret = [0; 32];
        hex::decode_to_slice(text, &mut secret).ok()?;
        Some(Self(SigningKey::from_bytes(&secret)))
    }

    pub(crate) fn secret_hex(&self) -> String {
        hex::encode(self.0.as_bytes())
    }

    pub(crate) fn public_hex(&self) -> String {
        hex::encode(self.0.verifying_key().as_bytes())
    }

    /// The signature over the concatenated parts, in hex.
    pub(crate) fn sign(&self, parts: [&[u8]; 2]) -> String {
        hex::encode(self.0.sign(&parts.concat()).to_bytes())
    }
}

impl Discord {
    /// The signature over timestamp and body, in hex, as in `X-Signature-Ed25519`.
    pub fn sign(&self, timestamp: &str, body: &[u8]) -> String {
        self.inner.key.sign([timestamp.as_bytes(), body])
    }

    /// Delivers by this transport from now on. Only the first call has an effect.
    pub fn set_transport(&self, transport: Arc<Transport>) {
        let _ = self.inner.transport.set(DebugTransport(transport));
    }

    /// Signs any body and posts it to the application. The response is neither stored nor validated.
    ///
    /// # Errors
    /// If there was no complete response within three seconds of real time.
    pub async fn deliver(&self, body: Vec<u8>) -> Result<Delivered, Error> {
        let delivery = self.inner.in_flight.begin().await;
        self.deliver_within(&delivery, body).await
    }

    /// As [`Discord::deliver`], for an interaction whose delivery has begun.
    pub(crate) async fn deliver_within(
        &self,
        delivery: &Delivery,
        body: Vec<u8>,
    ) -> Result<Delivered, Error> {
        let signed = self.signed(body);
        let faults = self.faults().get();
        if self.faults().happens(faults.drop_percent) {
            return Err(Error::NoResponse("the delivery was lost".into()));
        }
        let url = self.endpoint_url()?;
        if self.faults().happens(faults.duplicate_percent) {
            let (again, url, signed) = (self.clone(), url.clone(), signed.clone());
            let delivery = delivery.clone();
            tokio::spawn(async move {
                // The response to the duplicate is ignored.
                let _ = again.post(&url, signed).await;
                drop(delivery);
            });
        }
        self.post(&url, signed).await
    }

    /// The body with a correct signature for now.
    pub(crate) fn signed(&self, body: Vec<u8>) -> Signed {
        let timestamp = self.inner.clock.now().as_second().to_string();
        let signature = self.sign(&timestamp, &body);
        Signed { timestamp: Some(timestamp), signature: Some(signature), body }
    }

    fn endpoint_url(&self) -> Result<String, Error> {
        let endpoint = self.inner.endpoint.read();
        match &endpoint.removed {
            Some(reason) => Err(Error::NoResponse(format!("its endpoint URL was removed, because {reason}"))),
            None if endpoint.url.is_empty() => Err(Error::NoResponse(
                "the application has no interactions endpoint URL: PATCH /applications/@me sets it".into(),
            )),
            None => Ok(endpoint.url.clone()),
        }
    }

    pub(crate) async fn post(&self, url: &str, signed: Signed) -> Result<Delivered, Error> {
        let mut request = Request::post(url)
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::CONTENT_TYPE, "application/json");
        let headers =
            [("X-Signature-Ed25519", signed.signature), ("X-Signature-Timestamp", signed.timestamp)];
        for (name, value) in headers {
            request = value.into_iter().fold(request, |request, value| request.header(name, value));
        }
        let request = request
            .body(Bytes::from(signed.body))
            .map_err(|error| Error::NoResponse(format!("the interactions URL `{url}`: {error}")))?;
        let exchange = async {
            if let Some(transport) = self.inner.transport.get() {
                return transport(request).await.map_err(Error::NoResponse);
            }
            let response = self.inner.client.request(request.map(Full::new)).await.map_err(unreachable)?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(unreachable)?.to_bytes();
            Ok(Delivered { status: head.status, headers: head.headers, body })
        };
        let began = Instant::now();
        let answer = tokio::time::timeout(limits::RESPONSE_TIMEOUT, exchange).await;
        match answer {
            // On a busy runtime a late response may be polled before the timer, although the timer expired first.
            Ok(answer) if began.elapsed() < limits::RESPONSE_TIMEOUT => answer,
            _ => Err(Error::NoResponse("no answer within 3 seconds".into())),
        }
    }
}

fn unreachable(error: impl std::error::Error) -> Error {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    Error::NoResponse(format!("{error}{cause}"))
}

/// The `Content-Type`; empty if there is none.
pub(crate) fn content_type(answer: &Delivered) -> &str {
    let header = answer.headers.get(header::CONTENT_TYPE);
    header.and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// The JSON of an inline response without files, which must be 200 and `application/json`.
pub(crate) fn inline_json(answer: &Delivered) -> Result<Value, Error> {
    if answer.status != StatusCode::OK {
        return Err(Error::NoResponse(format!("status {}", answer.status)));
    }
    let essence = content_type(answer).split(';').next().unwrap_or("").trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Error::NoResponse(format!("content type `{essence}`")));
    }
    serde_json::from_slice(&answer.body).map_err(|error| Error::NoResponse(format!("invalid JSON: {error}")))
}
