//! What a call of an environment is about, as far as faults and the checker need to know.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::Value;
use steward::settings::{JOBS, TIMERS};

use crate::{faults::Service, services::operation};

/// A call of an environment to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The kind of the invocation: `door`, `job` or `watch`.
    pub(crate) kind: &'static str,
    pub(crate) service: Service,
    pub(crate) operation: String,
    pub(crate) purpose: Purpose,
    /// The keys of the items that an effect writes.
    pub(crate) items: String,
}

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Edits the original response.
    Reply,
    /// Sends a follow-up message.
    FollowUp,
    /// Sends a job to its queue.
    Job,
    /// Reads or writes a claim.
    Claim,
    /// Writes what a command stores, in the State table.
    Effect,
    Other,
}

impl Call {
    pub(crate) fn new(kind: &'static str, service: Service, request: &Request<Bytes>) -> Self {
        let operation = operation(request);
        let purpose = match service {
            Service::Discord => discord_purpose(request),
            Service::Sqs if is_sent_to(JOBS, request) => Purpose::Job,
            Service::DynamoDb => table_purpose(&operation, request),
            _ => Purpose::Other,
        };
        let items = if purpose == Purpose::Effect { written_items(request) } else { String::new() };
        Self { kind, service, operation, purpose, items }
    }

    /// `job Discord PATCH`. It seeds random numbers: another text would change what each seed does.
    pub(crate) fn label(&self) -> String {
        format!("{} {:?} {}", self.kind, self.service, self.operation)
    }
}

fn discord_purpose(request: &Request<Bytes>) -> Purpose {
    if request.method() == Method::PATCH {
        Purpose::Reply
    } else if is_follow_up(request) {
        Purpose::FollowUp
    } else {
        Purpose::Other
    }
}

fn table_purpose(operation: &str, request: &Request<Bytes>) -> Purpose {
    let text = String::from_utf8_lossy(request.body());
    if text.contains("\"IDEM#") {
        Purpose::Claim
    } else if is_write(operation) && is_about_table("State", request) {
        Purpose::Effect
    } else {
        Purpose::Other
    }
}

/// The keys of the items that a request to DynamoDB writes.
fn written_items(request: &Request<Bytes>) -> String {
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let transaction = body["TransactItems"].as_array().cloned().unwrap_or_default();
    let in_transaction = transaction.iter().filter_map(|write| write.as_object()?.values().next());
    let keys = in_transaction.chain([&body]).map(|write| {
        let attribute = |name: &str| write["Item"].get(name).or_else(|| write["Key"].get(name)).cloned();
        format!("{:?} {:?}", attribute("pk"), attribute("sk"))
    });
    keys.collect::<Vec<_>>().join(", ")
}

fn is_write(operation: &str) -> bool {
    matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem" | "TransactWriteItems")
}

/// Whether a request to DynamoDB reads or writes this table.
pub(crate) fn is_about_table(table: &str, request: &Request<Bytes>) -> bool {
    String::from_utf8_lossy(request.body()).contains(&format!("\"{table}\""))
}

/// Whether it sends messages to this queue.
pub(crate) fn is_sent_to(queue: &str, request: &Request<Bytes>) -> bool {
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let url = body["QueueUrl"].as_str().unwrap_or_default();
    operation(request) == "SendMessage" && url.rsplit('/').next() == Some(queue)
}

/// Whether it sends a watchdog message.
pub(crate) fn is_watchdog(request: &Request<Bytes>) -> bool {
    is_sent_to(TIMERS, request)
}

/// Whether it is about a reply: only then can Discord not know the webhook. Files are fetched from Discord too.
pub(crate) fn is_to_webhook(request: &Request<Bytes>) -> bool {
    request.uri().path().split('/').any(|part| part == "webhooks")
}

/// `POST /webhooks/{application}/{token}`.
pub(crate) fn is_follow_up(request: &Request<Bytes>) -> bool {
    let mut parts = request.uri().path().split('/').skip_while(|part| *part != "webhooks");
    request.method() == Method::POST && parts.by_ref().count() == 3
}
