//! Errors of the REST API: status, JSON code, message, and the tree of "Invalid Form Body".

use std::{borrow::Cow, fmt};

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{Error, validation::FormErrors};

/// An error response of the REST API.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: u32,
    message: Cow<'static, str>,
    /// Only for 50035.
    errors: Option<FormErrors>,
    /// Only for 429, in seconds.
    retry_after: Option<f64>,
}

impl ApiError {
    const fn new(status: StatusCode, code: u32, message: &'static str) -> Self {
        Self { status, code, message: Cow::Borrowed(message), errors: None, retry_after: None }
    }

    pub(crate) const UNAUTHORIZED: Self = Self::new(StatusCode::UNAUTHORIZED, 0, "401: Unauthorized");
    pub(crate) const NOT_FOUND: Self = Self::new(StatusCode::NOT_FOUND, 0, "404: Not Found");
    pub(crate) const METHOD_NOT_ALLOWED: Self =
        Self::new(StatusCode::METHOD_NOT_ALLOWED, 0, "405: Method Not Allowed");
    pub(crate) const MISSING_ACCESS: Self = Self::new(StatusCode::FORBIDDEN, 50001, "Missing Access");
    pub(crate) const UNKNOWN_INTERACTION: Self =
        Self::new(StatusCode::NOT_FOUND, 10062, "Unknown interaction");
    pub(crate) const UNKNOWN_WEBHOOK: Self = Self::new(StatusCode::NOT_FOUND, 10015, "Unknown Webhook");
    pub(crate) const UNKNOWN_MESSAGE: Self = Self::new(StatusCode::NOT_FOUND, 10008, "Unknown Message");
    pub(crate) const INVALID_WEBHOOK_TOKEN: Self =
        Self::new(StatusCode::UNAUTHORIZED, 50027, "Invalid Webhook Token");
    pub(crate) const ALREADY_ACKNOWLEDGED: Self =
        Self::new(StatusCode::BAD_REQUEST, 40060, "Interaction has already been acknowledged.");
    pub(crate) const EMPTY_MESSAGE: Self =
        Self::new(StatusCode::BAD_REQUEST, 50006, "Cannot send an empty message");
    pub(crate) const INVALID_JSON: Self =
        Self::new(StatusCode::BAD_REQUEST, 50109, "The request body contains invalid JSON.");
    pub(crate) const MISSING_PERMISSIONS: Self =
        Self::new(StatusCode::FORBIDDEN, 50013, "Missing Permissions");
    pub(crate) const UNKNOWN_EMOJI: Self = Self::new(StatusCode::BAD_REQUEST, 10014, "Unknown Emoji");
    pub(crate) const ALREADY_CROSSPOSTED: Self =
        Self::new(StatusCode::BAD_REQUEST, 40033, "This message has already been crossposted.");
    pub(crate) const CANNOT_MESSAGE_USER: Self =
        Self::new(StatusCode::FORBIDDEN, 50007, "Cannot send messages to this user");
    pub(crate) const UNKNOWN_COMMAND: Self =
        Self::new(StatusCode::NOT_FOUND, 10063, "Unknown application command");
    pub(crate) const UNKNOWN_CHANNEL: Self = Self::new(StatusCode::NOT_FOUND, 10003, "Unknown Channel");
    pub(crate) const UNKNOWN_GUILD: Self = Self::new(StatusCode::NOT_FOUND, 10004, "Unknown Guild");
    pub(crate) const UNKNOWN_MEMBER: Self = Self::new(StatusCode::NOT_FOUND, 10007, "Unknown Member");
    pub(crate) const UNKNOWN_USER: Self = Self::new(StatusCode::NOT_FOUND, 10013, "Unknown User");
    pub(crate) const UNKNOWN_SKU: Self = Self::new(StatusCode::NOT_FOUND, 10027, "Unknown SKU");
    pub(crate) const UNKNOWN_ENTITLEMENT: Self =
        Self::new(StatusCode::NOT_FOUND, 10029, "Unknown Entitlement");
    pub(crate) const NOT_CONSUMABLE: Self =
        Self::new(StatusCode::BAD_REQUEST, 40018, "Only consumable SKUs can be consumed");
    pub(crate) const NOT_A_TEST_ENTITLEMENT: Self =
        Self::new(StatusCode::BAD_REQUEST, 40019, "You can only delete sandbox entitlements.");
    pub(crate) const NOT_THE_AUTHOR: Self =
        Self::new(StatusCode::FORBIDDEN, 50005, "Cannot edit a message authored by another user");
    pub(crate) const NOT_IN_THIS_CHANNEL: Self =
        Self::new(StatusCode::FORBIDDEN, 50024, "Cannot execute action on this channel type");
    pub(crate) const TOO_MANY_FOLLOW_UPS: Self = Self::new(
        StatusCode::BAD_REQUEST,
        40094,
        "Maximum number of follow-up messages for this interaction reached",
    );
    pub(crate) const TOO_LARGE: Self =
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, 40005, "Request entity too large");
    pub(crate) const FILE_TOO_LARGE: Self =
        Self::new(StatusCode::BAD_REQUEST, 50045, "File uploaded exceeds the maximum size");
    /// Cloudflare rejects requests whose User-Agent is not of the form `DiscordBot (url, version)`.
    pub(crate) const BAD_USER_AGENT: Self = Self::new(StatusCode::FORBIDDEN, 40333, "internal network error");
    pub(crate) const TOO_MANY_COMMANDS: Self =
        Self::new(StatusCode::BAD_REQUEST, 30032, "Maximum number of application commands reached (100).");
    pub(crate) const UNKNOWN_ROLE: Self = Self::new(StatusCode::NOT_FOUND, 10011, "Unknown Role");
    pub(crate) const UNKNOWN_COMMAND_PERMISSIONS: Self =
        Self::new(StatusCode::NOT_FOUND, 10066, "Unknown application command permissions");
    pub(crate) const NOT_FOR_BOTS: Self =
        Self::new(StatusCode::FORBIDDEN, 20001, "Bots cannot use this endpoint");
    pub(crate) const INVALID_ROLE: Self = Self::new(StatusCode::BAD_REQUEST, 50028, "Invalid Role");
    pub(crate) const THREAD_ARCHIVED: Self = Self::new(StatusCode::BAD_REQUEST, 50083, "Thread is archived");
    pub(crate) const THREAD_EXISTS: Self =
        Self::new(StatusCode::BAD_REQUEST, 160_004, "A thread has already been created for this message");
    pub(crate) const THREAD_LOCKED: Self = Self::new(StatusCode::BAD_REQUEST, 160_005, "Thread is locked");
    pub(crate) const NOT_IN_DIRECT_MESSAGES: Self =
        Self::new(StatusCode::FORBIDDEN, 50003, "Cannot execute action on a DM channel");

    pub(crate) fn invalid_form(errors: FormErrors) -> Self {
        let error = Self::new(StatusCode::BAD_REQUEST, 50035, "Invalid Form Body");
        Self { errors: Some(errors), ..error }
    }

    /// 50035 with one error for the request as a whole.
    pub(crate) fn request(code: &'static str, message: impl Into<String>) -> Self {
        Self::at("", code, message)
    }

    /// 50035 with one error at this path.
    pub(crate) fn at(path: &str, code: &'static str, message: impl Into<String>) -> Self {
        let mut errors = FormErrors::default();
        errors.report(path, code, message);
        Self::invalid_form(errors)
    }

    /// The same error with all paths moved below `at`, for a body that contains the invalid one there.
    pub(crate) fn under(self, at: &str) -> Self {
        Self { errors: self.errors.map(|errors| errors.under(at)), ..self }
    }

    /// A failure of Discord's servers or of a proxy before them. 429 is a rate limit of one second.
    pub(crate) fn outage(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Self::rate_limited(1.0);
        }
        Self { message: status.to_string().replacen(' ', ": ", 1).into(), ..Self::new(status, 0, "") }
    }

    /// A 429 with `retry_after` in seconds.
    pub(crate) fn rate_limited(retry_after: f64) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, 0, "You are being rate limited.");
        Self { retry_after: Some(retry_after), ..error }
    }

    /// The limit of 200 new commands a day. A recording of 2023 shows status 400 for it, one of 2024 shows 429.
    pub(crate) fn daily_commands(retry_after: f64) -> Self {
        let message = "Max number of daily application command creates has been reached (200)";
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, 30034, message);
        Self { retry_after: Some(retry_after), ..error }
    }

    pub(crate) fn body(&self) -> Value {
        match (self.retry_after, &self.errors) {
            (Some(seconds), _) => {
                let mut body = json!({ "message": self.message, "retry_after": seconds, "global": false });
                if self.code != 0 {
                    body["code"] = self.code.into();
                }
                body
            }
            (None, Some(errors)) => {
                json!({ "message": self.message, "code": self.code, "errors": errors.tree() })
            }
            (None, None) => json!({ "message": self.message, "code": self.code }),
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        tracing::error!(%error, "the simulated Discord failed");
        Self::outage(500)
    }
}

/// One line, used as the reason of a failed interaction.
impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.errors {
            Some(errors) => write!(f, "{}: {errors}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            let value = HeaderValue::from_str(&seconds.ceil().to_string());
            headers.insert(header::RETRY_AFTER, value.unwrap_or(HeaderValue::from_static("1")));
            headers.insert(HeaderName::from_static("x-ratelimit-scope"), HeaderValue::from_static("user"));
        }
        response
    }
}
