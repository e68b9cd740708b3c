//! Operations on single messages, and ReceiveMessage.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{QueueUrl, Request, given, optional, within};
use crate::{
    Error, Message, MessageAttributes, Outgoing, Sent, checksum,
    message_attribute::{self, Attribute, AttributeValue, WireAttribute},
};

/// The fields of SendMessage and of each entry of SendMessageBatch.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SendFields {
    message_body: String,
    delay_seconds: Option<i64>,
    message_attributes: BTreeMap<String, WireAttribute>,
    message_system_attributes: BTreeMap<String, WireAttribute>,
    message_group_id: Option<String>,
    message_deduplication_id: Option<String>,
}

impl SendFields {
    pub(super) fn finish(self) -> Result<Outgoing, Error> {
        if self.message_deduplication_id.is_some() {
            return Err(Error::UnsupportedOperation("MessageDeduplicationId is for FIFO queues."));
        }
        Ok(Outgoing {
            body: self.message_body,
            attributes: message_attribute::parse(self.message_attributes)?,
            // A negative delay becomes one that is too large, and fails the same check.
            delay: self.delay_seconds.map(|delay| u32::try_from(delay).unwrap_or(u32::MAX)),
            group: self.message_group_id,
            trace_header: trace_header(self.message_system_attributes)?,
        })
    }
}

/// The only system attribute that a sender may set.
fn trace_header(wire: BTreeMap<String, WireAttribute>) -> Result<Option<String>, Error> {
    let mut trace_header = None;
    for (name, wire) in wire {
        match (name.as_str(), Attribute::parse(&name, wire)?.value) {
            ("AWSTraceHeader", AttributeValue::Text(text)) => trace_header = Some(text),
            _ => {
                let text = format!("Message system attribute name '{name}' is invalid.");
                return Err(Error::InvalidParameterValue(text));
            }
        }
    }
    Ok(trace_header)
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Send {
    queue_url: QueueUrl,
    #[serde(flatten)]
    draft: SendFields,
}

pub(super) fn send(request: &Request<'_>) -> Result<Value, Error> {
    let Send { queue_url, draft } = request.parse()?;
    let sent = request.queues.send(queue_url.name()?, &draft.finish()?)?;
    Ok(told(&sent))
}

pub(super) fn told(sent: &Sent) -> Value {
    let mut answer = json!({
        "MessageId": sent.message_id,
        "MD5OfMessageBody": sent.md5_of_body,
    });
    let sums = [
        ("MD5OfMessageAttributes", &sent.md5_of_attributes),
        ("MD5OfMessageSystemAttributes", &sent.md5_of_system_attributes),
    ];
    for (name, sum) in sums {
        if let Some(sum) = sum {
            answer[name] = sum.as_str().into();
        }
    }
    answer
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Receive {
    queue_url: QueueUrl,
    /// The deprecated name of the next field; both are accepted.
    attribute_names: Vec<String>,
    message_system_attribute_names: Vec<String>,
    message_attribute_names: Vec<String>,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
}

pub(super) async fn receive(request: &Request<'_>) -> Result<Value, Error> {
    let asked: Receive = request.parse()?;
    let queue = asked.queue_url.name()?;
    let max = within("MaxNumberOfMessages", asked.max_number_of_messages.unwrap_or(1), 1..=10)?;
    let visibility = optional("VisibilityTimeout", asked.visibility_timeout, 0..=43_200)?;
    let wait = match optional("WaitTimeSeconds", asked.wait_time_seconds, 0..=20)? {
        Some(wait) => wait,
        None => request.queues.attributes(queue)?.receive_wait,
    };
    let wait = Duration::from_secs(wait.into());
    let messages = request.queues.receive_hidden(queue, max, wait, visibility).await?;
    if messages.is_empty() {
        return Ok(json!({}));
    }
    Ok(json!({ "Messages": messages.iter().map(|it| asked.shown(it)).collect::<Value>() }))
}

impl Receive {
    /// A message with the attributes that the receiver requested.
    fn shown(&self, message: &Message) -> Value {
        let stored = &message.stored;
        let mut shown = json!({
            "MessageId": stored.message_id,
            "ReceiptHandle": message.receipt_handle,
            "Body": stored.body,
            "MD5OfBody": checksum::of_text(&stored.body),
        });
        let mut system = stored.system_attributes();
        system.retain(|name, _| self.wants_system(name));
        if !system.is_empty() {
            shown["Attributes"] = json!(system);
        }
        let mut attributes = stored.attributes.clone();
        attributes.retain(|name, _| self.wants(name));
        if let Some(sum) = checksum::of_attributes(&attributes) {
            shown["MD5OfMessageAttributes"] = sum.into();
            shown["MessageAttributes"] = wire(&attributes);
        }
        shown
    }

    fn wants_system(&self, name: &str) -> bool {
        let mut names = self.attribute_names.iter().chain(&self.message_system_attribute_names);
        names.any(|wanted| wanted == "All" || wanted == name)
    }

    /// Whether an attribute is requested, by name, by prefix (`app.*`) or by `All`.
    fn wants(&self, name: &str) -> bool {
        self.message_attribute_names.iter().any(|wanted| match wanted.strip_suffix(".*") {
            Some(start) => name.starts_with(start),
            None => wanted == "All" || wanted == name,
        })
    }
}

fn wire(attributes: &MessageAttributes) -> Value {
    json!(attributes.iter().map(|(name, it)| (name, it.wire())).collect::<BTreeMap<_, _>>())
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Received {
    queue_url: QueueUrl,
    #[serde(flatten)]
    receipt: Receipt,
}

/// A receipt handle, and the new visibility timeout.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Receipt {
    receipt_handle: String,
    visibility_timeout: Option<i64>,
}

impl Receipt {
    pub(super) fn delete(&self, request: &Request<'_>, queue: &str) -> Result<(), Error> {
        request.queues.delete(queue, given(&self.receipt_handle, "ReceiptHandle")?)
    }

    pub(super) fn keep(&self, request: &Request<'_>, queue: &str) -> Result<(), Error> {
        let handle = given(&self.receipt_handle, "ReceiptHandle")?;
        let timeout = self.visibility_timeout.ok_or(Error::MissingParameter("VisibilityTimeout"))?;
        let timeout = within("VisibilityTimeout", timeout, 0..=43_200)?;
        request.queues.change_visibility(queue, handle, timeout)
    }
}

pub(super) fn delete(request: &Request<'_>) -> Result<Value, Error> {
    let Received { queue_url, receipt } = request.parse()?;
    receipt.delete(request, queue_url.name()?)?;
    Ok(json!({}))
}

pub(super) fn change_visibility(request: &Request<'_>) -> Result<Value, Error> {
    let Received { queue_url, receipt } = request.parse()?;
    receipt.keep(request, queue_url.name()?)?;
    Ok(json!({}))
}
