//! Deliveries: signed requests from Discord to the application.

use std::time::Instant;

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
use serde_json::{Value, json};

use super::{Discord, Error, limits, world};

pub(super) type Client = HyperClient<HttpConnector, Full<Bytes>>;

const USER_AGENT: &str = "Discord-Interactions/1.0 (+https://discord.com)";

pub(super) fn client() -> Client {
    HyperClient::builder(TokioExecutor::new()).build_http()
}

/// What the application answered, unjudged.
#[derive(Clone, Debug)]
pub struct Delivered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The key that signs interactions.
#[derive(Debug)]
pub(super) struct Key(SigningKey);

impl Key {
    pub(super) fn generate(chance: &mut fastrand::Rng) -> Self {
        let mut secret = [0; 32];
        chance.fill(&mut secret);
        Self(SigningKey::from_bytes(&secret))
    }

    pub(super) fn from_hex(text: &str) -> Option<Self> {
        let mut secret = [0; 32];
        for (index, byte) in secret.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        Some(Self(SigningKey::from_bytes(&secret)))
    }

    pub(super) fn secret_hex(&self) -> String {
        hex(self.0.as_bytes())
    }

    pub(super) fn public_hex(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    /// Hex of the signature over the parts, one after the other.
    pub(super) fn sign(&self, parts: [&[u8]; 2]) -> String {
        hex(&self.0.sign(&parts.concat()).to_bytes())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Discord {
    /// The signature of a request, as `X-Signature-Ed25519` carries it.
    pub fn sign(&self, timestamp: &str, body: &[u8]) -> String {
        self.inner.key.sign([timestamp.as_bytes(), body])
    }

    /// Signs any body and posts it to the application. Nothing is stored and nothing is judged.
    ///
    /// # Errors
    /// When no whole answer came within three seconds of real time.
    pub async fn deliver(&self, body: Vec<u8>) -> Result<Delivered, Error> {
        let timestamp = self.inner.clock.now().as_second().to_string();
        let signature = self.sign(&timestamp, &body);
        let knobs = self.knobs().get();
        if self.knobs().strikes(knobs.drop_percent) {
            return Err(Error::NoResponse("the delivery was lost".into()));
        }
        let url = self.interactions_url();
        if self.knobs().strikes(knobs.duplicate_percent) {
            let (again, url) = (self.clone(), url.clone());
            let (timestamp, signature, body) = (timestamp.clone(), signature.clone(), body.clone());
            // Nobody looks at what the application answers to the second one.
            tokio::spawn(async move { again.post(&url, &timestamp, &signature, body).await });
        }
        self.post(&url, &timestamp, &signature, body).await
    }

    /// Sends PING.
    ///
    /// # Errors
    /// When the application did not answer with PONG.
    pub async fn ping(&self) -> Result<(), Error> {
        is_pong(&self.deliver(self.ping_body()).await?)
    }

    /// The check of a new endpoint: PING must be answered, and a bad signature refused with 401.
    pub(super) async fn check_endpoint(&self, url: &str) -> Result<(), Error> {
        let timestamp = self.inner.clock.now().as_second().to_string();
        let body = self.ping_body();
        let signature = self.sign(&timestamp, &body);
        is_pong(&self.post(url, &timestamp, &signature, body.clone()).await?)?;
        let forged = self.sign("0", &body);
        let answer = self.post(url, &timestamp, &forged, body).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            let reason = format!("a bad signature was answered with {}", answer.status);
            return Err(Error::NoResponse(reason));
        }
        Ok(())
    }

    fn ping_body(&self) -> Vec<u8> {
        let id = self.inner.mint.next(self.inner.clock.now());
        let ping = json!({
            "app_permissions": "562949953601536",
            "application_id": self.application_id(),
            "attachment_size_limit": limits::ATTACHMENT_BYTES,
            "authorizing_integration_owners": {},
            "entitlements": [],
            "id": id,
            "token": self.new_token(id),
            "type": 1,
            "user": world::system_user(),
            "version": 1,
        });
        ping.to_string().into_bytes()
    }

    async fn post(
        &self,
        url: &str,
        timestamp: &str,
        signature: &str,
        body: Vec<u8>,
    ) -> Result<Delivered, Error> {
        let request = Request::post(url)
            .header("X-Signature-Ed25519", signature)
            .header("X-Signature-Timestamp", timestamp)
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(body))
            .map_err(|error| Error::NoResponse(format!("the interactions URL `{url}`: {error}")))?;
        let exchange = async {
            let response = self.inner.client.request(request).await.map_err(unreachable)?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(unreachable)?.to_bytes();
            Ok(Delivered { status: head.status, headers: head.headers, body })
        };
        let began = Instant::now();
        let answer = tokio::time::timeout(limits::RESPONSE, exchange).await;
        match answer {
            // On a busy runtime the answer may be seen before the timer that ran out earlier.
            Ok(answer) if began.elapsed() < limits::RESPONSE => answer,
            _ => Err(Error::NoResponse("no answer within 3 seconds".into())),
        }
    }
}

fn unreachable(error: impl std::error::Error) -> Error {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    Error::NoResponse(format!("{error}{cause}"))
}

/// The body of a 200 with JSON, which every inline response must be.
pub(super) fn inline_json(answer: &Delivered) -> Result<Value, Error> {
    if answer.status != StatusCode::OK {
        return Err(Error::NoResponse(format!("status {}", answer.status)));
    }
    let content_type = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or("").split(';').next().unwrap_or("").trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Error::NoResponse(format!("content type `{essence}`")));
    }
    serde_json::from_slice(&answer.body).map_err(|error| Error::NoResponse(format!("invalid JSON: {error}")))
}

fn is_pong(answer: &Delivered) -> Result<(), Error> {
    let body = inline_json(answer)?;
    if body["type"] == 1 {
        return Ok(());
    }
    Err(Error::NoResponse(format!("PING was answered with type {}", body["type"])))
}
