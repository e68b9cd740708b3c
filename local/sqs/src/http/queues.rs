//! Operations on whole queues.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{QueueUrl, Request, given};
use crate::{
    Attributes, Error, address,
    store::{dead_letters, queues, retention},
};

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CreateQueue {
    queue_name: String,
    attributes: BTreeMap<String, String>,
}

/// Creates a queue. If it exists, only the given attributes have to agree.
pub(super) fn create(request: &Request<'_>) -> Result<Value, Error> {
    let CreateQueue { queue_name, attributes } = request.parse()?;
    let name = given(&queue_name, "QueueName")?;
    let like = match request.queues.attributes(name) {
        Ok(existing) => existing,
        Err(Error::QueueDoesNotExist) => Attributes::default(),
        Err(error) => return Err(error),
    };
    request.queues.create(name, &like.with(&attributes)?)?;
    Ok(json!({ "QueueUrl": address::url(request.host, name) }))
}

pub(super) fn url(request: &Request<'_>) -> Result<Value, Error> {
    let CreateQueue { queue_name, .. } = request.parse()?;
    let name = given(&queue_name, "QueueName")?;
    request.queues.attributes(name)?;
    Ok(json!({ "QueueUrl": address::url(request.host, name) }))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct GetAttributes {
    queue_url: QueueUrl,
    attribute_names: Vec<String>,
}

pub(super) fn attributes(request: &Request<'_>) -> Result<Value, Error> {
    let query: GetAttributes = request.parse()?;
    let mut known = current_attributes(request, query.queue_url.name()?)?;
    if !query.attribute_names.iter().any(|name| name == "All") {
        known.retain(|name, _| query.attribute_names.contains(name));
    }
    if known.is_empty() {
        return Ok(json!({}));
    }
    Ok(json!({ "Attributes": known }))
}

/// All attributes of a queue, with the counts of its messages.
fn current_attributes(request: &Request<'_>, name: &str) -> Result<Map<String, Value>, Error> {
    let now = request.queues.now();
    let mut store = request.queues.store();
    let db = store.begin()?;
    let queue = queues::get(&db, name)?;
    let counts = retention::counts(&db, name, now)?;
    db.commit()?;
    let mut all = queue.attributes.wire();
    all.extend([
        ("ApproximateNumberOfMessages", counts.visible.to_string()),
        ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
        ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
        ("CreatedTimestamp", (queue.created / 1000).to_string()),
        ("LastModifiedTimestamp", (queue.modified / 1000).to_string()),
        ("QueueArn", address::arn(name)),
    ]);
    Ok(all.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct SetAttributes {
    queue_url: QueueUrl,
    attributes: BTreeMap<String, String>,
}

pub(super) fn set_attributes(request: &Request<'_>) -> Result<Value, Error> {
    let SetAttributes { queue_url, attributes } = request.parse()?;
    let name = queue_url.name()?;
    let changed = request.queues.attributes(name)?.with(&attributes)?;
    request.queues.set_attributes(name, &changed)?;
    Ok(json!({}))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ListQueues {
    queue_name_prefix: String,
    max_results: Option<usize>,
    /// The last name of the previous page.
    next_token: String,
}

pub(super) fn list(request: &Request<'_>) -> Result<Value, Error> {
    let ListQueues { queue_name_prefix, max_results, next_token } = request.parse()?;
    let mut names = queues::names(&*request.queues.store().begin()?)?;
    names.retain(|name| name.starts_with(&queue_name_prefix) && *name > next_token);
    let mut answer = json!({});
    // As on AWS, without MaxResults there is no pagination, and at most 1000 names are returned.
    let page = max_results.unwrap_or(1000);
    if names.len() > page {
        names.truncate(page);
        if max_results.is_some() {
            answer["NextToken"] = names.last().cloned().into();
        }
    }
    if !names.is_empty() {
        let urls = names.iter().map(|name| address::url(request.host, name));
        answer["QueueUrls"] = urls.collect();
    }
    Ok(answer)
}

pub(super) fn purge(request: &Request<'_>) -> Result<Value, Error> {
    let query: GetAttributes = request.parse()?;
    request.queues.purge(query.queue_url.name()?)?;
    Ok(json!({}))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct StartMove {
    source_arn: String,
    destination_arn: Option<String>,
}

/// AWS moves messages in the background; here all are moved before the response.
pub(super) fn start_move(request: &Request<'_>) -> Result<Value, Error> {
    let StartMove { source_arn, destination_arn } = request.parse()?;
    let dead = queue_of(given(&source_arn, "SourceArn")?)?;
    let destination = destination_arn.as_deref().map(queue_of).transpose()?;
    if !dead_letters::is_target(&*request.queues.store().begin()?, dead)? {
        let text = "Source queue must be configured as a Dead Letter Queue.";
        return Err(Error::InvalidParameterValue(text.to_owned()));
    }
    request.queues.redrive_to(dead, destination)?;
    Ok(json!({ "TaskHandle": STANDARD.encode(format!("moved {source_arn}")) }))
}

fn queue_of(arn: &str) -> Result<&str, Error> {
    address::name_in_arn(arn).ok_or(Error::ResourceNotFound)
}
