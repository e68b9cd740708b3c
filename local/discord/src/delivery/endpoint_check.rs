//! Endpoint checks with PING and badly signed requests: all of them when the URL is set, random ones later. An
//! endpoint that accepts a bad signature loses its URL, as with Discord.

use axum::http::StatusCode;
use serde_json::json;

use super::{Signed, inline_json};
use crate::{Discord, Error, limits, model};

/// One request of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointCheck {
    /// Correctly signed: the response must be PONG. All other probes must be refused with 401.
    Ping,
    /// Signed for another timestamp.
    OtherTime,
    /// Signed for another body.
    OtherBody,
    /// The first hex digit of the signature is wrong.
    Flipped,
    /// The signature is not hex.
    Garbled,
    /// Half of the signature is missing.
    Short,
    NoSignature,
    NoTimestamp,
}

impl EndpointCheck {
    pub(crate) const ALL: [Self; 8] = [
        Self::Ping,
        Self::OtherTime,
        Self::OtherBody,
        Self::Flipped,
        Self::Garbled,
        Self::Short,
        Self::NoSignature,
        Self::NoTimestamp,
    ];

    fn description(self) -> &'static str {
        match self {
            Self::Ping => "a PING",
            Self::OtherTime => "a request signed for another time",
            Self::OtherBody => "a request signed for another body",
            Self::Flipped => "a request with a wrong digit in its signature",
            Self::Garbled => "a request whose signature is not hex",
            Self::Short => "a request with half a signature",
            Self::NoSignature => "a request without X-Signature-Ed25519",
            Self::NoTimestamp => "a request without X-Signature-Timestamp",
        }
    }

    fn corrupt(self, discord: &Discord, mut signed: Signed) -> Signed {
        let signature = signed.signature.take().unwrap_or_default();
        signed.signature = match self {
            Self::Ping | Self::NoTimestamp => Some(signature),
            Self::OtherTime => Some(discord.sign("0", &signed.body)),
            Self::OtherBody => Some(discord.sign(signed.timestamp.as_deref().unwrap_or(""), b"{}")),
            Self::Flipped => Some(flipped(&signature)),
            Self::Garbled => Some("not a signature".into()),
            Self::Short => Some(signature.chars().take(64).collect()),
            Self::NoSignature => None,
        };
        if self == Self::NoTimestamp {
            signed.timestamp = None;
        }
        signed
    }

    /// What is wrong with the response, if anything.
    fn error(self, answer: &crate::Delivered) -> Option<String> {
        if self != Self::Ping {
            let refused = answer.status == StatusCode::UNAUTHORIZED;
            return (!refused).then(|| format!("a bad signature was answered with {}", answer.status));
        }
        match inline_json(answer) {
            Ok(body) if body["type"] == 1 => None,
            Ok(body) => Some(format!("PING was answered with type {}", body["type"])),
            Err(Error::NoResponse(reason)) => Some(format!("PING was answered with {reason}")),
            Err(error) => Some(error.to_string()),
        }
    }
}

/// The signature with another first digit.
fn flipped(signature: &str) -> String {
    let other = if signature.starts_with('0') { "1" } else { "0" };
    signature.chars().next().map_or_else(String::new, |first| signature.replacen(first, other, 1))
}

impl Discord {
    /// Sends a PING.
    ///
    /// # Errors
    /// If the response is not PONG.
    pub async fn ping(&self) -> Result<(), Error> {
        let answer = self.deliver(self.ping_body()).await?;
        EndpointCheck::Ping.error(&answer).map_or(Ok(()), |reason| Err(Error::NoResponse(reason)))
    }

    /// Checks a new endpoint with every probe.
    pub(crate) async fn check_endpoint(&self, url: &str) -> Result<(), Error> {
        for check in EndpointCheck::ALL {
            let reason = match self.check(url, check).await {
                Ok(None) => continue,
                Ok(Some(reason)) | Err(Error::NoResponse(reason)) => reason,
                Err(error) => return Err(error),
            };
            return Err(Error::NoResponse(format!("{}: {reason}", check.description())));
        }
        Ok(())
    }

    /// Repeats a check with the probability `probe_percent`, in a task of its own.
    pub(crate) fn check_now_and_then(&self) {
        let Some(check) = self.faults().draw_endpoint_check() else { return };
        let discord = self.clone();
        tokio::spawn(async move {
            let url = discord.interactions_url();
            // An endpoint that cannot be reached (`Err`) keeps its URL: it has not accepted a bad signature.
            if let Ok(Some(reason)) = discord.check(&url, check).await {
                discord.remove_endpoint(&url, reason);
            }
        });
    }

    /// Sends one probe. Returns what is wrong with the response, if anything.
    async fn check(&self, url: &str, check: EndpointCheck) -> Result<Option<String>, Error> {
        // The signature has the time too.
        let _delivery = self.inner.in_flight.begin().await;
        let signed = check.corrupt(self, self.signed(self.ping_body()));
        Ok(check.error(&self.post(url, signed).await?))
    }

    fn remove_endpoint(&self, url: &str, reason: String) {
        let mut endpoint = self.inner.endpoint.write();
        if endpoint.url != url {
            return;
        }
        tracing::warn!(url, reason, "the interactions endpoint URL was removed");
        self.remember_refusal(format!("the interactions endpoint URL was removed: {reason}"));
        endpoint.url.clear();
        endpoint.removed = Some(reason);
    }

    fn ping_body(&self) -> Vec<u8> {
        let id = self.inner.ids.next(self.inner.clock.now());
        let ping = json!({
            "app_permissions": "562949953601536",
            "application_id": self.application_id(),
            "attachment_size_limit": limits::ATTACHMENT_BYTES,
            "authorizing_integration_owners": {},
            "entitlements": [],
            "id": id,
            "token": self.new_token(id),
            "type": 1,
            "user": model::system_user(),
            "version": 1,
        });
        ping.to_string().into_bytes()
    }
}
