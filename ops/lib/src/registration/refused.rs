//! Interprets Discord's responses: a list of commands, a pause before a retry, or an error.

use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode, header};
use serde_json::Value;

use super::faults::{Fault, faults};

/// A longer `retry_after` is an error instead of a pause.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);
/// The pause before a retry if Discord does not say how long.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(1);

/// Discord's own codes. Source: Discord's API reference, "JSON Error Codes".
const INVALID_FORM_BODY: u64 = 50_035;
const TOO_MANY_COMMANDS: u64 = 30_032;
const TOO_MANY_TODAY: u64 = 30_034;

/// Why a request failed. It never contains the token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There was no response.
    #[error(
        "Discord does not respond ({0}). The commands may or may not have been changed: check with --plan"
    )]
    NoAnswer(outbound::RequestError),
    /// 401.
    #[error(
        "Discord rejects this bot token (401): copy it from the Bot page of the developer portal, or reset it there"
    )]
    Unauthorized,
    /// 403 and 404.
    #[error(
        "this bot token has no access ({0}): application id and token must belong to the same application, \
         and a guild must have installed it with the scope applications.commands"
    )]
    Forbidden(u16),
    /// 50035.
    #[error("Discord rejects the definitions:{}", .0.iter().map(|fault| format!("\n  {fault}")).collect::<String>())]
    Invalid(Vec<Fault>),
    /// 30032.
    #[error("too many commands: Discord allows 100 slash commands and 15 of each context menu")]
    TooMany,
    /// 30034.
    #[error(
        "too many new commands today: Discord allows 200 a day for each scope. Changed and renamed commands do not count"
    )]
    TooManyToday,
    /// 429 with a long `retry_after`, in seconds.
    #[error("Discord's rate limit is reached: try again in {0} s")]
    RateLimited(u64),
    /// Anything else.
    #[error("Discord answered {status}: {message}")]
    Other {
        /// The HTTP status.
        status: u16,
        /// Discord's message.
        message: String,
    },
    /// The application id or token cannot be part of a request.
    #[error("the application id or the token contains invalid characters")]
    Unsendable,
}

/// How long to wait before a retry; `None` if a retry is useless. `answer` is `None` if there was no response.
pub(super) fn pause(answer: Option<&Response<Bytes>>) -> Option<Duration> {
    let Some(answer) = answer else { return Some(DEFAULT_RETRY_AFTER) };
    match answer.status() {
        StatusCode::TOO_MANY_REQUESTS => {
            let asked = retry_after(answer).unwrap_or(DEFAULT_RETRY_AFTER);
            (asked <= MAX_RETRY_AFTER && code(answer) != TOO_MANY_TODAY).then_some(asked)
        }
        status if status.is_server_error() => Some(DEFAULT_RETRY_AFTER),
        _ => None,
    }
}

fn retry_after(answer: &Response<Bytes>) -> Option<Duration> {
    let field = || {
        serde_json::from_slice::<Value>(answer.body()).ok()?["retry_after"].as_f64().map(|it| it.to_string())
    };
    let header = || answer.headers().get(header::RETRY_AFTER)?.to_str().ok().map(str::to_owned);
    domain::retry::retry_after(&field().or_else(header)?)
}

fn code(answer: &Response<Bytes>) -> u64 {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    body["code"].as_u64().unwrap_or_default()
}

pub(super) fn judged(answer: Response<Bytes>, sent: &[Value]) -> Result<Vec<Value>, Refused> {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let status = answer.status().as_u16();
    let message = || body["message"].as_str().unwrap_or("the body is not JSON with a message").to_owned();
    Err(match (status, code(&answer)) {
        (200, _) => match body {
            Value::Array(list) => return Ok(list),
            _ => Refused::Other { status, message: message() },
        },
        (_, INVALID_FORM_BODY) => Refused::Invalid(faults(&body["errors"], sent)),
        (_, TOO_MANY_COMMANDS) => Refused::TooMany,
        (_, TOO_MANY_TODAY) => Refused::TooManyToday,
        (401, _) => Refused::Unauthorized,
        (403 | 404, _) => Refused::Forbidden(status),
        (429, _) => Refused::RateLimited(retry_after(&answer).unwrap_or(DEFAULT_RETRY_AFTER).as_secs()),
        _ => Refused::Other { status, message: message() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_discord_and_silence_are_tried_again() {
        assert_eq!(pause(None), Some(DEFAULT_RETRY_AFTER));
        let answer = |status: u16| Response::builder().status(status).body(Bytes::new()).unwrap();
        assert_eq!(pause(Some(&answer(503))), Some(DEFAULT_RETRY_AFTER));
        assert_eq!(pause(Some(&answer(400))), None);
    }
}
