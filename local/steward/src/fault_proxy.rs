//! A proxy before DynamoDB and SQS that can delay or lose calls, for tests.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use local_clock::Clock;
use local_dynamodb::HotKeys;
use parking_lot::{Mutex, MutexGuard};

/// Longer than any call takes without an injected delay.
const UPSTREAM_TIMEOUT: Duration = Duration::from_secs(10);

/// An injected fault. Calls are counted from 0; a call and its retries by the SDK count once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This call takes effect, but its response is delayed.
    Late(usize, Duration),
    /// This call has no effect, and fails with 503 after the delay.
    Lost(usize, Duration),
    /// From this call on every response is delayed.
    SlowFrom(usize, Duration),
}

/// The proxy. Clones share their state.
#[derive(Clone, Debug, Default)]
pub struct FaultProxy {
    traffic: Arc<Mutex<Traffic>>,
    hot_keys: Arc<Mutex<Option<Arc<HotKeys>>>>,
    http: outbound::Client,
}

#[derive(Debug, Default)]
struct Traffic {
    fault: Option<Fault>,
    calls: Vec<Call>,
}

#[derive(Debug)]
struct Call {
    /// `amz-sdk-invocation-id`, which is the same for each retry.
    id: String,
    operation: String,
}

impl FaultProxy {
    /// Injects this fault from now on (`None`: no fault), and counts calls from 0 again.
    pub fn fault(&self, fault: Option<Fault>) {
        *self.traffic() = Traffic { fault, calls: Vec::new() };
    }

    /// From now on DynamoDB throttles writes of one item above this number a second of the stack's clock.
    pub fn throttle_hot_keys(&self, max_writes_per_second: u32) -> Arc<HotKeys> {
        let hot_keys = Arc::new(HotKeys::new(max_writes_per_second));
        *self.hot_keys.lock() = Some(Arc::clone(&hot_keys));
        hot_keys
    }

    /// The operations called since the last [`FaultProxy::fault`], such as `GetItem`.
    pub fn calls(&self) -> Vec<String> {
        self.traffic().calls.iter().map(|call| call.operation.clone()).collect()
    }

    /// A router that forwards everything to this address.
    pub(crate) fn forward_to(&self, upstream: &str, clock: &Clock) -> Router {
        let (proxy, upstream, clock) = (self.clone(), upstream.to_owned(), clock.clone());
        Router::new().fallback(move |request: axum::extract::Request| {
            let (proxy, upstream, second) = (proxy.clone(), upstream.clone(), clock.now().as_second());
            async move {
                let answered = proxy.forward(&upstream, request, second).await;
                answered.unwrap_or_else(IntoResponse::into_response)
            }
        })
    }

    async fn forward(
        &self,
        upstream: &str,
        request: axum::extract::Request,
        second: i64,
    ) -> Result<Response, StatusCode> {
        let (head, body) = request.into_parts();
        let call_number = self.call_number(&head.headers);
        let (is_lost, pause) = match self.traffic().fault {
            Some(Fault::Late(call, by)) if call == call_number => (false, by),
            Some(Fault::Lost(call, after)) if call == call_number => (true, after),
            Some(Fault::SlowFrom(call, by)) if call <= call_number => (false, by),
            _ => (false, Duration::ZERO),
        };
        if is_lost {
            tokio::time::sleep(pause).await;
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| StatusCode::BAD_REQUEST)?;
        let hot_keys = self.hot_keys.lock().clone();
        let refusal = hot_keys.and_then(|keys| keys.refusal(&operation(&head.headers), &body, second));
        if let Some((status, body)) = refusal {
            return Ok((StatusCode::from_u16(status).unwrap_or_default(), body).into_response());
        }
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut forwarded = Request::new(body);
        *forwarded.method_mut() = head.method;
        *forwarded.uri_mut() = format!("{upstream}{path}").parse().map_err(|_| StatusCode::BAD_REQUEST)?;
        *forwarded.headers_mut() = head.headers;
        forwarded.headers_mut().remove(header::HOST);
        let answer =
            self.http.send(forwarded, UPSTREAM_TIMEOUT).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
        tokio::time::sleep(pause).await;
        Ok(answered(answer))
    }

    /// The number of the call; a retry has that of its first attempt.
    fn call_number(&self, headers: &HeaderMap) -> usize {
        let id = text(headers, "amz-sdk-invocation-id");
        let mut traffic = self.traffic();
        if let Some(known) = traffic.calls.iter().position(|call| call.id == id) {
            return known;
        }
        traffic.calls.push(Call { id: id.to_owned(), operation: operation(headers) });
        traffic.calls.len() - 1
    }

    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock()
    }
}

/// The operation of a call, such as `GetItem`.
fn operation(headers: &HeaderMap) -> String {
    text(headers, "x-amz-target").rsplit('.').next().unwrap_or_default().to_owned()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn answered(answer: http::Response<Bytes>) -> Response {
    let (mut head, body) = answer.into_parts();
    // The server sets these again for the forwarded body.
    for header in [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
        head.headers.remove(header);
    }
    (head.status, head.headers, body).into_response()
}
