//! The defects that are injected on the wire: requests and responses that are changed, lost or faked.

use std::cell::Cell;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};

use serde_json::{Value, json};
use steward::settings::JOBS;
use tests::defects::{self, Defect};

use crate::{
    calls::{is_follow_up, is_sent_to, is_watchdog},
    faults::Service,
    outages::Outages,
};

/// After how many receives a job ends that is given up too early.
pub(crate) const EARLY_END: u32 = 4;

/// The request that the service receives.
pub(crate) fn request(service: Service, request: Request<Bytes>) -> Request<Bytes> {
    if service != Service::DynamoDb {
        return request;
    }
    let (head, body) = request.into_parts();
    let mut item: Value = serde_json::from_slice(&body).unwrap_or_default();
    if defects::is(Defect::NoClaim) && is_claim(&item) {
        always_holds(&mut item);
    } else if defects::is(Defect::UnkeyedEffect) {
        for write in item["TransactItems"].as_array_mut().into_iter().flatten() {
            always_holds(&mut write["Put"]);
        }
    } else {
        return Request::from_parts(head, body);
    }
    let body = Bytes::from(item.to_string());
    let mut request = Request::from_parts(head, body);
    request.headers_mut().remove(header::CONTENT_LENGTH);
    request
}

fn is_claim(update: &Value) -> bool {
    update["Key"]["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("IDEM#"))
}

/// Makes the condition always true. It keeps the original condition, because DynamoDB refuses requests with unused
/// expression values.
fn always_holds(write: &mut Value) {
    if let Some(condition) = write["ConditionExpression"].as_str() {
        write["ConditionExpression"] =
            format!("attribute_not_exists(no_such_attribute) OR ({condition})").into();
    }
}

/// A fake response; the service does not get the request then.
pub(crate) fn fake_response(
    service: Service,
    request: &Request<Bytes>,
    outages: &Outages,
) -> Option<Response<Bytes>> {
    let is_lost = match service {
        Service::Sqs => defects::is(Defect::LostWatchdog) && is_watchdog(request),
        Service::Discord => defects::is(Defect::SilentRefusal) && is_follow_up(request),
        Service::Weather => defects::is(Defect::BreakerByOneQuery) && is_kept_away(request, outages),
        Service::DynamoDb => false,
    };
    is_lost.then(|| match service {
        Service::Sqs => accepted(),
        Service::Weather => unavailable(),
        _ => Response::new(Bytes::from(json!({ "id": "1", "type": 0 }).to_string())),
    })
}

/// The response that the function receives.
pub(crate) fn response(
    service: Service,
    request: &RequestContext,
    answer: Response<Bytes>,
) -> Response<Bytes> {
    match service {
        Service::Sqs if request.is_job && !answer.status().is_success() => accepted(),
        Service::Discord
            if defects::is(Defect::NoRetryOf10015) && answer.status() == StatusCode::NOT_FOUND =>
        {
            let mut body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
            if body["code"] == 10_015 {
                body["code"] = 10_008.into();
            }
            answer.map(|_| Bytes::from(body.to_string()))
        }
        _ => answer,
    }
}

/// What the defects need to know about a request when its response arrives.
pub(crate) struct RequestContext {
    /// Whether it sends a job whose failure is hidden from the function.
    is_job: bool,
}

impl RequestContext {
    pub(crate) fn new(service: Service, request: &Request<Bytes>) -> Self {
        let is_job =
            service == Service::Sqs && defects::is(Defect::AnswerBeforeSend) && is_sent_to(JOBS, request);
        Self { is_job }
    }

    /// The response that the function receives if there was none.
    pub(crate) fn response_if_unanswered(&self) -> Option<Response<Bytes>> {
        self.is_job.then(accepted)
    }
}

thread_local! {
    /// Whether the query that always fails was made in this seed, which has a thread of its own.
    static HAS_FAILED: Cell<bool> = const { Cell::new(false) };
}

/// Whether it is another query than the one that always fails, and that one was made before.
fn is_kept_away(request: &Request<Bytes>, outages: &Outages) -> bool {
    if outages.is_about_failing_place(request) {
        HAS_FAILED.set(true);
        return false;
    }
    HAS_FAILED.get()
}

fn unavailable() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

fn accepted() -> Response<Bytes> {
    Response::new(Bytes::from(json!({ "MessageId": "lost", "MD5OfMessageBody": "" }).to_string()))
}
