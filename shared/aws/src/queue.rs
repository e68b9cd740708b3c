//! The queue of jobs.

use std::{pin::Pin, time::Duration};

use aws_sdk_sqs::{Client, error::SdkError};
use domain::{Fault, Job};

use crate::fault::fault;

/// How long the front door waits for the queue to take a job.
const SEND_WITHIN: Duration = Duration::from_millis(400);

/// One queue.
#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    url: String,
}

/// A job was not sent, or nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The queue said no: the job does not exist.
    #[error(transparent)]
    Refused(Fault),
    /// No answer came in time: the job may exist.
    #[error(transparent)]
    Unknown(Fault),
}

impl Queue {
    pub(crate) fn new(client: Client, url: &str) -> Self {
        Self { client, url: url.to_owned() }
    }

    /// Sends a job. Jobs of one guild form a message group, so that a busy guild does not delay others.
    ///
    /// # Errors
    /// [`NotSent`] says whether the job may exist all the same.
    pub async fn send(&self, job: &Job) -> Result<(), NotSent> {
        let body =
            serde_json::to_string(job).map_err(|_| NotSent::Refused(Fault::new("sqs.send", "not a job")))?;
        // Outside guilds every interaction is a group of its own.
        let group = job.guild.map_or_else(|| job.interaction.to_string(), |guild| guild.to_string());
        let request =
            self.client.send_message().queue_url(&self.url).message_body(body).message_group_id(group);
        // Boxed: most interactions send nothing, and the SDK's futures are large and deep.
        let sending: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(request.send());
        match tokio::time::timeout(SEND_WITHIN, sending).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error @ (SdkError::ServiceError(_) | SdkError::ConstructionFailure(_)))) => {
                Err(NotSent::Refused(fault("sqs.send", &error)))
            }
            Ok(Err(error)) => Err(NotSent::Unknown(fault("sqs.send", &error))),
            Err(_) => Err(NotSent::Unknown(Fault::new("sqs.send", "timeout"))),
        }
    }

    /// Lets a received message come back after this time instead of the queue's own.
    ///
    /// # Errors
    /// [`Fault`] if the queue cannot be told; the message then comes back later.
    pub async fn come_back(&self, receipt_handle: &str, after: Duration) -> Result<(), Fault> {
        let seconds = i32::try_from(after.as_secs()).unwrap_or(i32::MAX).min(43_200);
        let request = self.client.change_message_visibility().queue_url(&self.url);
        let request = request.receipt_handle(receipt_handle).visibility_timeout(seconds);
        request.send().await.map(drop).map_err(|error| fault("sqs.come_back", &error))
    }
}
