//! SQS's JSON protocol: one URL, the operation in the `X-Amz-Target` header, errors with two codes.

mod batch;
mod messages;
mod queues;

use std::ops::RangeInclusive;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Error, Queues, address};

/// A message of 1 MiB can take 6 MiB in JSON, if every character is escaped.
const MAX_BODY_BYTES: usize = 8 << 20;

pub(super) fn router(queues: Queues) -> Router {
    // Some clients post to the queue's URL. Even then, the URL in the body is used.
    Router::new()
        .route("/", post(answer))
        .route(&format!("/{}/{{queue}}", address::ACCOUNT), post(answer))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(queues)
}

async fn answer(State(queues): State<Queues>, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let host = text(header::HOST).unwrap_or("localhost");
    let target = text(HeaderName::from_static("x-amz-target")).unwrap_or_default();
    let request = Request { queues: &queues, host, body: &body };
    let response = match perform(target, &request).await {
        Ok(answer) => (StatusCode::OK, answer.to_string()).into_response(),
        Err(error) => refusal(&error),
    };
    signed(response)
}

/// The input of an operation, and its context.
struct Request<'a> {
    queues: &'a Queues,
    /// The request's `Host`, for the queue URLs in the response.
    host: &'a str,
    body: &'a [u8],
}

impl Request<'_> {
    fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        Ok(serde_json::from_slice(self.body)?)
    }
}

async fn perform(target: &str, request: &Request<'_>) -> Result<Value, Error> {
    match target.strip_prefix("AmazonSQS.").unwrap_or(target) {
        "CreateQueue" => queues::create(request),
        "GetQueueUrl" => queues::url(request),
        "GetQueueAttributes" => queues::attributes(request),
        "SetQueueAttributes" => queues::set_attributes(request),
        "ListQueues" => queues::list(request),
        "PurgeQueue" => queues::purge(request),
        "StartMessageMoveTask" => queues::start_move(request),
        "SendMessage" => messages::send(request),
        "SendMessageBatch" => batch::send(request),
        "ReceiveMessage" => messages::receive(request).await,
        "DeleteMessage" => messages::delete(request),
        "DeleteMessageBatch" => batch::delete(request),
        "ChangeMessageVisibility" => messages::change_visibility(request),
        "ChangeMessageVisibilityBatch" => batch::change_visibility(request),
        unknown => Err(Error::UnknownOperation(unknown.to_owned())),
    }
}

fn refusal(error: &Error) -> Response {
    let (status, blame) = match error.is_sender_fault() {
        true => (StatusCode::BAD_REQUEST, "Sender"),
        false => {
            tracing::error!(%error, "the queue server failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "Receiver")
        }
    };
    let body = json!({
        "__type": format!("com.amazonaws.sqs#{}", error.code()),
        "message": error.to_string(),
    });
    let legacy = format!("{};{blame}", error.legacy_code());
    (status, [("x-amzn-query-error", legacy)], body.to_string()).into_response()
}

fn signed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"));
    if let Ok(id) = HeaderValue::from_str(&super::store::messages::new_id()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

/// The queue of a request, parsed from its URL.
#[derive(Default, Deserialize)]
#[serde(from = "String")]
struct QueueUrl(String);

impl From<String> for QueueUrl {
    fn from(url: String) -> Self {
        Self(address::name_in_url(&url).to_owned())
    }
}

impl QueueUrl {
    fn name(&self) -> Result<&str, Error> {
        given(&self.0, "QueueUrl")
    }
}

fn given<'a>(value: &'a str, parameter: &'static str) -> Result<&'a str, Error> {
    if value.is_empty() { Err(Error::MissingParameter(parameter)) } else { Ok(value) }
}

/// A number within SQS's limits for this parameter.
fn within(parameter: &str, value: i64, limits: RangeInclusive<u32>) -> Result<u32, Error> {
    if let Some(value) = u32::try_from(value).ok().filter(|value| limits.contains(value)) {
        return Ok(value);
    }
    let (low, high) = limits.into_inner();
    let reason = format!("Must be between {low} and {high}, if provided.");
    Err(Error::parameter(parameter, value, &reason))
}

fn optional(parameter: &str, value: Option<i64>, limits: RangeInclusive<u32>) -> Result<Option<u32>, Error> {
    value.map(|value| within(parameter, value, limits)).transpose()
}
