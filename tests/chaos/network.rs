//! The network between the environments and all services, where faults are injected.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use outbound::{
    RequestError,
    simulated::{Network, ResponseFuture},
};
use serde_json::json;

use crate::{
    fate::Fate,
    faults::{Fault, Service},
    fleet::Invocation,
    services::{Services, operation},
    story::Id,
    wire_defects::{self, Asked},
};

/// Longer than any timeout.
const FOR_EVER: Duration = Duration::from_secs(120);

/// The network of the environments.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) fate: Arc<Fate>,
    pub(crate) services: Arc<Services>,
}

impl Network for Wire {
    fn carry(&self, request: Request<Bytes>) -> ResponseFuture {
        let wire = self.clone();
        Box::pin(async move {
            let host = request.uri().host().unwrap_or_default();
            let Some(service) = Service::of(host) else { return Err(RequestError::Unreachable) };
            let request = wire_defects::request(service, request);
            if let Some(answer) = wire_defects::instead(service, &request) {
                return Ok(answer);
            }
            match Invocation::current() {
                Some(invocation) => {
                    let asked = Asked::of(service, &request);
                    let answer = wire.call(&invocation, service, request).await;
                    let answer = answer.or_else(|failed| asked.unanswered().ok_or(failed))?;
                    Ok(wire_defects::response(service, &asked, answer))
                }
                None => Ok(wire.services.answer(service, request).await),
            }
        })
    }
}

impl Wire {
    async fn call(
        &self,
        invocation: &Invocation,
        service: Service,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, RequestError> {
        let operation = operation(&request);
        let whom = whom(&invocation.whom, &request);
        let fault = self.fate.of_call(invocation, (service, &operation), &whom);
        let told = format!("{} {service:?} {operation}", invocation.kind);
        match fault {
            Some(fault) if kills(fault) => self.fate.stories.strike(&invocation.whom, &told, fault),
            Some(fault) => self.fate.stories.strike(&whom, &told, fault),
            None => {}
        }
        let dice = self.fate.of(whom.first().copied().unwrap_or_default()).of(&told, 1);
        tokio::time::sleep(Duration::from_millis(1 + dice.below(19))).await;
        let answer = self.struck(fault, invocation, service, request).await;
        if fault.is_none() {
            match &answer {
                Ok(answer) if is_unknown_webhook(answer) => {
                    self.fate.stories.strike(&whom, &told, Fault::TooEarly);
                }
                Ok(answer) => self.fate.stories.tell(&whom, &format!("{told}: {}", answer.status().as_u16())),
                Err(_) => {}
            }
        }
        answer
    }

    async fn struck(
        &self,
        fault: Option<Fault>,
        invocation: &Invocation,
        service: Service,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, RequestError> {
        let slow = Duration::from_millis(if service == Service::Discord { 3_500 } else { 700 });
        match fault {
            Some(Fault::KillBefore | Fault::Doom) => {
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
                tokio::time::sleep(FOR_EVER).await;
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

fn is_unknown_webhook(answer: &Response<Bytes>) -> bool {
    let body = || serde_json::from_slice::<serde_json::Value>(answer.body()).unwrap_or_default();
    answer.status() == StatusCode::NOT_FOUND && body()["code"] == 10015
}

fn kills(fault: Fault) -> bool {
    matches!(fault, Fault::KillBefore | Fault::KillAfter | Fault::Doom)
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
        Fault::UnknownWebhook => (404, json!({ "message": "Unknown Webhook", "code": 10015 })),
        _ => (503, json!({ "__type": dynamodb("InternalServerError"), "message": "try again" })),
    };
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
}

/// The interactions that a request is about; all of the invocation's if it names none.
fn whom(all: &[Id], request: &Request<Bytes>) -> Vec<Id> {
    if all.len() < 2 {
        return all.to_vec();
    }
    let token = request.uri().path().split('/').find_map(of_token);
    let body = String::from_utf8_lossy(request.body());
    let is_named = |id: &&Id| token == Some(**id) || (token.is_none() && body.contains(&id.to_string()));
    let named: Vec<Id> = all.iter().filter(is_named).copied().collect();
    if named.is_empty() { all.to_vec() } else { named }
}

/// The interaction of a token, which contains the id.
fn of_token(part: &str) -> Option<Id> {
    let plain = String::from_utf8(STANDARD_NO_PAD.decode(part).ok()?).ok()?;
    plain.strip_prefix("interaction:")?.split(':').next()?.parse().ok()
}
