//! Reads a response of Discord's API: success or failure, and the rate limits.

use std::time::Duration;

use bytes::Bytes;
use domain::retry;
use http::{HeaderMap, Response};
use serde_json::Value;

use super::RestError;

/// The wait after a Cloudflare ban whose page has no `Retry-After`. A request too early does little harm.
const DEFAULT_GLOBAL_WAIT: Duration = Duration::from_secs(60);
/// The wait after 401. By then an operator may have replaced the token, and most interactions are still
/// valid.
const UNAUTHORIZED_WAIT: Duration = Duration::from_secs(60);
/// The maximum wait, so that one wrong response cannot stop the bot for longer.
const MAX_WAIT: Duration = Duration::from_secs(60 * 60);

/// What one response says.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    /// The result of the request.
    pub(super) outcome: Result<(), RestError>,
    /// The state of its rate-limit bucket; `None` without the three headers.
    pub(super) level: Option<Level>,
    /// What must not be requested, and for how long; `None` if there is no limit.
    pub(super) limit: Option<(LimitScope, Duration)>,
    /// Whether it counts towards Discord's limit of invalid requests.
    pub(super) is_invalid: bool,
}

/// The state of a rate-limit bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// `X-RateLimit-Bucket`; the same for all webhooks.
    pub(super) id: String,
    /// `X-RateLimit-Remaining`: requests left until the reset.
    pub(super) remaining: u32,
    /// `X-RateLimit-Reset-After`: the time until the reset.
    pub(super) full_in: Duration,
}

/// What a rate limit covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LimitScope {
    Bucket,
    /// All requests of the bot.
    Global,
}

/// The scope of a 429. Source: Discord, "Rate Limits".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    User,
    /// Others have used up the resource. It does not count as an invalid request.
    Shared,
    Global,
}

impl Answer {
    pub(super) fn parse(response: &Response<Bytes>) -> Self {
        let (status, headers) = (response.status(), response.headers());
        let level = level(headers);
        if status.is_success() {
            return Self { outcome: Ok(()), level, limit: None, is_invalid: false };
        }
        // Only the error code is used: the error text could repeat the user's.
        let body: Option<Value> = serde_json::from_slice(response.body()).ok();
        let code = body.as_ref().and_then(|body| body["code"].as_u64());
        let mut retry_after = retry_after(headers, body.as_ref());
        let scope = (status == 429).then(|| scope(headers, body.as_ref()));
        if scope == Some(Scope::Global) {
            retry_after = retry_after.or(Some(DEFAULT_GLOBAL_WAIT));
        }
        // A page of Cloudflare's: only the API itself has error codes. It may come for a single request, or for
        // all from this address.
        let is_page = status.is_client_error() && scope.is_none() && code.is_none();
        let is_blocked = is_page && matches!(status.as_u16(), 401 | 403);
        let refused = |retry_after| RestError::Refused { status: status.as_u16(), code, retry_after };
        if refused(None).is_unauthorized() {
            retry_after = Some(UNAUTHORIZED_WAIT);
        } else if is_blocked {
            retry_after = retry_after.or(Some(DEFAULT_GLOBAL_WAIT));
        }
        let failed = match is_page {
            true => RestError::NotFromDiscord { status: status.as_u16(), retry_after },
            false => refused(retry_after),
        };
        let limited = match scope {
            _ if is_blocked || failed.is_unauthorized() => Some(LimitScope::Global),
            Some(Scope::Global) => Some(LimitScope::Global),
            Some(Scope::User | Scope::Shared) => Some(LimitScope::Bucket),
            None => None,
        };
        let is_invalid = matches!(status.as_u16(), 401 | 403 | 429) && scope != Some(Scope::Shared);
        Self { outcome: Err(failed), level, limit: limited.zip(retry_after), is_invalid }
    }
}

fn level(headers: &HeaderMap) -> Option<Level> {
    Some(Level {
        id: text(headers, "x-ratelimit-bucket")?.to_owned(),
        remaining: text(headers, "x-ratelimit-remaining")?.parse().ok()?,
        // Not `X-RateLimit-Reset`, which is a time of another clock.
        full_in: retry::retry_after(text(headers, "x-ratelimit-reset-after")?)?.min(MAX_WAIT),
    })
}

/// Prefers the body, which may have fractions of a second, to the header.
fn retry_after(headers: &HeaderMap, body: Option<&Value>) -> Option<Duration> {
    let in_body = body.and_then(|body| Duration::try_from_secs_f64(body["retry_after"].as_f64()?).ok());
    let in_header = || retry::retry_after(text(headers, "retry-after")?);
    in_body.or_else(in_header).map(|wait| wait.min(MAX_WAIT))
}

fn scope(headers: &HeaderMap, body: Option<&Value>) -> Scope {
    let (scope, global) = (text(headers, "x-ratelimit-scope"), text(headers, "x-ratelimit-global"));
    match (scope, body) {
        (Some("shared"), _) => Scope::Shared,
        (Some("global"), _) => Scope::Global,
        _ if global == Some("true") => Scope::Global,
        (_, Some(body)) if body["global"] == true => Scope::Global,
        // Neither a scope nor JSON: this is not Discord but Cloudflare, which limits our IP address.
        (None, None) => Scope::Global,
        _ => Scope::User,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Answer::parse(&response.body(Bytes::from(body.to_owned())).unwrap())
    }

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn a_bucket_is_read_from_three_headers_or_not_at_all() {
        let all = [
            ("x-ratelimit-bucket", "abc"),
            ("x-ratelimit-remaining", "3"),
            ("x-ratelimit-reset-after", "1.25"),
        ];
        let level = Level { id: "abc".to_owned(), remaining: 3, full_in: seconds(1.25) };
        assert_eq!(answer(204, &all, "").level, Some(level));
        for left_out in 0..all.len() {
            let some: Vec<_> = (0..all.len()).filter(|at| *at != left_out).map(|at| all[at]).collect();
            assert_eq!(answer(204, &some, "").level, None, "without {:?}", all[left_out]);
        }
        for (remaining, reset_after) in [("-1", "1"), ("many", "1"), ("1", "soon"), ("1", "-1"), ("1", "NaN")]
        {
            let odd = [all[0], (all[1].0, remaining), (all[2].0, reset_after)];
            assert_eq!(answer(200, &odd, "").level, None, "{remaining} {reset_after}");
        }
    }

    #[test]
    fn a_429_is_of_its_bucket_of_everything_or_nobodys_fault() {
        let body = r#"{"message":"...","retry_after":0.75,"global":false}"#;
        let global = r#"{"message":"...","retry_after":0.75,"global":true}"#;
        let bucket = Some((LimitScope::Bucket, seconds(0.75)));
        let everything = Some((LimitScope::Global, seconds(0.75)));
        let user: &[_] = &[("x-ratelimit-scope", "user")];
        for (headers, body, limit, is_invalid) in [
            (user, body, bucket, true),
            (&[], body, bucket, true),
            (&[("x-ratelimit-scope", "shared")], body, bucket, false),
            (&[("x-ratelimit-scope", "global")], body, everything, true),
            (&[("x-ratelimit-global", "true")], body, everything, true),
            (&[], global, everything, true),
        ] {
            let found = answer(429, headers, body);
            assert_eq!((found.limit, found.is_invalid), (limit, is_invalid), "{headers:?} {body}");
        }
    }

    #[test]
    fn a_page_of_cloudflares_stops_everything() {
        let page = "<html>error code: 1015</html>";
        let found = answer(429, &[("retry-after", "600")], page);
        assert_eq!(found.limit, Some((LimitScope::Global, seconds(600.0))));
        assert_eq!(answer(429, &[], page).limit, Some((LimitScope::Global, DEFAULT_GLOBAL_WAIT)));
        assert_eq!(answer(429, &[("retry-after", "1e9")], page).limit, Some((LimitScope::Global, MAX_WAIT)));
    }

    #[test]
    fn a_dead_token_stops_nobody_else_and_any_other_401_everybody() {
        let dead = answer(401, &[], r#"{"message":"Invalid Webhook Token","code":50027}"#);
        assert_eq!((dead.limit, dead.is_invalid), (None, true));
        assert!(dead.outcome.unwrap_err().is_expired());
        for body in [r#"{"message":"401: Unauthorized","code":0}"#, "", "<html>"] {
            let refused = answer(401, &[], body);
            assert_eq!(refused.limit, Some((LimitScope::Global, UNAUTHORIZED_WAIT)), "{body}");
            assert!(refused.is_invalid);
        }
    }

    #[test]
    fn a_page_in_place_of_discords_json_is_waited_out_whatever_its_status() {
        let page = "<html>error code: 1020</html>";
        for (status, wait) in [(400, None), (404, None), (401, Some(60)), (403, Some(60))] {
            let wait = wait.map(Duration::from_secs);
            let found = answer(status, &[], page);
            assert_eq!(found.limit, wait.map(|wait| (LimitScope::Global, wait)), "{status}");
            let error = found.outcome.unwrap_err();
            assert_eq!(
                (error.status(), error.retry_after(), error.is_gone()),
                (None, wait, false),
                "{status}"
            );
            assert!(error.had_no_effect(), "{status}");
        }
        let banned = answer(403, &[("retry-after", "300")], page);
        assert_eq!(banned.limit, Some((LimitScope::Global, seconds(300.0))));
        let refused = answer(404, &[], r#"{"message":"Unknown Message","code":10008}"#);
        assert!(refused.outcome.unwrap_err().is_gone());
        let other = answer(404, &[], r#"{"message":"404: Not Found","code":0}"#);
        assert!(!other.outcome.unwrap_err().is_gone());
    }

    #[test]
    fn an_outage_limits_nothing_and_is_nobodys_fault() {
        for status in [404, 500, 503] {
            let found = answer(status, &[], "");
            assert_eq!((found.limit, found.is_invalid), (None, false), "{status}");
        }
        let refused = answer(403, &[], r#"{"code":50013}"#);
        assert_eq!((refused.limit, refused.is_invalid), (None, true));
    }

    proptest! {
        #[test]
        fn nothing_that_discord_may_send_is_more_than_an_answer(
            status in 200_u16..600,
            values in proptest::collection::vec("[ -~]{0,12}", 5),
            body in "\\PC{0,40}",
        ) {
            const HEADER_NAMES: [&str; 5] = [
                "x-ratelimit-bucket", "x-ratelimit-remaining", "x-ratelimit-reset-after", "x-ratelimit-scope",
                "retry-after",
            ];
            let headers: Vec<_> = HEADER_NAMES.into_iter().zip(values.iter().map(String::as_str)).collect();
            let found = answer(status, &headers, &body);
            prop_assert_eq!(found.outcome.is_ok(), (200..300).contains(&status));
            prop_assert!(found.limit.is_none_or(|(_, wait)| wait <= MAX_WAIT));
        }
    }
}
