//! Request bodies, and the files that came in them.

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

/// Where files are served, as on Discord's CDN; the middle part is the application.
pub(super) const FILES: &str = "/attachments/{application}/{file}/{name}";

/// Where files are served that were attached to an option or a errors, and to no message.
pub(super) const UPLOADS: &str = "/ephemeral-attachments/{owner}/{file}/{name}";

/// The body of a request, whichever way it came.
pub(super) struct Body(Parts);

impl FromRequest<Discord> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, discord: &Discord) -> ApiResult<Self> {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, limits::REQUEST_BYTES).await.map_err(|_| ApiError::TOO_LARGE)?;
        let content_type = header_of(&parts.headers, header::CONTENT_TYPE);
        let origin = format!("http://{}", header_of(&parts.headers, header::HOST));
        discord.note_origin(&origin);
        let new = parts.method == Method::POST;
        Ok(Self(discord.read_parts(&content_type, bytes, &origin, new).await?))
    }
}

impl Body {
    /// The body of a route that wants an object.
    pub(super) fn object(self) -> ApiResult<Value> {
        Ok(self.message()?.0)
    }

    /// The body of a route that takes files too.
    pub(super) fn message(self) -> ApiResult<(Value, Vec<NewFile>)> {
        if self.0.json.is_object() {
            return Ok((self.0.json, self.0.files));
        }
        let message = "Only dictionaries may be used in a ModelType";
        Err(ApiError::request("MODEL_TYPE_CONVERT", message))
    }

    /// The body of a route that wants a list.
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

/// A file is no page: whatever is in it, a browser runs nothing of it here.
const INERT: [(header::HeaderName, &str); 2] = [
    (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// Serves a file to whoever knows its address.
pub(super) async fn serve(
    State(discord): State<Discord>,
    Path((_, id, _)): Path<(String, String, String)>,
) -> ApiResult<Response> {
    let id = snowflake(&id, "file")?;
    let stored = discord.inner.store.read(|db| file::read(db, id))?.ok_or(ApiError::NOT_FOUND)?;
    Ok((INERT, [(header::CONTENT_TYPE, stored.content_type)], stored.data).into_response())
}

pub(super) async fn serve_upload(
    State(discord): State<Discord>,
    Path((_, id, _)): Path<(String, String, String)>,
) -> ApiResult<Response> {
    let content = discord.uploaded(snowflake(&id, "file")?).ok_or(ApiError::NOT_FOUND)?;
    Ok((INERT, content).into_response())
}
