//! The queues of jobs and of watchdog messages.

use std::{pin::Pin, time::Duration};

use aws_sdk_sqs::{Client, error::SdkError};
use domain::{Fault, GuildId, InteractionId, Job, Watchdog};

use crate::fault::fault;

/// The longest visibility timeout that is requested, in seconds. SQS allows twelve hours from the receive,
/// part of which have passed.
const MAX_VISIBILITY_TIMEOUT_SECONDS: i32 = 43_000;

/// SQS's maximum delay of a message, in seconds.
const MAX_DELAY_SECONDS: i32 = 900;

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

    /// Sends a job within this time limit. Jobs of one guild form a message group (fair queues), so that a
    /// busy guild does not delay others.
    ///
    /// # Errors
    /// [`SendError`], which says whether the job may exist all the same.
    pub async fn send(&self, job: &Job, within: Duration) -> Result<(), SendError> {
        self.send_later(job, Duration::ZERO, within).await
    }

    /// Sends a job within this time limit, to be delivered after `delay`.
    ///
    /// # Errors
    /// As [`Queue::send`].
    pub async fn send_later(&self, job: &Job, delay: Duration, within: Duration) -> Result<(), SendError> {
        let body = serde_json::to_string(job);
        self.put(body, group(job.guild, job.interaction), delay, within).await
    }

    /// Sends a watchdog message within this time limit, to be delivered after `delay`.
    ///
    /// # Errors
    /// As [`Queue::send`].
    pub async fn send_watchdog(
        &self,
        watchdog: &Watchdog,
        delay: Duration,
        within: Duration,
    ) -> Result<(), SendError> {
        let body = serde_json::to_string(watchdog);
        self.put(body, group(watchdog.guild, watchdog.interaction), delay, within).await
    }

    async fn put(
        &self,
        body: serde_json::Result<String>,
        group: String,
        delay: Duration,
        within: Duration,
    ) -> Result<(), SendError> {
        let body = body.map_err(|_| SendError::Refused(Fault::new("sqs.send", "not JSON")))?;
        let mut request =
            self.client.send_message().queue_url(&self.url).message_body(body).message_group_id(group);
        if delay > Duration::ZERO {
            request = request.delay_seconds(seconds(delay).min(MAX_DELAY_SECONDS));
        }
        // Boxed: most interactions send nothing, and the SDK's futures are large.
        let sending: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(request.send());
        match tokio::time::timeout(within, sending).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if surely_not_taken(&error) => Err(SendError::Refused(fault("sqs.send", &error))),
            Ok(Err(error)) => Err(SendError::Unknown(fault("sqs.send", &error))),
            Err(_) => Err(SendError::Unknown(Fault::timeout("sqs.send"))),
        }
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

/// Rounded up, because a message that returns too early would be refused again.
fn seconds(after: Duration) -> i32 {
    let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

/// The guild; outside guilds every interaction is a group of its own.
fn group(guild: Option<GuildId>, interaction: InteractionId) -> String {
    guild.map_or_else(|| interaction.to_string(), |guild| guild.to_string())
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
