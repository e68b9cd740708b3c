//! Batch operations of up to ten entries. The batch is refused as a whole, or each entry succeeds or fails on its own.

use std::collections::HashSet;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    QueueUrl, Request,
    messages::{Receipt, SendFields, told},
};
use crate::{Error, Outgoing, message::MAX_MESSAGE_BYTES};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound = "T: DeserializeOwned")]
struct Batch<T> {
    #[serde(default)]
    queue_url: QueueUrl,
    #[serde(default = "Vec::new")]
    entries: Vec<Entry<T>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound = "T: DeserializeOwned")]
struct Entry<T> {
    #[serde(default)]
    id: String,
    #[serde(flatten)]
    content: T,
}

pub(super) fn send(request: &Request<'_>) -> Result<Value, Error> {
    let batch: Batch<SendFields> = Batch::parse(request)?;
    let queue = batch.queue(request)?;
    let mut size = 0;
    let mut drafts = Vec::new();
    for Entry { id, content } in batch.entries {
        let outgoing = content.finish();
        size += outgoing.as_ref().map_or(0, Outgoing::size);
        drafts.push((id, outgoing));
    }
    if size > MAX_MESSAGE_BYTES {
        return Err(Error::BatchRequestTooLong(size));
    }
    let sent = drafts.into_iter().map(|(id, outgoing)| {
        let sent = outgoing.and_then(|outgoing| request.queues.send(&queue, &outgoing));
        (id, sent.map(|sent| told(&sent)))
    });
    Ok(outcome(sent))
}

pub(super) fn delete(request: &Request<'_>) -> Result<Value, Error> {
    settle(request, Receipt::delete)
}

pub(super) fn change_visibility(request: &Request<'_>) -> Result<Value, Error> {
    settle(request, Receipt::keep)
}

fn settle(
    request: &Request<'_>,
    each: impl Fn(&Receipt, &Request<'_>, &str) -> Result<(), Error>,
) -> Result<Value, Error> {
    let batch: Batch<Receipt> = Batch::parse(request)?;
    let queue = batch.queue(request)?;
    Ok(outcome(batch.entries.into_iter().map(|Entry { id, content }| {
        let done = each(&content, request, &queue);
        (id, done.map(|()| json!({})))
    })))
}

impl<T: DeserializeOwned> Batch<T> {
    fn parse(request: &Request<'_>) -> Result<Self, Error> {
        let batch: Self = request.parse()?;
        match batch.entries.len() {
            0 => return Err(Error::EmptyBatchRequest),
            1..=10 => {}
            count => return Err(Error::TooManyEntriesInBatchRequest(count)),
        }
        let mut seen = HashSet::new();
        for Entry { id, .. } in &batch.entries {
            if !is_entry_id(id) {
                return Err(Error::InvalidBatchEntryId);
            }
            if !seen.insert(id) {
                return Err(Error::BatchEntryIdsNotDistinct(id.clone()));
            }
        }
        Ok(batch)
    }

    /// The name of the queue, which must exist: otherwise the whole batch fails.
    fn queue(&self, request: &Request<'_>) -> Result<String, Error> {
        let name = self.queue_url.name()?;
        request.queues.attributes(name)?;
        Ok(name.to_owned())
    }
}

fn is_entry_id(id: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=80).contains(&id.len()) && id.chars().all(allowed)
}

/// The response. As on AWS, empty lists are left out.
fn outcome(done: impl Iterator<Item = (String, Result<Value, Error>)>) -> Value {
    let mut successful = Vec::new();
    let mut failed = Vec::new();
    for (id, result) in done {
        match result {
            Ok(mut entry) => {
                entry["Id"] = id.into();
                successful.push(entry);
            }
            Err(error) => failed.push(json!({
                "Id": id,
                "Code": error.legacy_code(),
                "Message": error.to_string(),
                "SenderFault": error.is_sender_fault(),
            })),
        }
    }
    let mut outcome = json!({});
    for (name, list) in [("Successful", successful), ("Failed", failed)] {
        if !list.is_empty() {
            outcome[name] = list.into();
        }
    }
    outcome
}
