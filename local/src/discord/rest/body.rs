//! Request bodies: JSON, or multipart with nothing but `payload_json`.

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request},
    http::header,
};
use serde_json::Value;

use crate::discord::{api_error::ApiError, limits};

/// The JSON of a request, whichever way it came.
pub(super) struct Body(pub Value);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
        let bytes = to_bytes(request.into_body(), limits::REQUEST_BYTES).await;
        let bytes = bytes.map_err(|_| ApiError::TOO_LARGE)?;
        let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" => parse(&bytes),
            "multipart/form-data" => parse(&payload_json(&content_type, &bytes)?),
            _ => Err(wrong_content_type()),
        }
    }
}

impl Body {
    /// The body of a route that wants an object.
    pub(super) fn object(self) -> Result<Value, ApiError> {
        if self.0.is_object() {
            return Ok(self.0);
        }
        let message = "Only dictionaries may be used in a ModelType";
        Err(ApiError::request("MODEL_TYPE_CONVERT", message))
    }

    /// The body of a route that wants a list.
    pub(super) fn list(self) -> Result<Vec<Value>, ApiError> {
        match self.0 {
            Value::Array(list) => Ok(list),
            _ => {
                let message = "Only iterables may be used in a ListType";
                Err(ApiError::request("LIST_TYPE_CONVERT", message))
            }
        }
    }
}

fn parse(bytes: &[u8]) -> Result<Body, ApiError> {
    serde_json::from_slice(bytes).map(Body).map_err(|_| ApiError::INVALID_JSON)
}

fn wrong_content_type() -> ApiError {
    let message =
        "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.";
    ApiError::request("CONTENT_TYPE_INVALID", message)
}

/// The one part called `payload_json`. Files are not simulated yet, and dropping them silently would
/// let an application believe that they were shown.
fn payload_json(content_type: &str, body: &Bytes) -> Result<Vec<u8>, ApiError> {
    let boundary = content_type.split("boundary=").nth(1).unwrap_or("").trim_matches('"');
    let text = std::str::from_utf8(body).map_err(|_| files_refused())?;
    let delimiter = format!("--{boundary}");
    let mut payload = None;
    for part in text.split(delimiter.as_str()).filter_map(|part| part.split_once("\r\n\r\n")) {
        let (head, content) = part;
        if head.contains("filename=") || head.contains("name=\"files[") {
            return Err(files_refused());
        }
        if head.contains("name=\"payload_json\"") {
            payload = Some(content.trim_end_matches("\r\n").as_bytes().to_vec());
        }
    }
    payload.ok_or_else(|| ApiError::request("BASE_TYPE_REQUIRED", "payload_json is required"))
}

fn files_refused() -> ApiError {
    ApiError::request("FILES_NOT_SIMULATED", "This simulated Discord does not take files yet.")
}
