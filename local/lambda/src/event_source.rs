//! The SQS event source mapping: polls a queue, invokes a function with batches, and deletes the messages that
//! succeeded.

use std::{collections::HashSet, sync::Arc, time::Duration};

use local_sqs::{Message, Queues};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;

use super::Function;

/// The event source mapping of a queue and a function.
#[derive(Clone)]
pub struct EventSource {
    /// The queues of the stack.
    pub queues: Queues,
    /// The name of the queue.
    pub queue: &'static str,
    /// `BatchSize` in the template.
    pub batch: u32,
    /// The function to invoke.
    pub function: Function,
    /// How many batches are handled at once.
    pub concurrency: usize,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(default)]
    batch_item_failures: Vec<Failure>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

impl EventSource {
    /// Polls until the task is aborted.
    pub async fn run(self) {
        let places = Arc::new(Semaphore::new(self.concurrency));
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let batch = match self.queues.receive(self.queue, self.batch, Duration::from_secs(20)).await {
                Ok(batch) => batch,
                Err(error) => {
                    tracing::error!(queue = self.queue, %error, "the queue could not be polled");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    continue;
                }
            };
            if batch.is_empty() {
                continue;
            }
            let source = self.clone();
            tokio::spawn(async move {
                source.deliver(batch).await;
                drop(place);
            });
        }
    }

    async fn deliver(&self, batch: Vec<Message>) {
        let records: Vec<_> = batch.iter().map(Message::record).collect();
        let answer = self.function.invoke(json!({ "Records": records }).to_string()).await;
        // After a failed invocation or an unreadable response, the whole batch is received again later.
        let answer = match answer.map(|answer| serde_json::from_str::<Response>(&answer)) {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => return tracing::error!(queue = self.queue, "unreadable batch response"),
            Err(error) => return tracing::error!(queue = self.queue, %error, "the batch failed"),
        };
        let failed: HashSet<_> =
            answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
        let known = |id: &String| batch.iter().any(|message| message.stored.message_id == *id);
        // As on Lambda, an unknown id means that the whole batch failed.
        if !failed.iter().all(known) {
            return;
        }
        for message in batch.iter().filter(|message| !failed.contains(&message.stored.message_id)) {
            if let Err(error) = self.queues.delete(self.queue, &message.receipt_handle) {
                tracing::error!(queue = self.queue, %error, "messages could not be deleted");
            }
        }
    }
}
