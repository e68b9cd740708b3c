//! Batches of SQS messages with partial batch responses: each message succeeds or fails on its own.

use std::{panic::AssertUnwindSafe, time::Duration};

use aws::{Queue, SendError, telemetry};
use aws_lambda_events::sqs::BatchItemFailure;
pub use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::{
    Delivery, Fault, GuildId, InteractionId,
    attempt::{Disposition, Ended},
    dead_letter::REDRIVEN,
    deadline,
    job::{ANOTHER_VERSION_IN, MessageError},
    measurement::{Handled, Outcome},
};
use futures_util::{FutureExt, future::join_all};
use jiff::Timestamp;

use crate::{Function, Invocation};

/// The time limit for sending a message that cannot be read to the dead-letter queue.
const SEND_TIMEOUT: Duration = Duration::from_secs(4);

/// A function that reads from SQS.
pub trait Consumer: Function {
    /// The parsed message.
    type Message: Sync;

    /// Parses the body of a message.
    ///
    /// # Errors
    /// [`MessageError`] for a message that this version cannot read. One of another version comes back for
    /// that version; one that no version can read moves to the dead-letter queue.
    fn parse(&self, body: &str) -> Result<Self::Message, MessageError>;

    /// The fields of a message for the log line.
    fn log_fields<'a>(&self, message: &'a Self::Message) -> LogFields<'a>;

    /// Executes a message.
    fn perform(&self, message: &Self::Message, delivery: &Delivery<'_>)
    -> impl Future<Output = Ended> + Send;

    /// The dead-letter queue, for messages that cannot be read.
    fn dead_letters(&self) -> Option<Queue>;

    /// The queue with this name, for changing the visibility timeout of its messages.
    fn queue(&self, name: &str) -> Option<Queue>;

    /// The current time.
    fn now(&self) -> Timestamp;

    /// The version of the function, for the log line.
    fn version(&self) -> &str;
}

/// The fields of a message for the log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogFields<'a> {
    /// The correlation id.
    pub interaction: InteractionId,
    /// The guild; `None` in DMs.
    pub guild: Option<GuildId>,
    /// The command's name.
    pub command: &'a str,
    /// Whether it is a watchdog message.
    pub is_watchdog: bool,
}

/// Executes the messages of a batch concurrently and independently. The response names those that the queue
/// is to deliver again.
///
/// The log line of a message is written when it is done, not after the response as for an interaction: no
/// user waits for this response, and another message may still kill the environment.
pub async fn batch<C: Consumer>(consumer: &C, event: &SqsEvent, invocation: &Invocation) -> SqsBatchResponse {
    let ends = invocation.ends(consumer.now(), C::TIMEOUT);
    let one = |message| record(consumer, message, invocation, ends);
    let mut response = SqsBatchResponse::default();
    let done = join_all(event.records.iter().map(one)).await;
    let failed = event.records.iter().zip(done).filter(|(_, done)| !done);
    response.batch_item_failures = failed.map(|(message, _)| failure(message)).collect();
    response
}

/// Executes one message; true if the queue may delete it. A failure does not affect the others.
async fn record<C: Consumer>(
    consumer: &C,
    message: &SqsMessage,
    invocation: &Invocation,
    ends: Timestamp,
) -> bool {
    let begun = consumer.now();
    let delivery = delivery(message, begun, ends);
    let parsed = match consumer.parse(delivery.body) {
        Ok(parsed) => parsed,
        Err(reason) => return unreadable(consumer, message, &delivery, reason).await,
    };
    // Boxed: a batch of plain futures would be too large for the stack, and too deeply nested for rustc.
    let performed = AssertUnwindSafe(consumer.perform(&parsed, &delivery).boxed()).catch_unwind();
    let panicked = Ended { outcome: Outcome::Panicked, message: Disposition::Retry };
    let Ended { outcome, message: disposition } = performed.await.unwrap_or(panicked);
    let LogFields { interaction, guild, command, is_watchdog } = consumer.log_fields(&parsed);
    if let Disposition::RetryAfter(after) = disposition {
        retry_after(consumer, message, Some(interaction), after).await;
    }
    let took_ms = deadline::elapsed_ms(begun, consumer.now());
    let handled = Handled {
        interaction: Some(interaction),
        guild,
        command: Some(command),
        autocomplete: false,
        outcome,
        took_ms,
        age_ms: None,
        wait_ms: (delivery.receives == 1 && !is_watchdog).then(|| deadline::elapsed_ms(delivery.sent, begun)),
        is_watchdog,
        cold: invocation.is_cold,
        version: consumer.version(),
        receive: Some(delivery.receives),
        ids: invocation.ids(None),
    };
    telemetry::record(&handled);
    consumer.counters().count(&handled);
    disposition == Disposition::Delete
}

/// A message of another version comes back until a reply to it can no longer be given. That, and one that no
/// version can read, goes to the dead-letter queue, where an operator can look at it.
async fn unreadable<C: Consumer>(
    consumer: &C,
    message: &SqsMessage,
    delivery: &Delivery<'_>,
    reason: MessageError,
) -> bool {
    let (id, receives) = (message.message_id.as_deref(), delivery.receives);
    let waits_until = deadline::later(delivery.sent, deadline::REPLY_PERIOD);
    if reason != MessageError::Unreadable && consumer.now() < waits_until {
        tracing::warn!(target: "steward", id, receives, %reason, "message of another version");
        retry_after(consumer, message, None, ANOTHER_VERSION_IN).await;
        return false;
    }
    tracing::error!(target: "steward", id, receives, %reason, "unreadable message");
    let Some(queue) = consumer.dead_letters() else { return false };
    let sent = queue.send_dead_letter(delivery, &reason.to_string(), 0, SEND_TIMEOUT).boxed().await;
    if let Err(SendError::Refused(fault) | SendError::Unknown(fault)) = &sent {
        let Fault { component, code, .. } = fault;
        tracing::error!(target: "steward", id, component, code, "the dead-letter queue did not accept it");
    }
    sent.is_ok()
}

/// If this fails, the message becomes visible again after the queue's own visibility timeout.
async fn retry_after<C: Consumer>(
    consumer: &C,
    message: &SqsMessage,
    interaction: Option<InteractionId>,
    after: Duration,
) {
    // An ARN ends with the queue's name.
    let arn = message.event_source_arn.as_deref().unwrap_or_default();
    let queue = consumer.queue(arn.rsplit(':').next().unwrap_or_default());
    let (Some(handle), Some(queue)) = (message.receipt_handle.as_deref(), queue) else { return };
    if let Err(Fault { component, code, .. }) = queue.change_visibility(handle, after).await {
        let interaction = interaction.map(tracing::field::display);
        tracing::warn!(target: "steward", interaction, component, code, "the visibility timeout could not be changed");
    }
}

fn delivery(message: &SqsMessage, now: Timestamp, ends: Timestamp) -> Delivery<'_> {
    let system = |name: &str| message.attributes.get(name).map(String::as_str);
    let sent = system("SentTimestamp").and_then(|sent| Timestamp::from_millisecond(sent.parse().ok()?).ok());
    Delivery {
        body: message.body.as_deref().unwrap_or_default(),
        source: message.event_source_arn.as_deref().unwrap_or("unknown"),
        group: system("MessageGroupId"),
        receives: system("ApproximateReceiveCount").and_then(|count| count.parse().ok()).unwrap_or(1),
        sent: sent.unwrap_or(now),
        is_redriven: message.message_attributes.contains_key(REDRIVEN),
        ends,
    }
}

fn failure(message: &SqsMessage) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = message.message_id.clone().unwrap_or_default();
    failure
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::{
        Clock,
        config::{ConfigError, Configuration, Variables},
        measurement::OutcomeCounters,
    };

    use super::*;

    /// Executes messages that say what to do: `done`, `fail`, `panic`, or the receive count to expect.
    struct Obedient(Arc<OutcomeCounters>);

    #[derive(Clone)]
    struct Nothing;

    impl Configuration for Nothing {
        fn variables() -> Vec<&'static str> {
            Vec::new()
        }

        fn from_variables(_: &Variables<'_>) -> Result<Self, ConfigError> {
            Ok(Self)
        }
    }

    impl Function for Obedient {
        const NAME: &'static str = "obedient";
        const TIMEOUT: Duration = Duration::from_secs(30);
        type Config = Nothing;
        type Event<'a> = SqsEvent;
        type Response = SqsBatchResponse;

        fn new(_: Nothing, _: Clock, _: u64) -> Result<Self, ConfigError> {
            Ok(Self(Arc::default()))
        }

        async fn handle(&self, event: Self::Event<'_>, invocation: &Invocation) -> SqsBatchResponse {
            batch(self, &event, invocation).await
        }

        fn counters(&self) -> &Arc<OutcomeCounters> {
            &self.0
        }
    }

    impl Consumer for Obedient {
        type Message = String;

        fn parse(&self, body: &str) -> Result<String, MessageError> {
            if body.is_empty() { Err(MessageError::Unreadable) } else { Ok(body.to_owned()) }
        }

        fn log_fields<'a>(&self, _: &'a String) -> LogFields<'a> {
            LogFields {
                interaction: InteractionId::new(5).unwrap(),
                guild: None,
                command: "weather",
                is_watchdog: false,
            }
        }

        async fn perform(&self, message: &String, delivery: &Delivery<'_>) -> Ended {
            assert_ne!(message, "panic");
            let (receives, ends) = (delivery.receives, delivery.ends);
            assert_eq!(ends.as_second(), 30, "the function's timeout, where nothing tells the deadline");
            if message == "fail" {
                return Ended { outcome: Outcome::ReceiveFailed, message: Disposition::Retry };
            }
            assert!(message == "done" || *message == receives.to_string(), "{message}: {receives}");
            Ended { outcome: Outcome::Edited, message: Disposition::Delete }
        }

        fn queue(&self, _: &str) -> Option<Queue> {
            None
        }

        fn dead_letters(&self) -> Option<Queue> {
            None
        }

        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }

        fn version(&self) -> &str {
            "1"
        }
    }

    /// The indexes of the messages that are to be delivered again. Each message is a body and an optional
    /// receive count.
    fn change_visibility(messages: &[(&str, Option<&str>)]) -> Vec<String> {
        let records = messages.iter().enumerate().map(|(id, (body, receives))| {
            let attributes = receives.map(|count| serde_json::json!({ "ApproximateReceiveCount": count }));
            serde_json::json!({
                "messageId": format!("{id}"), "body": body, "attributes": attributes.unwrap_or_default(),
                "messageAttributes": {},
            })
        });
        let event = serde_json::json!({ "Records": records.collect::<Vec<_>>() }).to_string();
        let function = Obedient(Arc::default());
        let invocation = Invocation::default();
        let response = crate::invoke(&function, event.as_bytes(), &invocation).now_or_never();
        let failures = response.expect("it waits for nothing").expect("a batch").batch_item_failures;
        failures.into_iter().map(|failure| failure.item_identifier).collect()
    }

    #[test]
    fn what_fails_panics_or_cannot_be_read_comes_back_and_its_neighbours_do_not() {
        let one = |body| (body, Some("1"));
        let batch = [one("done"), one("fail"), one("done"), one("panic"), one(""), one("done")];
        assert_eq!(change_visibility(&batch), ["1", "3", "4"]);
    }

    #[test]
    fn a_message_without_a_receive_count_is_on_its_first_receive() {
        assert!(change_visibility(&[("3", Some("3")), ("1", None), ("1", Some("odd"))]).is_empty());
    }

    #[test]
    fn a_delivery_says_what_the_queue_knows() {
        let record = serde_json::json!({
            "messageId": "m", "body": "done", "eventSourceARN": "arn:aws:sqs:eu-west-1:1:jobs",
            "attributes": { "ApproximateReceiveCount": "7", "SentTimestamp": "5000", "MessageGroupId": "g" },
            "messageAttributes": { "redriven": { "stringValue": "true", "dataType": "String" } },
        });
        let message: SqsMessage = serde_json::from_value(record).unwrap();
        let seen = delivery(&message, Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        assert_eq!((seen.body, seen.group, seen.receives), ("done", Some("g"), 7));
        assert_eq!((seen.source, seen.sent.as_second()), ("arn:aws:sqs:eu-west-1:1:jobs", 5));
        assert!(seen.is_redriven);
    }

    #[test]
    fn bytes_that_are_no_batch_fail_the_invocation() {
        let function = Obedient(Arc::default());
        let answer = crate::invoke(&function, b"{}", &Invocation::default()).now_or_never().unwrap();
        assert_eq!(answer.err(), Some(crate::EventError));
    }
}
