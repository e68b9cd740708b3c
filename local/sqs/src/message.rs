//! A message as it is sent, stored and received.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Error, address, checksum, message_attribute, message_attribute::MessageAttributes};

/// The maximum size of a message, or of all messages of a batch together, in bytes.
pub(super) const MAX_MESSAGE_BYTES: usize = 1_048_576;

/// A message to send.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    pub body: String,
    pub attributes: MessageAttributes,
    /// Seconds until it can be received, 0 to 900; `None` for the queue's default.
    pub delay: Option<u32>,
    /// `MessageGroupId`. Fair queues use it so that one group's backlog does not delay other groups.
    pub group: Option<String>,
    /// The system attribute `AWSTraceHeader`.
    pub trace_header: Option<String>,
}

/// The result of sending a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub message_id: String,
    pub md5_of_body: String,
    pub md5_of_attributes: Option<String>,
    pub md5_of_system_attributes: Option<String>,
}

/// Whether a message can be received, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Visible,
    InFlight,
    Delayed,
}

/// A message in a queue. Times are in milliseconds since 1970, by the stack's clock.
#[derive(Clone, Debug)]
pub struct Stored {
    pub queue: String,
    pub message_id: String,
    pub body: String,
    pub attributes: MessageAttributes,
    pub group: Option<String>,
    pub trace_header: Option<String>,
    pub sent: i64,
    pub first_received: Option<i64>,
    pub receive_count: u32,
    /// The queue from which it was moved, if it is a dead letter.
    pub dead_letter_source: Option<String>,
    /// The state at the time of reading.
    pub state: State,
}

/// A received message.
#[derive(Clone, Debug)]
pub struct Message {
    pub stored: Stored,
    /// The handle for deleting it and for changing its visibility timeout.
    pub receipt_handle: String,
}

impl Outgoing {
    /// A message with this body, without attributes, group or delay.
    pub fn new(body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::default() }
    }

    /// The size of body and message attributes in bytes. As on AWS, the trace header does not count.
    pub(super) fn size(&self) -> usize {
        self.body.len() + message_attribute::size(&self.attributes)
    }

    pub(super) fn check(&self, maximum_size: u32) -> Result<(), Error> {
        if self.body.is_empty() {
            return Err(Error::MissingParameter("MessageBody"));
        }
        if self.size() > maximum_size as usize {
            return Err(Error::InvalidParameterValue(format!(
                "One or more parameters are invalid. \
                 Reason: Message must be shorter than {maximum_size} bytes."
            )));
        }
        if !self.body.chars().all(is_allowed) {
            return Err(Error::InvalidMessageContents);
        }
        if let Some(delay) = self.delay.filter(|delay| *delay > 900) {
            let reason = "DelaySeconds must be >= 0 and <= 900.";
            return Err(Error::parameter("DelaySeconds", delay, reason));
        }
        self.group.as_deref().map_or(Ok(()), check_group)
    }

    pub(super) fn receipt(&self, message_id: String) -> Sent {
        Sent {
            message_id,
            md5_of_body: checksum::of_text(&self.body),
            md5_of_attributes: checksum::of_attributes(&self.attributes),
            md5_of_system_attributes: self.trace_header.as_deref().and_then(of_trace_header),
        }
    }
}

impl Stored {
    /// The system attributes of the message.
    pub(super) fn system_attributes(&self) -> BTreeMap<&'static str, String> {
        let attributes = [
            ("ApproximateReceiveCount", Some(self.receive_count.to_string())),
            ("SentTimestamp", Some(self.sent.to_string())),
            ("SenderId", Some(address::ACCOUNT.to_owned())),
            ("ApproximateFirstReceiveTimestamp", self.first_received.map(|at| at.to_string())),
            ("MessageGroupId", self.group.clone()),
            ("AWSTraceHeader", self.trace_header.clone()),
            ("DeadLetterQueueSourceArn", self.dead_letter_source.as_deref().map(address::arn)),
        ];
        attributes.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

impl Message {
    /// The record of the message in a Lambda event.
    pub fn record(&self) -> Value {
        let stored = &self.stored;
        let attributes = stored.attributes.iter().map(|(name, it)| (name.clone(), it.record()));
        json!({
            "messageId": stored.message_id,
            "receiptHandle": self.receipt_handle,
            "body": stored.body,
            "attributes": stored.system_attributes(),
            "messageAttributes": attributes.collect::<serde_json::Map<_, _>>(),
            "md5OfBody": checksum::of_text(&stored.body),
            "eventSource": "aws:sqs",
            "eventSourceARN": address::arn(&stored.queue),
            "awsRegion": address::REGION,
        })
    }
}

/// The characters that XML 1.0 allows; SQS accepts only those, also in its JSON protocol.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

fn check_group(group: &str) -> Result<(), Error> {
    if group.is_empty() || group.len() > 128 || !group.chars().all(|c| c.is_ascii_graphic()) {
        let reason = "MessageGroupId can only include alphanumeric and punctuation characters. \
                      1 to 128 in length";
        return Err(Error::parameter("MessageGroupId", group, reason));
    }
    Ok(())
}

fn of_trace_header(text: &str) -> Option<String> {
    let attribute = message_attribute::Attribute::text(text);
    checksum::of_attributes(&BTreeMap::from([("AWSTraceHeader".to_owned(), attribute)]))
}
