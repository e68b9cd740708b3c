//! The queues of jobs and of watchdog messages.

use std::{pin::Pin, time::Duration};

use aws_sdk_sqs::{
    Client,
    config::{Builder, retry::RetryConfig, timeout::TimeoutConfig},
    error::{ProvideErrorMetadata, SdkError},
    operation::send_message::builders::SendMessageFluentBuilder,
    types::{MessageAttributeValue, QueueAttributeName},
};
use domain::{
    Delivery, Fault, Job, ProbeJob, Watchdog,
    dead_letter::{ATTEMPTS, CAUSE, SOURCE, interaction_of},
};
use tokio::time::Instant;

use crate::fault::fault;

/// The longest visibility timeout that is requested, in seconds. SQS allows twelve hours from the receive,
/// part of which have passed.
const MAX_VISIBILITY_TIMEOUT_SECONDS: i32 = 43_000;

/// SQS's maximum delay of a message, in seconds.
const MAX_DELAY_SECONDS: i32 = 900;

/// The least time for one try of SendMessage, if so much is left.
const SLOW_ANSWER: Duration = Duration::from_millis(900);
/// The pause before the second try of SendMessage; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(25);

/// A queue.
#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    url: String,
}

/// A message was not sent, or may not have been sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The queue refused the message, so it does not exist.
    #[error(transparent)]
    Refused(Fault),
    /// There was no clear answer in time, so the message may exist.
    #[error(transparent)]
    Unknown(Fault),
}

impl Queue {
    pub(crate) fn new(client: Client, url: &str) -> Self {
        Self { client, url: url.to_owned() }
    }

    /// Sends a job within this time limit. Messages of one `group` count together (fair queues), so that a busy
    /// one does not delay others.
    ///
    /// # Errors
    /// [`SendError`], which says whether the job may exist all the same.
    pub async fn send(&self, job: &Job, group: &str, within: Duration) -> Result<(), SendError> {
        let request = self.message(json(serde_json::to_string(job))?).message_group_id(group);
        put(request, within).await
    }

    /// Sends a watchdog message within this time limit, to be delivered after `delay`.
    ///
    /// # Errors
    /// As [`Queue::send`].
    pub async fn send_watchdog(
        &self,
        watchdog: &Watchdog,
        group: &str,
        delay: Duration,
        within: Duration,
    ) -> Result<(), SendError> {
        let request = self.message(json(serde_json::to_string(watchdog))?).message_group_id(group);
        put(request.delay_seconds(seconds(delay).min(MAX_DELAY_SECONDS)), within).await
    }

    /// Sends a probe job within this time limit.
    ///
    /// # Errors
    /// As [`Queue::send`].
    pub async fn send_probe(&self, probe: &ProbeJob, within: Duration) -> Result<(), SendError> {
        put(self.message(json(serde_json::to_string(probe))?), within).await
    }

    /// Sends a delivered message to this dead-letter queue, with its source, the cause and the number of
    /// attempts as message attributes.
    ///
    /// # Errors
    /// As [`Queue::send`].
    pub async fn send_dead_letter(
        &self,
        delivery: &Delivery<'_>,
        cause: &str,
        attempts: u32,
        within: Duration,
    ) -> Result<(), SendError> {
        let attribute = |kind: &str, value: &str| {
            let value = MessageAttributeValue::builder().data_type(kind).string_value(value).build();
            value.map_err(|_| SendError::Refused(Fault::new("sqs.send", "attribute")))
        };
        let request = self
            .message(delivery.body.to_owned())
            .set_message_group_id(delivery.group.map(str::to_owned))
            .message_attributes(SOURCE, attribute("String", delivery.source)?)
            .message_attributes(CAUSE, attribute("String", cause)?)
            .message_attributes(ATTEMPTS, attribute("Number", &attempts.to_string())?);
        put(request, within).await?;
        let (source, receives) = (delivery.source, delivery.receives);
        let interaction = interaction_of(delivery.body).map(tracing::field::display);
        tracing::error!(
            DeadLetter = 1,
            interaction,
            source,
            cause,
            attempts,
            receives,
            "sent to the dead-letter queue"
        );
        Ok(())
    }

    fn message(&self, body: String) -> SendMessageFluentBuilder {
        self.client.send_message().queue_url(&self.url).message_body(escape_noncharacters(body))
    }

    /// Asks the queue for one of its attributes, to see whether it answers.
    ///
    /// # Errors
    /// [`Fault`] if it does not.
    pub async fn check(&self) -> Result<(), Fault> {
        let request = self.client.get_queue_attributes().queue_url(&self.url);
        let request = request.attribute_names(QueueAttributeName::QueueArn);
        request.send().await.map(drop).map_err(|error| fault("sqs.check", &error))
    }

    /// Makes a received message visible again after this time, instead of the queue's visibility timeout.
    ///
    /// # Errors
    /// [`Fault`] if the call fails; the queue's visibility timeout then applies.
    pub async fn change_visibility(&self, receipt_handle: &str, after: Duration) -> Result<(), Fault> {
        let request = self.client.change_message_visibility().queue_url(&self.url);
        let request = request.receipt_handle(receipt_handle);
        let request = request.visibility_timeout(seconds(after).min(MAX_VISIBILITY_TIMEOUT_SECONDS));
        request.send().await.map(drop).map_err(|error| fault("sqs.come_back", &error))
    }
}

/// Sends until the queue accepts the message or refuses it, or the time is up. Sending it twice does no harm:
/// it is executed once.
async fn put(request: SendMessageFluentBuilder, within: Duration) -> Result<(), SendError> {
    let until = Instant::now() + within;
    let mut pause = FIRST_PAUSE;
    let mut may_exist = None;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        // A slow queue gets the time to answer; one that does not answer is tried a second time.
        let request =
            request.clone().customize().config_override(one_try(left.min(SLOW_ANSWER.max(left / 2))));
        // Boxed: most interactions send nothing, and the SDK's futures are large.
        let sending: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(request.send());
        let Err(error) = sending.await else { return Ok(()) };
        let fault = fault("sqs.send", &error);
        let failed = match surely_not_taken(&error) {
            true if !is_throttled(&error) => return Err(may_exist.unwrap_or(SendError::Refused(fault))),
            true => SendError::Refused(fault),
            false => SendError::Unknown(fault),
        };
        if matches!(failed, SendError::Unknown(_)) {
            may_exist = Some(failed.clone());
        }
        if until.saturating_duration_since(Instant::now()) <= pause {
            return Err(may_exist.unwrap_or(failed));
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}

/// The SDK's configuration for a single try within this time.
fn one_try(within: Duration) -> Builder {
    let timeouts =
        TimeoutConfig::builder().operation_timeout(within).operation_attempt_timeout(within).build();
    aws_sdk_sqs::Config::builder().timeout_config(timeouts).retry_config(RetryConfig::disabled())
}

/// The same JSON without two characters that it may hold and SQS does not accept. Source: SQS, "SendMessage",
/// `MessageBody`.
fn escape_noncharacters(json: String) -> String {
    if json.contains(['\u{fffe}', '\u{ffff}']) {
        return json.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff");
    }
    json
}

/// Rounded up, because a message that returns too early would be refused again.
fn seconds(after: Duration) -> i32 {
    let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

fn json(message: serde_json::Result<String>) -> Result<String, SendError> {
    message.map_err(|_| SendError::Refused(Fault::lasting("sqs.send", "not JSON")))
}

/// Whether the message certainly does not exist: the service refused it (4xx), or the request was not sent.
/// After a 5xx it may exist.
fn surely_not_taken<E>(error: &SdkError<E>) -> bool {
    match error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::ServiceError(refused) => refused.raw().status().is_client_error(),
        _ => false,
    }
}

/// Whether the queue would have accepted the message at another time.
fn is_throttled<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    error.code().is_some_and(|code| code.contains("Throttl"))
}
