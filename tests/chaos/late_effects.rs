//! The defect that a job takes effect after its user was told that it failed: when an error message passes by, what its
//! claim says is lost, and its job is sent again.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use steward::settings::JOBS;
use tests::defects::{self, Defect};

use crate::{
    calls::{is_follow_up, is_sent_to},
    faults::Service,
    history::Id,
    services::Services,
};

/// What a seed, which has a thread of its own, has seen so far.
#[derive(Default)]
struct Seen {
    /// The request that sent each job.
    jobs: HashMap<Id, Request<Bytes>>,
    sent_again: BTreeSet<Id>,
}

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
}

/// Whether the job was sent again. It is not killed then.
pub(crate) fn is_sent_again(id: Id) -> bool {
    SEEN.with_borrow(|seen| seen.sent_again.contains(&id))
}

/// Remembers the jobs that pass by, and returns the one that a request reports as failed.
pub(crate) fn reported(service: Service, request: &Request<Bytes>) -> Option<Id> {
    if !defects::is(Defect::EffectAfterFailure) {
        return None;
    }
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    match service {
        Service::Sqs if is_sent_to(JOBS, request) => {
            let job: Value = serde_json::from_str(body["MessageBody"].as_str()?).ok()?;
            let id = job["interaction"].as_str()?.parse().ok()?;
            SEEN.with_borrow_mut(|seen| seen.jobs.insert(id, request.clone()));
            None
        }
        Service::Discord if request.method() == http::Method::PATCH || is_follow_up(request) => {
            let text = body.to_string();
            let of_it = |id: &&Id| text.contains(&format!("`{id}`"));
            SEEN.with_borrow(|seen| seen.jobs.keys().find(of_it).copied())
        }
        _ => None,
    }
}

/// Sends the job again, if the error message was accepted.
pub(crate) async fn send_again(id: Id, services: &Services, response: &Response<Bytes>) {
    let is_first = response.status().is_success() && SEEN.with_borrow_mut(|seen| seen.sent_again.insert(id));
    let job = SEEN.with_borrow(|seen| seen.jobs.get(&id).cloned());
    if let (true, Some(job)) = (is_first, job) {
        let key = json!({ "TableName": "Ephemeral", "Key": { "pk": { "S": format!("IDEM#jobs#{id}") } } });
        let mut forget = Request::new(Bytes::from(key.to_string()));
        let target = http::HeaderValue::from_static("DynamoDB_20120810.DeleteItem");
        forget.headers_mut().insert("x-amz-target", target);
        services.answer(Service::DynamoDb, forget).await;
        services.answer(Service::Sqs, job).await;
    }
}
