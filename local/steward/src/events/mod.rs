//! Interactions in files: signs them as API Gateway events, and reads bodies and signatures from such events.

mod samples;
mod signer;

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use local_lambda::{HttpEvent, HttpRequest};
use serde::Deserialize;
use serde_json::Value;

pub use samples::{SampleError, all as samples};
pub use signer::Signer;

/// The header of the signature.
pub(crate) const SIGNATURE_HEADER: &str = "x-signature-ed25519";
/// The header with the time of signing, which is part of what is signed.
pub(crate) const TIMESTAMP_HEADER: &str = "x-signature-timestamp";
/// The `User-Agent` of Discord's interaction requests.
const USER_AGENT: &str = "Discord-Interactions/1.0 (+https://discord.com)";

/// A signed interaction: its body, byte for byte, and the values of the two headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The signature covers the timestamp followed by this.
    pub body: String,
    /// Hex.
    pub signature: String,
    /// Seconds since 1970.
    pub timestamp: String,
}

/// Why a file could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// It is not JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// It is JSON, but not an object.
    #[error("neither an interaction nor an event of API Gateway: both are JSON objects")]
    NotAnInteraction,
    /// It is an SQS event.
    #[error("an SQS batch, which the interactions endpoint does not accept: send it to the jobs function")]
    Batch,
    /// It is an event with no body, or with one that cannot be decoded.
    #[error("an event without a readable body")]
    Body,
    /// It has no signature headers.
    #[error("without signature headers, so --unchanged cannot send it")]
    Unsigned,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// The body of an interaction in a file: an event of API Gateway that holds one, or the interaction
/// itself, with or without white space.
///
/// # Errors
/// [`EventError`] says what the file is instead.
pub fn body_of(text: &str) -> Result<String, EventError> {
    match event_of(text)? {
        Some(event) => decoded(event),
        None => Ok(compact(text)),
    }
}

/// The body of an API Gateway event, with the signature in its headers.
///
/// # Errors
/// [`EventError`]; a bare interaction is [`EventError::Unsigned`].
pub fn signed_of(text: &str) -> Result<Signed, EventError> {
    let event = event_of(text)?.ok_or(EventError::Unsigned)?;
    let header = |wanted: &str| {
        let found = event.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.clone()).ok_or(EventError::Unsigned)
    };
    let (signature, timestamp) = (header(SIGNATURE_HEADER)?, header(TIMESTAMP_HEADER)?);
    Ok(Signed { body: decoded(event)?, signature, timestamp })
}

fn event_of(text: &str) -> Result<Option<Event>, EventError> {
    let value: Value = serde_json::from_str(text).map_err(|error| EventError::NotJson(error.to_string()))?;
    let object = value.as_object().ok_or(EventError::NotAnInteraction)?;
    if object.contains_key("Records") {
        return Err(EventError::Batch);
    }
    let is_event = object.contains_key("requestContext");
    is_event.then(|| serde_json::from_value(value).map_err(|_| EventError::Body)).transpose()
}

fn decoded(event: Event) -> Result<String, EventError> {
    let body = event.body.ok_or(EventError::Body)?;
    if !event.is_base64_encoded {
        return Ok(body);
    }
    let bytes = BASE64_STANDARD.decode(body).map_err(|_| EventError::Body)?;
    String::from_utf8(bytes).map_err(|_| EventError::Body)
}

/// JSON without its white space, filtered as text: parsing and serializing would change the order of fields.
fn compact(json: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    let keeps = |character: &char| {
        match (inside, *character) {
            (true, _) if escaped => escaped = false,
            (true, '\\') => escaped = true,
            (_, '"') => inside = !inside,
            _ => {}
        }
        inside || !matches!(character, ' ' | '\t' | '\r' | '\n')
    };
    json.chars().filter(keeps).collect()
}

impl Signed {
    /// Signs a body; the timestamp is cut to whole seconds.
    pub fn new(signer: &Signer, timestamp: Timestamp, body: String) -> Self {
        let timestamp = timestamp.as_second().to_string();
        Self { signature: signer.sign(&timestamp, &body), timestamp, body }
    }

    /// The headers with which Discord would send it.
    pub fn headers(&self) -> [(&'static str, &str); 4] {
        [
            ("content-type", "application/json"),
            ("user-agent", USER_AGENT),
            (SIGNATURE_HEADER, &self.signature),
            (TIMESTAMP_HEADER, &self.timestamp),
        ]
    }

    /// The event that API Gateway would make of it, as a file.
    ///
    /// # Errors
    /// Never in practice: an event is plain data.
    pub fn event(&self) -> serde_json::Result<String> {
        let request = HttpRequest {
            method: "POST",
            path: "/interactions",
            query: "",
            headers: self.headers().into_iter().map(|(name, value)| (name, value.to_owned())).collect(),
            body: self.body.as_bytes(),
        };
        let seconds = self.timestamp.parse().unwrap_or_default();
        let received = Timestamp::from_second(seconds).unwrap_or_default();
        // Of the time alone, so that the files change only with their interactions.
        let request_id = format!("local-{}", received.as_millisecond());
        Ok(serde_json::to_string_pretty(&HttpEvent::new(request, received, request_id))? + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_but_not_what_is_written() {
        let written = "{ \"b\" : \"a \\\" { b\\\\\" ,\n\t\"a\": [1, 2.50] }\r\n";
        assert_eq!(body_of(written).unwrap(), "{\"b\":\"a \\\" { b\\\\\",\"a\":[1,2.50]}");
    }

    #[test]
    fn an_event_gives_its_body_and_signature_back() {
        let signed = Signed::new(&Signer::development(), Timestamp::UNIX_EPOCH, r#"{"type":1}"#.to_owned());
        let event = signed.event().unwrap();
        assert_eq!(body_of(&event).unwrap(), signed.body);
        assert_eq!(signed_of(&event).unwrap(), signed);
        let encoded = r#"{"requestContext":{},"isBase64Encoded":true,"body":"eyJ0eXBlIjogMX0="}"#;
        assert_eq!(body_of(encoded).unwrap(), r#"{"type": 1}"#);
        assert_eq!(signed_of(encoded), Err(EventError::Unsigned));
    }

    #[test]
    fn what_is_neither_is_named() {
        assert!(matches!(body_of("{"), Err(EventError::NotJson(_))));
        assert_eq!(body_of("[]"), Err(EventError::NotAnInteraction));
        assert_eq!(body_of(r#"{"Records":[]}"#), Err(EventError::Batch));
        assert_eq!(body_of(r#"{"requestContext":{}}"#), Err(EventError::Body));
        assert_eq!(signed_of(r#"{"type":1}"#), Err(EventError::Unsigned));
    }
}
