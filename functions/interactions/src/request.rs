//! The HTTP request in API Gateway's event, without copying.

use std::{borrow::Cow, marker::PhantomData};

use base64::{Engine, prelude::BASE64_STANDARD};
use discord::signature;
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

/// The maximum body size, in bytes. Discord's interactions are a few kilobytes.
const MAX_BODY_BYTES: usize = 1 << 20;
const PATH: &str = "/interactions";

/// Why a request was rejected before the bot saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Rejection {
    #[error("not an HTTP event")]
    NotHttp,
    #[error("no such path")]
    Path,
    #[error("method not allowed")]
    Method,
    #[error("body too large")]
    TooLarge,
    #[error("{0}")]
    Signature(#[from] signature::SignatureError),
    #[error("not an interaction")]
    NotAnInteraction,
}

impl Rejection {
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::NotHttp | Self::NotAnInteraction => 400,
            Self::Signature(_) => 401,
            Self::Path => 404,
            Self::Method => 405,
            Self::TooLarge => 413,
        }
    }

    pub(crate) fn body(self) -> String {
        format!(r#"{{"error":"{self}"}}"#)
    }
}

/// An HTTP request: API Gateway's event in payload format 2.0.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request<'a> {
    #[serde(borrow, default)]
    headers: Headers<'a>,
    #[serde(borrow, default)]
    body: Option<Text<'a>>,
    #[serde(default)]
    is_base64_encoded: bool,
    #[serde(borrow, default)]
    raw_path: Cow<'a, str>,
    #[serde(borrow, default)]
    request_context: Option<RequestContext<'a>>,
    #[serde(borrow, default)]
    probe: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext<'a> {
    #[serde(borrow)]
    http: Http<'a>,
    #[serde(borrow, default)]
    request_id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Http<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
}

/// The two signature headers; header names are matched in any case.
#[derive(Default)]
struct Headers<'a> {
    signature: Option<Text<'a>>,
    timestamp: Option<Text<'a>>,
}

impl Request<'_> {
    /// Rejects every method and path except Discord's.
    pub(crate) fn check_route(&self) -> Result<(), Rejection> {
        let context = self.request_context.as_ref().ok_or(Rejection::NotHttp)?;
        if self.raw_path != PATH {
            return Err(Rejection::Path);
        }
        if context.http.method != "POST" {
            return Err(Rejection::Method);
        }
        Ok(())
    }

    /// The interaction of a probe: an event `{"probe": INTERACTION}`, which only those can send whom IAM allows to
    /// invoke the function. Whatever comes over HTTP has a `requestContext`, and is never a probe.
    pub(crate) fn probe(&self) -> Option<&str> {
        self.probe.filter(|_| self.request_context.is_none()).map(RawValue::get)
    }

    /// The signed bytes.
    pub(crate) fn body(&self) -> Result<Cow<'_, [u8]>, Rejection> {
        let body = self.body.as_ref().map_or("", |text| &*text.0);
        if body.len() > MAX_BODY_BYTES * 2 {
            return Err(Rejection::TooLarge);
        }
        let body = if self.is_base64_encoded {
            Cow::Owned(BASE64_STANDARD.decode(body).map_err(|_| Rejection::NotHttp)?)
        } else {
            Cow::Borrowed(body.as_bytes())
        };
        if body.len() > MAX_BODY_BYTES { Err(Rejection::TooLarge) } else { Ok(body) }
    }

    /// API Gateway's request id.
    pub(crate) fn gateway_id(&self) -> GatewayId {
        let id = self.request_context.as_ref().and_then(|context| context.request_id.as_ref());
        id.map_or(GatewayId::NONE, |id| GatewayId::of(&id.0))
    }

    pub(crate) fn signature(&self) -> Option<&str> {
        self.headers.signature.as_ref().map(|text| &*text.0)
    }

    pub(crate) fn timestamp(&self) -> Option<&str> {
        self.headers.timestamp.as_ref().map(|text| &*text.0)
    }
}

/// Longer than the ids that API Gateway makes: 16 characters, 36 of a REST API.
const MAX_GATEWAY_ID_BYTES: usize = 40;

/// API Gateway's request id, outside of the event, which is gone when the log line is written. On the stack,
/// because a copy on the heap would be an allocation for each interaction.
#[derive(Clone, Copy)]
pub(crate) struct GatewayId {
    bytes: [u8; MAX_GATEWAY_ID_BYTES],
    length: usize,
}

impl GatewayId {
    pub(crate) const NONE: Self = Self { bytes: [0; MAX_GATEWAY_ID_BYTES], length: 0 };

    /// None if the id is longer than any that API Gateway makes.
    fn of(id: &str) -> Self {
        let mut copied = Self::NONE;
        if let Some(bytes) = copied.bytes.get_mut(..id.len()) {
            bytes.copy_from_slice(id.as_bytes());
            copied.length = id.len();
        }
        copied
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        let id = std::str::from_utf8(self.bytes.get(..self.length)?).ok()?;
        Some(id).filter(|id| !id.is_empty())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Headers<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadersVisitor(PhantomData))
    }
}

struct HeadersVisitor<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> de::Visitor<'de> for HeadersVisitor<'a> {
    type Value = Headers<'a>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("headers")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Headers<'a>, A::Error> {
        let mut headers = Headers::default();
        while let Some(Text(name)) = map.next_key()? {
            if name.eq_ignore_ascii_case("x-signature-ed25519") {
                headers.signature = Some(map.next_value()?);
            } else if name.eq_ignore_ascii_case("x-signature-timestamp") {
                headers.timestamp = Some(map.next_value()?);
            } else {
                map.next_value::<de::IgnoredAny>()?;
            }
        }
        Ok(headers)
    }
}

/// A string that is copied only if it contains escapes. Serde always copies a plain `Cow` within an
/// `Option`.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    fn event(path: &str, method: &str, body: &str, encoded: bool) -> String {
        let body = serde_json::to_string(body).unwrap();
        format!(
            r#"{{"version":"2.0","rawPath":"{path}","headers":{{"X-Signature-ED25519":"aa","x-signature-timestamp":"1","host":"x"}},
            "requestContext":{{"http":{{"method":"{method}","path":"/"}}}},"body":{body},"isBase64Encoded":{encoded}}}"#
        )
    }

    fn parse(event: &str) -> serde_json::Result<Request<'_>> {
        serde_json::from_str(event)
    }

    fn rejected(event: &str) -> u16 {
        let Ok(request) = parse(event) else { return Rejection::NotHttp.status() };
        request.check_route().and_then(|()| request.body()).unwrap_err().status()
    }

    #[test]
    fn only_post_to_interactions_is_taken() {
        assert_eq!(rejected(&event("/", "POST", "", false)), 404);
        assert_eq!(rejected(&event("/interactions", "GET", "", false)), 405);
        assert_eq!(rejected("{}"), 400);
        assert_eq!(rejected(""), 400);
    }

    #[test]
    fn nothing_that_comes_over_http_is_a_probe() {
        let probe = r#""probe":{"type":2},"#;
        assert_eq!(parse(r#"{"probe":{"type":2}}"#).unwrap().probe(), Some(r#"{"type":2}"#));
        for (path, method) in [("/interactions", "POST"), ("/", "GET"), ("", "")] {
            for encoded in [false, true] {
                let body = r#"{"probe":{"type":2}}"#;
                for body in ["", body] {
                    let event = event(path, method, body, encoded);
                    assert_eq!(parse(&event).unwrap().probe(), None, "{event}");
                    let event = event.replacen('{', &format!("{{{probe}"), 1);
                    assert_eq!(parse(&event).unwrap().probe(), None, "{event}");
                }
            }
        }
        assert_eq!(parse("{}").unwrap().check_route(), Err(Rejection::NotHttp));
    }

    #[test]
    fn header_names_come_in_any_case() {
        let event = event("/interactions", "POST", "", false);
        let request = parse(&event).unwrap();
        assert_eq!((request.signature(), request.timestamp()), (Some("aa"), Some("1")));
    }

    #[test]
    fn the_gateways_request_id_is_kept_if_there_is_one() {
        let id = |context: &str| {
            let event =
                format!(r#"{{"rawPath":"/","requestContext":{{{context}"http":{{"method":"GET"}}}}}}"#);
            parse(&event).unwrap().gateway_id().as_str().map(str::to_owned)
        };
        assert_eq!(id(r#""requestId":"JKJaXmPLvHcESHA=","#).as_deref(), Some("JKJaXmPLvHcESHA="));
        assert_eq!([id(""), id(r#""requestId":"","#), id(r#""requestId":null,"#)], [None, None, None]);
        assert_eq!(id(&format!(r#""requestId":"{}","#, "x".repeat(41))), None);
    }

    #[test]
    fn a_body_is_taken_plain_or_in_base64() {
        let plain = event("/interactions", "POST", "{\"a\":\"ä\"}", false);
        assert_eq!(&*parse(&plain).unwrap().body().unwrap(), "{\"a\":\"ä\"}".as_bytes());
        let encoded = event("/interactions", "POST", &BASE64_STANDARD.encode([0xFF, 0]), true);
        assert_eq!(&*parse(&encoded).unwrap().body().unwrap(), [0xFF, 0]);
        assert_eq!(rejected(&event("/interactions", "POST", "not base64!", true)), 400);
    }

    #[test]
    fn more_than_a_mebibyte_is_too_large() {
        let limit = "x".repeat(MAX_BODY_BYTES);
        assert!(parse(&event("/interactions", "POST", &limit, false)).unwrap().body().is_ok());
        assert_eq!(rejected(&event("/interactions", "POST", &format!("{limit}x"), false)), 413);
        let encoded = BASE64_STANDARD.encode(format!("{limit}x"));
        assert_eq!(rejected(&event("/interactions", "POST", &encoded, true)), 413);
    }
}
