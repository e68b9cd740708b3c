//! Bodies of requests and inline responses: JSON, or multipart with `payload_json` and `files[n]`.

use axum::{
    body::{Body as Raw, Bytes},
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::Field},
    http::header,
};
use serde_json::{Value, json};

use crate::{
    Discord,
    api_error::ApiError,
    model::file::{self, NewFile, Upload},
};

/// The callback type that updates a message.
const UPDATE_MESSAGE: u64 = 7;

/// A parsed body. The JSON lists uploads as complete attachment objects.
pub(crate) struct Parts {
    pub json: Value,
    pub files: Vec<NewFile>,
}

impl Discord {
    /// Parses a body. `origin` begins the URLs of files. `new`: the body creates a message, not an edit.
    pub(crate) async fn read_parts(
        &self,
        content_type: &str,
        bytes: Bytes,
        origin: &str,
        new: bool,
    ) -> Result<Parts, ApiError> {
        let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        let (mut json, uploads) = match essence.as_str() {
            "application/json" => (parse(&bytes)?, Vec::new()),
            "multipart/form-data" => read(content_type, bytes).await?,
            _ => return Err(wrong_content_type()),
        };
        let new = new && json["type"] != UPDATE_MESSAGE;
        let files = self.attach(&mut json, uploads, origin, new)?;
        Ok(Parts { json, files })
    }

    /// Adds the uploads to `attachments` of the message in the body.
    fn attach(
        &self,
        body: &mut Value,
        uploads: Vec<Upload>,
        origin: &str,
        new: bool,
    ) -> Result<Vec<NewFile>, ApiError> {
        // In a callback, the message is in `data`.
        let (at, message) = if body["data"].is_object() { ("data", &mut body["data"]) } else { ("", body) };
        if !message.is_object() || uploads.is_empty() && !message["attachments"].is_array() {
            return Ok(Vec::new());
        }
        let mut sent = message["attachments"].as_array().cloned().unwrap_or_default();
        // Only this server sets URLs of files; `file::merge` relies on it.
        sent.iter_mut().filter_map(Value::as_object_mut).for_each(|entry| {
            entry.remove("url");
        });
        file::check(&uploads, at, &sent, new)?;
        let base = format!("{origin}/attachments/{}", self.application_id());
        let ids = || self.inner.ids.next(self.inner.clock.now());
        let (list, files) = file::name(uploads, &sent, (&base, ids));
        message["attachments"] = list.into();
        Ok(files)
    }
}

fn parse(bytes: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(bytes).map_err(|_| ApiError::INVALID_JSON)
}

fn wrong_content_type() -> ApiError {
    let message =
        "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.";
    ApiError::request("CONTENT_TYPE_INVALID", message)
}

/// Reads `payload_json` and `files[n]`, and ignores other parts.
async fn read(content_type: &str, bytes: Bytes) -> Result<(Value, Vec<Upload>), ApiError> {
    let request = Request::post("/").header(header::CONTENT_TYPE, content_type).body(Raw::from(bytes));
    let mut request = request.map_err(|_| wrong_content_type())?;
    // The size was limited where the bytes were received.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut errors = Multipart::from_request(request, &()).await.map_err(|_| wrong_content_type())?;
    let (mut payload, mut uploads) = (None, Vec::new());
    while let Some(field) = errors.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or("").to_owned();
        if name == "payload_json" {
            payload = Some(parse(&field.bytes().await.map_err(|_| broken())?)?);
        } else if let Some(number) = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')) {
            uploads.push(upload(number.to_owned(), field).await?);
        }
    }
    Ok((payload.unwrap_or_else(|| json!({})), uploads))
}

async fn upload(number: String, field: Field<'_>) -> Result<Upload, ApiError> {
    Ok(Upload {
        number,
        name: field.file_name().unwrap_or("unknown").to_owned(),
        content_type: field.content_type().map(str::to_owned),
        data: field.bytes().await.map_err(|_| broken())?.to_vec(),
    })
}

fn broken() -> ApiError {
    ApiError::request("MULTIPART_TYPE_INVALID", "The multipart body could not be read.")
}
