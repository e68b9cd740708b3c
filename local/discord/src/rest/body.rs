//! Request bodies, and the routes that serve files.

use axum::{
    body::to_bytes,
    extract::{FromRequest, Path, Request, State},
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{ApiResult, snowflake};
use crate::{
    Discord,
    api_error::ApiError,
    delivery::multipart::Parts,
    limits,
    model::file::{self, NewFile},
};

/// The route of attachments of messages, as on Discord's CDN, but with the application instead of the channel.
pub(super) const FILE_ROUTE: &str = "/attachments/{application}/{file}/{name}";

/// The route of files that were attached to an option or a modal.
pub(super) const UPLOAD_ROUTE: &str = "/ephemeral-attachments/{owner}/{file}/{name}";

/// A request body, JSON or multipart.
pub(super) struct Body(Parts);

impl FromRequest<Discord> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, discord: &Discord) -> ApiResult<Self> {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, limits::MAX_REQUEST_BYTES).await.map_err(|_| ApiError::TOO_LARGE)?;
        let content_type = header_of(&parts.headers, header::CONTENT_TYPE);
        let origin = format!("http://{}", header_of(&parts.headers, header::HOST));
        discord.note_origin(&origin);
        let new = parts.method == Method::POST;
        Ok(Self(discord.read_parts(&content_type, bytes, &origin, new).await?))
    }
}

impl Body {
    /// The body of a route that expects a JSON object.
    pub(super) fn object(self) -> ApiResult<Value> {
        Ok(self.message()?.0)
    }

    /// The body of a route that accepts files too.
    pub(super) fn message(self) -> ApiResult<(Value, Vec<NewFile>)> {
        if self.0.json.is_object() {
            return Ok((self.0.json, self.0.files));
        }
        let message = "Only dictionaries may be used in a ModelType";
        Err(ApiError::request("MODEL_TYPE_CONVERT", message))
    }

    /// The body of a route that expects a JSON array.
    pub(super) fn list(self) -> ApiResult<Vec<Value>> {
        match self.0.json {
            Value::Array(list) => Ok(list),
            _ => {
                let message = "Only iterables may be used in a ListType";
                Err(ApiError::request("LIST_TYPE_CONVERT", message))
            }
        }
    }
}

fn header_of(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
}

/// Prevents a browser from running scripts in an uploaded file on this origin.
const SANDBOX_HEADERS: [(header::HeaderName, &str); 2] = [
    (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// Serves a file without authentication, as Discord's CDN does.
pub(super) async fn serve(
    State(discord): State<Discord>,
    Path((_, id, _)): Path<(String, String, String)>,
) -> ApiResult<Response> {
    let id = snowflake(&id, "file")?;
    let stored = discord.inner.store.read(|db| file::read(db, id))?.ok_or(ApiError::NOT_FOUND)?;
    Ok((SANDBOX_HEADERS, [(header::CONTENT_TYPE, stored.content_type)], stored.data).into_response())
}

pub(super) async fn serve_upload(
    State(discord): State<Discord>,
    Path((_, id, _)): Path<(String, String, String)>,
) -> ApiResult<Response> {
    let content = discord.uploaded(snowflake(&id, "file")?).ok_or(ApiError::NOT_FOUND)?;
    Ok((SANDBOX_HEADERS, content).into_response())
}
