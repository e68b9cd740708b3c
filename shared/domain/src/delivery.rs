//! One delivery of a queue message to a function.

use jiff::Timestamp;

/// A delivered message: what the queue says about it. The body may contain tokens and text of users.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The message as it was sent.
    pub body: &'a str,
    /// The ARN of the queue.
    pub source: &'a str,
    /// The message group, if it has one.
    pub group: Option<&'a str>,
    /// SQS's receive count, from 1, including this receive. It counts deliveries, not attempts: a throttled
    /// function uses receives up without being invoked.
    pub receives: u32,
    /// When the message was sent.
    pub sent: Timestamp,
    /// Whether an operator has sent it back from the dead-letter queue.
    pub is_redriven: bool,
    /// When this invocation times out.
    pub ends: Timestamp,
}
