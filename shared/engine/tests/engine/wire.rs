//! The network between the engine and the simulated services, where a test injects faults.

use std::{sync::Arc, time::Duration};

use axum::{Router, body};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use local_clock::Clock;
use local_discord::Discord;
use local_dynamodb::{DynamoDb, HotKeys};
use local_open_meteo::OpenMeteo;
use local_sqs::Queues;
use outbound::{
    RequestError,
    simulated::{Network, ResponseFuture},
};
use parking_lot::Mutex;
use serde_json::Value;
use tower::ServiceExt;

/// Longer than any timeout.
const FOR_EVER: Duration = Duration::from_secs(120);

/// What happens to a call instead of, or after, its effect.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// It has no effect, and this status is the response.
    Status(u16),
    /// It has no effect, and DynamoDB's refusal for too many requests is the response.
    Throttled,
    /// It has no effect, and a page with this status is the response, as Cloudflare sends it.
    Page(u16),
    /// It has no effect, and Discord knows no such webhook.
    UnknownWebhook,
    /// It has no effect, and there is no response.
    Hang,
    /// It has its effect, but there is no response.
    AnswerLost,
    /// It has its effect, and then 503 is the response.
    FailsAfter,
    /// It has its effect after this time.
    Slow(Duration),
}

/// The network. Each call is named as `dynamodb PutItem IDEM#jobs#1`, `sqs SendMessage jobs`, `discord PATCH` or
/// `weather GET`, and has the fault of the last rule whose words its name contains.
pub struct Wire {
    services: FakeServices,
    rules: Mutex<Vec<(String, Fault)>>,
    calls: Mutex<Vec<String>>,
    hot_keys: Mutex<Option<(Arc<HotKeys>, Clock)>>,
}

impl Wire {
    pub fn to(services: FakeServices) -> Self {
        Self { services, rules: Mutex::default(), calls: Mutex::default(), hot_keys: Mutex::default() }
    }

    /// Every call whose name contains these words fails from now on.
    pub fn fail(&self, words: &str, fault: Fault) {
        self.rules.lock().push((words.to_owned(), fault));
    }

    /// From now on DynamoDB throttles writes of one item above this number a second of the clock.
    pub fn throttle_hot_keys(&self, max_writes_per_second: u32, clock: &Clock) -> Arc<HotKeys> {
        let hot_keys = Arc::new(HotKeys::new(max_writes_per_second));
        *self.hot_keys.lock() = Some((Arc::clone(&hot_keys), clock.clone()));
        hot_keys
    }

    /// No call fails any more.
    pub fn heal(&self) {
        self.rules.lock().clear();
    }

    /// The calls since the last [`Wire::forget`] whose names contain these words, with the SDK's retries.
    pub fn calls(&self, words: &str) -> usize {
        self.calls.lock().iter().filter(|call| call.contains(words)).count()
    }

    pub fn forget(&self) {
        self.calls.lock().clear();
    }

    /// DynamoDB's response to a call that it throttles because of a hot key.
    fn throttled(&self, request: &Request<Bytes>) -> Option<Response<Bytes>> {
        let hot_keys = self.hot_keys.lock();
        let (hot_keys, clock) = hot_keys.as_ref().filter(|_| request.uri().host() == Some("dynamodb"))?;
        let (status, body) =
            hot_keys.refusal(operation(request)?, request.body(), clock.now().as_second())?;
        Some(failure(status).map(|_| Bytes::from(body)))
    }

    fn fault(&self, call: &str) -> Option<Fault> {
        let rules = self.rules.lock();
        rules.iter().rev().find(|(words, _)| call.contains(words.as_str())).map(|(_, fault)| *fault)
    }
}

/// What the engine's HTTP client uses instead of sockets.
pub struct Connected(pub Arc<Wire>);

impl Network for Connected {
    fn carry(&self, request: Request<Bytes>) -> ResponseFuture {
        let wire = Arc::clone(&self.0);
        Box::pin(async move {
            let call = name(&request);
            wire.calls.lock().push(call.clone());
            match wire.fault(&call) {
                Some(Fault::Status(status)) => Ok(failure(status)),
                Some(Fault::Throttled) => Ok(failure(400).map(|_| {
                    Bytes::from(r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}"#)
                })),
                Some(Fault::Page(status)) => {
                    Ok(failure(status).map(|_| Bytes::from("<html>error code: 1020</html>")))
                }
                Some(Fault::UnknownWebhook) => {
                    Ok(failure(404).map(|_| Bytes::from(r#"{"message":"Unknown Webhook","code":10015}"#)))
                }
                Some(Fault::Hang) => never().await,
                Some(Fault::AnswerLost) => {
                    wire.services.answer(request).await;
                    never().await
                }
                Some(Fault::FailsAfter) => {
                    wire.services.answer(request).await;
                    Ok(failure(503))
                }
                Some(Fault::Slow(by)) => {
                    tokio::time::sleep(by).await;
                    Ok(wire.services.answer(request).await)
                }
                None => match wire.throttled(&request) {
                    Some(throttled) => Ok(throttled),
                    None => Ok(wire.services.answer(request).await),
                },
            }
        })
    }
}

async fn never() -> Result<Response<Bytes>, RequestError> {
    tokio::time::sleep(FOR_EVER).await;
    Err(RequestError::TimedOut)
}

fn failure(status: u16) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(r#"{"message":"a failure","code":0}"#));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// The name of a call, see [`Wire`].
fn name(request: &Request<Bytes>) -> String {
    let service = request.uri().host().unwrap_or_default();
    let Some(operation) = operation(request) else {
        return format!("{service} {}", request.method());
    };
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let key = ["Item", "Key"].map(|of| text(&body[of]["pk"]["S"])).concat();
    let queue = text(&body["QueueUrl"]).rsplit('/').next().unwrap_or_default().to_owned();
    format!("{service} {operation} {key}{queue}")
}

/// The operation of a call of AWS, such as `PutItem`.
fn operation(request: &Request<Bytes>) -> Option<&str> {
    request.headers().get("x-amz-target")?.to_str().ok()?.rsplit('.').next()
}

/// DynamoDB, SQS, Discord and Open-Meteo, without sockets.
pub struct FakeServices {
    dynamodb: Arc<DynamoDb>,
    sqs: Router,
    discord: Router,
    weather: Router,
}

impl FakeServices {
    pub fn new(dynamodb: &Arc<DynamoDb>, queues: &Queues, discord: &Discord, weather: &OpenMeteo) -> Self {
        Self {
            dynamodb: Arc::clone(dynamodb),
            sqs: queues.router(),
            discord: discord.watched_router(),
            weather: weather.router(),
        }
    }

    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let router = match request.uri().host() {
            Some("dynamodb") => return self.dynamodb(&request),
            Some("sqs") => &self.sqs,
            Some("discord") => &self.discord,
            _ => &self.weather,
        };
        let (mut head, sent) = request.into_parts();
        let host = head.uri.host().unwrap_or_default().parse().unwrap();
        head.headers.insert(header::HOST, host);
        head.uri = head.uri.path_and_query().expect("a path").to_string().parse().unwrap();
        let answered = router.clone().oneshot(Request::from_parts(head, body::Body::from(sent))).await;
        let (head, answer) = answered.unwrap_or_else(|never| match never {}).into_parts();
        Response::from_parts(head, body::to_bytes(answer, usize::MAX).await.unwrap())
    }

    fn dynamodb(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let operation = operation(request).unwrap_or_default();
        let (status, body) = self.dynamodb.answer(operation, request.body());
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        response
    }
}
