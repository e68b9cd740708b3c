//! The line to DynamoDB and SQS, on which a test can hold calls up.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use parking_lot::{Mutex, MutexGuard};

/// Longer than any call that is not held up.
const WITHIN: Duration = Duration::from_secs(10);

/// What goes wrong on the line. Calls are counted from 0; a call and its second try are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// This call arrives, and its answer comes so much later.
    Late(usize, Duration),
    /// This call does not arrive, which is seen after so much time.
    Lost(usize, Duration),
    /// From this call on all answers come so much later.
    SlowFrom(usize, Duration),
}

/// The line. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Line {
    traffic: Arc<Mutex<Traffic>>,
    http: outbound::Client,
}

#[derive(Debug, Default)]
struct Traffic {
    trouble: Option<Trouble>,
    calls: Vec<Call>,
}

#[derive(Debug)]
struct Call {
    /// The SDK's own, the same for each try.
    id: String,
    operation: String,
}

impl Line {
    /// Lets this go wrong from now on, and counts calls anew.
    pub fn trouble(&self, trouble: Option<Trouble>) {
        *self.traffic() = Traffic { trouble, calls: Vec::new() };
    }

    /// The operations that were called since then, such as `GetItem`.
    pub fn calls(&self) -> Vec<String> {
        self.traffic().calls.iter().map(|call| call.operation.clone()).collect()
    }

    /// Passes everything on to this address.
    pub(crate) fn to(&self, upstream: &str) -> Router {
        let (line, upstream) = (self.clone(), upstream.to_owned());
        Router::new().fallback(move |request: axum::extract::Request| {
            let (line, upstream) = (line.clone(), upstream.clone());
            async move { line.pass(&upstream, request).await.unwrap_or_else(IntoResponse::into_response) }
        })
    }

    async fn pass(&self, upstream: &str, request: axum::extract::Request) -> Result<Response, StatusCode> {
        let (head, body) = request.into_parts();
        let number = self.number(&head.headers);
        let (lost, pause) = match self.traffic().trouble {
            Some(Trouble::Late(call, by)) if call == number => (false, by),
            Some(Trouble::Lost(call, after)) if call == number => (true, after),
            Some(Trouble::SlowFrom(call, by)) if call <= number => (false, by),
            _ => (false, Duration::ZERO),
        };
        if lost {
            tokio::time::sleep(pause).await;
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| StatusCode::BAD_REQUEST)?;
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut passed = Request::new(body);
        *passed.method_mut() = head.method;
        *passed.uri_mut() = format!("{upstream}{path}").parse().map_err(|_| StatusCode::BAD_REQUEST)?;
        *passed.headers_mut() = head.headers;
        passed.headers_mut().remove(header::HOST);
        let answer = self.http.send(passed, WITHIN).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
        tokio::time::sleep(pause).await;
        Ok(answered(answer))
    }

    /// Which call it is.
    fn number(&self, headers: &HeaderMap) -> usize {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let id = text("amz-sdk-invocation-id");
        let mut traffic = self.traffic();
        if let Some(known) = traffic.calls.iter().position(|call| call.id == id) {
            return known;
        }
        let operation = text("x-amz-target").rsplit('.').next().unwrap_or_default().to_owned();
        traffic.calls.push(Call { id: id.to_owned(), operation });
        traffic.calls.len() - 1
    }

    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock()
    }
}

fn answered(answer: http::Response<Bytes>) -> Response {
    let (mut head, body) = answer.into_parts();
    // Whoever writes the body says how.
    for of_the_way in [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
        head.headers.remove(of_the_way);
    }
    (head.status, head.headers, body).into_response()
}
