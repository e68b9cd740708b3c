//! The attributes of a queue: timeouts, limits, redrive policy.

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Error, address};

/// The attributes of a queue that can be set. Times in seconds, sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attributes {
    /// How long a received message stays hidden: 0 to 43,200.
    pub visibility_timeout: u32,
    /// How long a new message stays hidden: 0 to 900.
    pub delay: u32,
    /// The age at which a message is deleted, received or not: 60 to 1,209,600.
    pub retention: u32,
    /// The limit of a message's body and attributes together: 1,024 to 1,048,576.
    pub maximum_message_size: u32,
    /// The default wait of a receive: 0 to 20.
    pub receive_wait: u32,
    pub redrive_policy: Option<RedrivePolicy>,
    /// Encryption keys and policies: stored and returned, but without effect here.
    pub without_effect: BTreeMap<String, String>,
}

/// Where messages go that were received too often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedrivePolicy {
    /// The name of the dead-letter queue.
    pub dead_letter_queue: String,
    /// 1 to 1,000. After this many receives, the next one moves the message instead.
    pub max_receive_count: u32,
}

impl Default for Attributes {
    /// The defaults of AWS.
    fn default() -> Self {
        Self {
            visibility_timeout: 30,
            delay: 0,
            retention: 345_600,
            maximum_message_size: 1_048_576,
            receive_wait: 0,
            redrive_policy: None,
            without_effect: BTreeMap::new(),
        }
    }
}

const ATTRIBUTES_WITHOUT_EFFECT: [&str; 5] = [
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "Policy",
    "RedriveAllowPolicy",
    "SqsManagedSseEnabled",
];

impl Attributes {
    /// A copy with the attributes of a request applied.
    pub(super) fn with(&self, wire: &BTreeMap<String, String>) -> Result<Self, Error> {
        let mut new = self.clone();
        for (name, value) in wire {
            new.set(name, value)?;
        }
        Ok(new)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        match name {
            "VisibilityTimeout" => {
                self.visibility_timeout = number("VisibilityTimeout", value, 0..=43_200)?;
            }
            "DelaySeconds" => self.delay = number("DelaySeconds", value, 0..=900)?,
            "MessageRetentionPeriod" => {
                self.retention = number("MessageRetentionPeriod", value, 60..=1_209_600)?;
            }
            "MaximumMessageSize" => {
                self.maximum_message_size = number("MaximumMessageSize", value, 1024..=1_048_576)?;
            }
            "ReceiveMessageWaitTimeSeconds" => {
                self.receive_wait = number("ReceiveMessageWaitTimeSeconds", value, 0..=20)?;
            }
            "RedrivePolicy" => self.redrive_policy = RedrivePolicy::parse(value)?,
            "FifoQueue" if value == "true" => {
                return Err(Error::UnsupportedOperation("FifoQueue is true."));
            }
            "FifoQueue" | "ContentBasedDeduplication" | "DeduplicationScope" | "FifoThroughputLimit" => {
                return Err(Error::InvalidAttributeName(name.to_owned()));
            }
            _ if ATTRIBUTES_WITHOUT_EFFECT.contains(&name) => {
                self.without_effect.insert(name.to_owned(), value.to_owned());
            }
            _ => return Err(Error::InvalidAttributeName(name.to_owned())),
        }
        Ok(())
    }

    /// Name and value of each attribute, as SQS returns them.
    pub(super) fn wire(&self) -> BTreeMap<&str, String> {
        let mut wire = BTreeMap::from([
            ("VisibilityTimeout", self.visibility_timeout.to_string()),
            ("DelaySeconds", self.delay.to_string()),
            ("MessageRetentionPeriod", self.retention.to_string()),
            ("MaximumMessageSize", self.maximum_message_size.to_string()),
            ("ReceiveMessageWaitTimeSeconds", self.receive_wait.to_string()),
        ]);
        wire.extend(self.redrive_policy.as_ref().map(|policy| ("RedrivePolicy", policy.wire())));
        wire.extend(self.without_effect.iter().map(|(name, value)| (name.as_str(), value.clone())));
        wire
    }

    /// The first attribute in which the two differ.
    pub(super) fn difference(&self, other: &Self) -> Option<&'static str> {
        let differences = [
            ("VisibilityTimeout", self.visibility_timeout != other.visibility_timeout),
            ("DelaySeconds", self.delay != other.delay),
            ("MessageRetentionPeriod", self.retention != other.retention),
            ("MaximumMessageSize", self.maximum_message_size != other.maximum_message_size),
            ("ReceiveMessageWaitTimeSeconds", self.receive_wait != other.receive_wait),
            ("RedrivePolicy", self.redrive_policy != other.redrive_policy),
            ("Policy", self.without_effect != other.without_effect),
        ];
        differences.into_iter().find_map(|(name, differs)| differs.then_some(name))
    }
}

impl RedrivePolicy {
    /// Parses the JSON of the policy; an empty string removes it. `maxReceiveCount` may be a number or a
    /// string.
    fn parse(text: &str) -> Result<Option<Self>, Error> {
        if text.is_empty() {
            return Ok(None);
        }
        let json: Value = serde_json::from_str(text).unwrap_or_default();
        let arn = json["deadLetterTargetArn"].as_str();
        let count = match &json["maxReceiveCount"] {
            Value::String(count) => count.clone(),
            count => count.to_string(),
        };
        let invalid = Error::InvalidAttributeValue("RedrivePolicy");
        Ok(Some(Self {
            dead_letter_queue: arn.and_then(address::name_in_arn).ok_or(invalid)?.to_owned(),
            max_receive_count: number("RedrivePolicy", &count, 1..=1000)?,
        }))
    }

    fn wire(&self) -> String {
        serde_json::json!({
            "deadLetterTargetArn": address::arn(&self.dead_letter_queue),
            "maxReceiveCount": self.max_receive_count,
        })
        .to_string()
    }
}

fn number(name: &'static str, value: &str, range: RangeInclusive<u32>) -> Result<u32, Error> {
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or(Error::InvalidAttributeValue(name))
}
