//! How a request went, for logs and metrics.

use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::RequestError;

/// How long a request took and what was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Milliseconds from sending to the end of the response.
    pub took_ms: u64,
    /// The status; `None` without a response.
    pub status: Option<u16>,
    /// 100 if there was no response, or 429 or 5xx; otherwise 0.
    pub failed_percent: u64,
}

impl Measured {
    /// Of a request that took this long.
    pub fn new(took: Duration, answered: &Result<Response<Bytes>, RequestError>) -> Self {
        let status = answered.as_ref().ok().map(Response::status);
        let is_failed =
            status.is_none_or(|status| status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error());
        Self {
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            status: status.map(|status| status.as_u16()),
            failed_percent: if is_failed { 100 } else { 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_failed_if_the_service_was_not_there_or_had_no_time() {
        let failed = |status: Option<u16>| {
            let answered = status.ok_or(RequestError::TimedOut).map(|status| {
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = StatusCode::from_u16(status).unwrap();
                response
            });
            let measured = Measured::new(Duration::from_millis(7), &answered);
            assert_eq!((measured.took_ms, measured.status), (7, status));
            measured.failed_percent
        };
        assert_eq!([None, Some(500), Some(503), Some(429)].map(failed), [100; 4]);
        assert_eq!([200, 204, 401, 404].map(Some).map(failed), [0; 4]);
    }
}
