//! The network between the environments and all services, where faults are injected.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use outbound::{
    RequestError,
    simulated::{Network, ResponseFuture},
};
use serde_json::json;

use crate::{
    calls::Call,
    environments::Invocation,
    fault_plan::FaultPlan,
    faults::{Fault, Service},
    history::Id,
    late_effects,
    rng::Rng,
    services::Services,
    wire_defects::{self, RequestContext},
};

/// Longer than any timeout.
const LONGER_THAN_ANY_TIMEOUT: Duration = Duration::from_secs(120);

/// The network of the environments.
#[derive(Clone)]
pub(crate) struct FaultyNetwork {
    pub(crate) plan: Arc<FaultPlan>,
    pub(crate) services: Arc<Services>,
}

impl Network for FaultyNetwork {
    fn carry(&self, request: Request<Bytes>) -> ResponseFuture {
        let network = self.clone();
        Box::pin(async move {
            let host = request.uri().host().unwrap_or_default();
            let Some(service) = Service::from_host(host) else { return Err(RequestError::Unreachable) };
            let request = wire_defects::request(service, request);
            let outages = &network.plan.outages;
            if let Some(answer) = wire_defects::fake_response(service, &request, outages) {
                return Ok(answer);
            }
            match Invocation::current() {
                Some(invocation) => {
                    let reported = late_effects::reported(service, &request);
                    let context = RequestContext::new(service, &request);
                    let answer = network.call(&invocation, service, request).await;
                    let answer = answer.or_else(|failed| context.response_if_unanswered().ok_or(failed))?;
                    if let Some(id) = reported {
                        late_effects::send_again(id, &network.services, &answer).await;
                    }
                    Ok(wire_defects::response(service, &context, answer))
                }
                None => Ok(network.services.answer(service, request).await),
            }
        })
    }
}

impl FaultyNetwork {
    async fn call(
        &self,
        invocation: &Invocation,
        service: Service,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, RequestError> {
        let call = Call::new(invocation.kind, service, &request);
        let ids = ids(&invocation.ids, &request);
        let fault = self.plan.call_fault(invocation, (&call, &request), &ids);
        let history = &self.plan.history;
        match fault {
            Some(fault) if kills(fault) => history.record_call_fault(&invocation.ids, &call, fault),
            Some(fault) => history.record_call_fault(&ids, &call, fault),
            None => {}
        }
        let rng = self.plan.rng_of(ids.first().copied().unwrap_or_default()).derive(&call.label(), 1);
        tokio::time::sleep(Duration::from_millis(1 + rng.below(19))).await;
        let answer = match fault {
            Some(fault) if fault.is_outage() => self.answer_in_outage(fault, rng, &ids),
            _ => self.answer_with_fault(fault, invocation, service, request).await,
        };
        if fault.is_none() {
            match &answer {
                Ok(answer) if is_unknown_webhook(answer) => {
                    history.record_call_fault(&ids, &call, Fault::TooEarly);
                }
                Ok(answer) => history.record_call(&ids, &call, answer.status().as_u16()),
                Err(_) => {}
            }
        }
        answer
    }

    /// The answer of a service that is down, which differs from call to call.
    fn answer_in_outage(&self, fault: Fault, rng: Rng, ids: &[Id]) -> Result<Response<Bytes>, RequestError> {
        let id = ids.first().copied().unwrap_or_default();
        let nth = self.plan.history.count_call(self.plan.history.number(id), fault.name());
        let rng = rng.derive(fault.name(), nth);
        match fault {
            Fault::TableDown => match rng.below(3) {
                0 => Err(RequestError::Unreachable),
                1 => Ok(refusal(Fault::Throttle)),
                _ => Ok(refusal(Fault::Unavailable)),
            },
            Fault::HotKey => Ok(refusal(Fault::Throttle)),
            Fault::HtmlPages => Ok(html_page(rng.pick(&PAGE_STATUSES))),
            _ => Ok(html_page(StatusCode::SERVICE_UNAVAILABLE)),
        }
    }

    async fn answer_with_fault(
        &self,
        fault: Option<Fault>,
        invocation: &Invocation,
        service: Service,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, RequestError> {
        let slow = Duration::from_millis(if service == Service::Discord { 3_500 } else { 700 });
        match fault {
            Some(Fault::KillBefore | Fault::AlwaysKilled) => {
                invocation.kill();
                std::future::pending().await
            }
            Some(Fault::KillAfter) => {
                self.services.answer(service, request).await;
                invocation.kill();
                std::future::pending().await
            }
            Some(Fault::FailAfter) => {
                self.services.answer(service, request).await;
                Ok(refusal(Fault::Unavailable))
            }
            Some(Fault::ResetAfter) => {
                self.services.answer(service, request).await;
                Err(RequestError::Unreachable)
            }
            Some(Fault::Reset) => Err(RequestError::Unreachable),
            Some(Fault::Hang) => {
                tokio::time::sleep(LONGER_THAN_ANY_TIMEOUT).await;
                Err(RequestError::TimedOut)
            }
            Some(Fault::Slow) => {
                // The call takes effect even if the caller has given up.
                let services = Arc::clone(&self.services);
                let late = tokio::spawn(async move {
                    tokio::time::sleep(slow).await;
                    services.answer(service, request).await
                });
                late.await.map_err(|_| RequestError::Unreachable)
            }
            Some(refused) => Ok(refusal(refused)),
            None => Ok(self.services.answer(service, request).await),
        }
    }
}

/// Statuses of pages that a content delivery network answers in place of the API.
const PAGE_STATUSES: [StatusCode; 7] = [
    StatusCode::BAD_REQUEST,
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::NOT_FOUND,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::BAD_GATEWAY,
];

fn html_page(status: StatusCode) -> Response<Bytes> {
    let page = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    let mut response = Response::new(Bytes::from(page));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

fn is_unknown_webhook(answer: &Response<Bytes>) -> bool {
    let body = || serde_json::from_slice::<serde_json::Value>(answer.body()).unwrap_or_default();
    answer.status() == StatusCode::NOT_FOUND && body()["code"] == 10015
}

fn kills(fault: Fault) -> bool {
    matches!(fault, Fault::KillBefore | Fault::KillAfter | Fault::AlwaysKilled)
}

/// The service's error response for a fault.
fn refusal(fault: Fault) -> Response<Bytes> {
    let dynamodb = |name: &str| format!("com.amazonaws.dynamodb.v20120810#{name}");
    let (status, body) = match fault {
        Fault::Throttle => {
            (400, json!({ "__type": dynamodb("ThrottlingException"), "message": "slow down" }))
        }
        Fault::Conflict => (
            400,
            json!({ "__type": dynamodb("TransactionCanceledException"), "Message": "cancelled",
                "CancellationReasons": [{ "Code": "None" }, { "Code": "TransactionConflict" }] }),
        ),
        Fault::TooMany => {
            (429, json!({ "message": "You are being rate limited.", "retry_after": 3.2, "global": false }))
        }
        Fault::UnknownWebhook | Fault::NeverKnown => {
            (404, json!({ "message": "Unknown Webhook", "code": 10015 }))
        }
        _ => (503, json!({ "__type": dynamodb("InternalServerError"), "message": "try again" })),
    };
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
}

/// The interactions that a request is about; all of the invocation's if it names none.
fn ids(all: &[Id], request: &Request<Bytes>) -> Vec<Id> {
    if all.len() < 2 {
        return all.to_vec();
    }
    let token = request.uri().path().split('/').find_map(interaction_of_token);
    let body = String::from_utf8_lossy(request.body());
    let is_named = |id: &&Id| token == Some(**id) || (token.is_none() && body.contains(&id.to_string()));
    let named: Vec<Id> = all.iter().filter(is_named).copied().collect();
    if named.is_empty() { all.to_vec() } else { named }
}

/// The interaction of a token, which contains the id.
fn interaction_of_token(part: &str) -> Option<Id> {
    let plain = String::from_utf8(STANDARD_NO_PAD.decode(part).ok()?).ok()?;
    plain.strip_prefix("interaction:")?.split(':').next()?.parse().ok()
}
