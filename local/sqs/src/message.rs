//! A message on its way: as it is sent, as it lies in a queue, as it is received.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Error, address, checksum, message_attribute, message_attribute::MessageAttributes};

/// The most that one message, or all messages of a batch together, may weigh.
pub(super) const MAXIMUM_SIZE: usize = 1_048_576;

/// A message to send.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    pub body: String,
    pub attributes: MessageAttributes,
    /// Seconds until it can be received, 0 to 900. `None` takes the queue's.
    pub delay: Option<u32>,
    /// `MessageGroupId`: whose message this is, so that nobody's crowd holds up the others.
    pub group: Option<String>,
    /// The system attribute `AWSTraceHeader`.
    pub trace_header: Option<String>,
}

/// What the sender gets to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub message_id: String,
    pub md5_of_body: String,
    pub md5_of_attributes: Option<String>,
    pub md5_of_system_attributes: Option<String>,
}

/// Why a message can, or cannot, be received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Visible,
    InFlight,
    Delayed,
}

/// A message as it lies in a queue. Times in milliseconds since 1970, by the stack's clock.
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
    /// The queue in which it was received too often, if this is a dead letter.
    pub dead_letter_source: Option<String>,
    /// When it was read.
    pub state: State,
}

/// A message as one receiver got it.
#[derive(Clone, Debug)]
pub struct Message {
    pub stored: Stored,
    /// What deletes it, or keeps it hidden longer.
    pub receipt_handle: String,
}

impl Outgoing {
    /// A message of this body, without attributes, group or delay.
    pub fn new(body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::default() }
    }

    /// Body and message attributes, in bytes. The trace header is free.
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
    /// The attributes that SQS itself gives to a message.
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
    /// The record that a function gets in an event of its SQS event source.
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

/// What XML 1.0 allows: SQS once spoke XML and kept to it.
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
