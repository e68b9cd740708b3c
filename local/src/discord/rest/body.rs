//! Request bodies: JSON, or multipart with `payload_json` and files.

use axum::{
    body::{Body as Raw, to_bytes},
    extract::{FromRequest, Multipart, Path, Request, State, multipart::Field},
    http::{Method, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{ApiResult, snowflake};
use crate::discord::{
    Discord,
    api_error::ApiError,
    file::{self, Upload},
    limits,
};

/// Where files are served, as on Discord's CDN; the middle part is the application.
pub(super) const FILES: &str = "/attachments/{application}/{file}/{name}";

/// The JSON of a request, whichever way it came. Uploads are listed in it as finished attachments.
pub(super) struct Body(pub Value);

impl FromRequest<Discord> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, discord: &Discord) -> ApiResult<Self> {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, limits::REQUEST_BYTES).await.map_err(|_| ApiError::TOO_LARGE)?;
        let content_type = header_of(&parts, header::CONTENT_TYPE);
        let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        let (mut body, uploads) = match essence.as_str() {
            "application/json" => (parse(&bytes)?, Vec::new()),
            "multipart/form-data" => {
                let request = Request::from_parts(parts.clone(), Raw::from(bytes));
                read_parts(request, discord).await?
            }
            _ => return Err(wrong_content_type()),
        };
        attach(discord, &parts, &mut body, &uploads)?;
        Ok(Self(body))
    }
}

impl Body {
    /// The body of a route that wants an object.
    pub(super) fn object(self) -> ApiResult<Value> {
        if self.0.is_object() {
            return Ok(self.0);
        }
        let message = "Only dictionaries may be used in a ModelType";
        Err(ApiError::request("MODEL_TYPE_CONVERT", message))
    }

    /// The body of a route that wants a list.
    pub(super) fn list(self) -> ApiResult<Vec<Value>> {
        match self.0 {
            Value::Array(list) => Ok(list),
            _ => {
                let message = "Only iterables may be used in a ListType";
                Err(ApiError::request("LIST_TYPE_CONVERT", message))
            }
        }
    }
}

fn header_of(parts: &Parts, name: header::HeaderName) -> String {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
}

fn parse(bytes: &[u8]) -> ApiResult<Value> {
    serde_json::from_slice(bytes).map_err(|_| ApiError::INVALID_JSON)
}

fn wrong_content_type() -> ApiError {
    let message =
        "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.";
    ApiError::request("CONTENT_TYPE_INVALID", message)
}

/// `payload_json` and `files[n]`; other parts are not looked at.
async fn read_parts(request: Request, discord: &Discord) -> ApiResult<(Value, Vec<Upload>)> {
    let mut form = Multipart::from_request(request, discord).await.map_err(|_| wrong_content_type())?;
    let (mut payload, mut uploads) = (None, Vec::new());
    while let Some(field) = form.next_field().await.map_err(|_| broken_parts())? {
        let name = field.name().unwrap_or("").to_owned();
        if name == "payload_json" {
            payload = Some(parse(&field.bytes().await.map_err(|_| broken_parts())?)?);
        } else if let Some(number) = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')) {
            uploads.push(upload(number.to_owned(), field).await?);
        }
    }
    Ok((payload.unwrap_or_else(|| json!({})), uploads))
}

async fn upload(number: String, field: Field<'_>) -> ApiResult<Upload> {
    Ok(Upload {
        number,
        name: field.file_name().unwrap_or("unknown").to_owned(),
        content_type: field.content_type().map(str::to_owned),
        data: field.bytes().await.map_err(|_| broken_parts())?.to_vec(),
    })
}

fn broken_parts() -> ApiError {
    ApiError::request("MULTIPART_TYPE_INVALID", "The multipart body could not be read.")
}

/// Puts the stored uploads into `attachments` of the message in the body.
fn attach(discord: &Discord, parts: &Parts, body: &mut Value, uploads: &[Upload]) -> ApiResult<()> {
    // The body of a callback holds its message in `data`.
    let (at, message) = if body["data"].is_object() { ("data", &mut body["data"]) } else { ("", body) };
    if !message.is_object() || uploads.is_empty() && !message["attachments"].is_array() {
        return Ok(());
    }
    let mut sent = message["attachments"].as_array().cloned().unwrap_or_default();
    // Only we know where a file is.
    sent.iter_mut().filter_map(Value::as_object_mut).for_each(|entry| {
        entry.remove("url");
    });
    file::check(uploads, at, &sent, parts.method == Method::POST)?;
    let host = header_of(parts, header::HOST);
    let base = format!("http://{host}/attachments/{}", discord.application_id());
    let mint = || discord.inner.mint.next(discord.inner.clock.now());
    message["attachments"] =
        discord.inner.store.write(|db| file::keep(db, uploads, &sent, (&base, mint)))?.into();
    Ok(())
}

/// Serves a file to whoever knows its address.
pub(super) async fn serve(
    State(discord): State<Discord>,
    Path((_, id, _)): Path<(String, String, String)>,
) -> ApiResult<Response> {
    let id = snowflake(&id, "file")?;
    let stored = discord.inner.store.read(|db| file::read(db, id))?.ok_or(ApiError::NOT_FOUND)?;
    Ok(([(header::CONTENT_TYPE, stored.content_type)], stored.data).into_response())
}
