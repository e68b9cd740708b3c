//! A proxy before DynamoDB and SQS that can delay, refuse or lose calls, for tests.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use local_clock::Clock;
use local_dynamodb::HotKeys;
use parking_lot::{Mutex, MutexGuard};
use serde_json::Value;

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
    /// The first two tries of this call fail in this way.
    FailsTwice(usize, Failure),
}

/// How a try of a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// 500, without an effect.
    InternalError,
    /// The service's error for too many requests, without an effect.
    Throttled,
    /// It takes effect, but the connection breaks during the response.
    Reset,
}

/// The number of tries that [`Fault::FailsTwice`] concerns.
const FAILING_TRIES: u32 = 2;

/// The proxy. Clones share their state.
#[derive(Clone, Debug, Default)]
pub struct FaultProxy {
    traffic: Arc<Mutex<Traffic>>,
    hot_keys: Arc<Mutex<Option<Arc<HotKeys>>>>,
    rights: Arc<Mutex<BTreeSet<Right>>>,
    http: outbound::Client,
}

/// What a call needs of IAM.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// The function that called: in the local stack its access key.
    pub function: String,
    /// `dynamodb:GetItem`, `sqs:SendMessage` and so on.
    pub action: String,
    /// The name of the table or queue; of an index, `TABLE/index/NAME`.
    pub resource: String,
    /// The partition key; empty for a queue.
    pub leading_key: String,
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
    /// How many tries have arrived.
    tries: u32,
    /// The capacity units that DynamoDB has charged for it.
    units: f64,
}

/// What calls have cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// Calls of DynamoDB and SQS.
    pub calls: usize,
    /// DynamoDB's read units.
    pub read_units: f64,
    /// DynamoDB's write units.
    pub write_units: f64,
    /// Messages sent to queues.
    pub messages: usize,
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

    /// What the calls since the last [`FaultProxy::fault`] have cost.
    pub fn cost(&self) -> Cost {
        let mut cost = Cost::default();
        for call in &self.traffic().calls {
            cost.calls += 1;
            match call.operation.as_str() {
                "GetItem" | "Query" | "BatchGetItem" => cost.read_units += call.units,
                "SendMessage" => cost.messages += 1,
                _ => cost.write_units += call.units,
            }
        }
        cost
    }

    /// The rights that all calls have needed, since the proxy was created.
    pub fn rights(&self) -> BTreeSet<Right> {
        self.rights.lock().clone()
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
        let (call_number, tries) = self.count_try(&head.headers);
        let fault = self.traffic().fault;
        let (mut pause, mut is_reset) = (Duration::ZERO, false);
        match fault {
            Some(Fault::Late(call, by)) if call == call_number => pause = by,
            Some(Fault::SlowFrom(call, by)) if call <= call_number => pause = by,
            Some(Fault::Lost(call, after)) if call == call_number => {
                tokio::time::sleep(after).await;
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
            Some(Fault::FailsTwice(call, failure)) if call == call_number && tries <= FAILING_TRIES => {
                match failure {
                    Failure::InternalError => return Err(StatusCode::INTERNAL_SERVER_ERROR),
                    Failure::Throttled => return Ok(throttled(&head.headers)),
                    Failure::Reset => is_reset = true,
                }
            }
            _ => {}
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| StatusCode::BAD_REQUEST)?;
        self.rights.lock().extend(rights(&head.headers, &body));
        let hot_keys = self.hot_keys.lock().clone();
        let refusal = hot_keys.and_then(|keys| keys.refusal(&operation(&head.headers), &body, second));
        if let Some((status, body)) = refusal {
            return Ok((StatusCode::from_u16(status).unwrap_or_default(), body).into_response());
        }
        let body = asking_for_units(&head.headers, body);
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut forwarded = Request::new(body);
        *forwarded.method_mut() = head.method;
        *forwarded.uri_mut() = format!("{upstream}{path}").parse().map_err(|_| StatusCode::BAD_REQUEST)?;
        *forwarded.headers_mut() = head.headers;
        for header in [header::HOST, header::CONTENT_LENGTH] {
            forwarded.headers_mut().remove(header);
        }
        let answer =
            self.http.send(forwarded, UPSTREAM_TIMEOUT).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
        self.traffic().calls[call_number].units += units(answer.body());
        tokio::time::sleep(pause).await;
        Ok(if is_reset { broken() } else { answered(answer) })
    }

    /// The number of the call, and how many tries of it have arrived with this one. A retry has the number of
    /// its first try.
    fn count_try(&self, headers: &HeaderMap) -> (usize, u32) {
        let id = text(headers, "amz-sdk-invocation-id");
        let mut traffic = self.traffic();
        let known = traffic.calls.iter().position(|call| call.id == id);
        let number = known.unwrap_or_else(|| {
            traffic.calls.push(Call {
                id: id.to_owned(),
                operation: operation(headers),
                tries: 0,
                units: 0.0,
            });
            traffic.calls.len() - 1
        });
        let call = &mut traffic.calls[number];
        call.tries += 1;
        (number, call.tries)
    }

    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock()
    }
}

/// The rights that a call needs. A transaction needs those of each of its writes.
fn rights(headers: &HeaderMap, body: &[u8]) -> Vec<Right> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let authorization = text(headers, "authorization");
    let function = authorization.split("Credential=").nth(1).and_then(|scope| scope.split('/').next());
    let right = |action: String, resource: &Value, request: &Value| Right {
        function: function.unwrap_or_default().to_owned(),
        action,
        resource: named(resource, &request["IndexName"]),
        leading_key: leading_key(request).unwrap_or_default(),
    };
    let operation = operation(headers);
    if !text(headers, "x-amz-target").starts_with("DynamoDB") {
        return vec![right(format!("sqs:{operation}"), &request["QueueUrl"], &Value::Null)];
    }
    match request["TransactItems"].as_array() {
        None => vec![right(format!("dynamodb:{operation}"), &request["TableName"], &request)],
        Some(writes) => {
            let writes = writes.iter().filter_map(|write| write.as_object()?.iter().next());
            writes
                .map(|(kind, write)| right(format!("dynamodb:{kind}Item"), &write["TableName"], write))
                .collect()
        }
    }
}

/// The table, the index, or the last part of the queue's URL.
fn named(resource: &Value, index: &Value) -> String {
    let name = resource.as_str().and_then(|name| name.rsplit('/').next()).unwrap_or_default();
    index.as_str().map_or_else(|| name.to_owned(), |index| format!("{name}/index/{index}"))
}

/// The partition key of a request's item or query.
fn leading_key(request: &Value) -> Option<String> {
    let of_item = ["Key", "Item"].into_iter().find_map(|name| request[name]["pk"]["S"].as_str());
    let of_query = || {
        let placeholder =
            request["KeyConditionExpression"].as_str()?.strip_prefix("pk = ")?.split(' ').next()?;
        request["ExpressionAttributeValues"][placeholder]["S"].as_str()
    };
    of_item.or_else(of_query).map(str::to_owned)
}

/// The request of a call to DynamoDB, which asks for the units that are charged.
fn asking_for_units(headers: &HeaderMap, body: Bytes) -> Bytes {
    let is_dynamodb = text(headers, "x-amz-target").starts_with("DynamoDB");
    let Some(mut request) = serde_json::from_slice::<Value>(&body).ok().filter(|_| is_dynamodb) else {
        return body;
    };
    request["ReturnConsumedCapacity"] = "TOTAL".into();
    request.to_string().into()
}

/// The units in DynamoDB's response: of one table, or of each in a transaction.
fn units(response: &[u8]) -> f64 {
    let response: Value = serde_json::from_slice(response).unwrap_or_default();
    let of_table = |consumed: &Value| consumed["CapacityUnits"].as_f64().unwrap_or_default();
    match &response["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().map(of_table).sum(),
        one => of_table(one),
    }
}

/// The operation of a call, such as `GetItem`.
fn operation(headers: &HeaderMap) -> String {
    text(headers, "x-amz-target").rsplit('.').next().unwrap_or_default().to_owned()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The error with which the service refuses too many requests. Sources: DynamoDB, "Error handling"; SQS,
/// "Common errors".
fn throttled(headers: &HeaderMap) -> Response {
    let (status, kind) = match text(headers, "x-amz-target") {
        target if target.starts_with("DynamoDB") => {
            (StatusCode::BAD_REQUEST, "com.amazonaws.dynamodb.v20120810#ThrottlingException")
        }
        _ => (StatusCode::FORBIDDEN, "com.amazonaws.sqs#RequestThrottled"),
    };
    (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.0")], format!(r#"{{"__type":"{kind}"}}"#))
        .into_response()
}

/// A response whose connection breaks before its body arrives.
fn broken() -> Response {
    let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let body = futures_util::stream::once(std::future::ready(Err::<Bytes, _>(reset)));
    Body::from_stream(body).into_response()
}

fn answered(answer: http::Response<Bytes>) -> Response {
    let (mut head, body) = answer.into_parts();
    // The server sets these again for the forwarded body.
    for header in [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
        head.headers.remove(header);
    }
    (head.status, head.headers, body).into_response()
}
