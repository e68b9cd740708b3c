//! The event source mapping: polls a queue, gives batches to a function, deletes what it did.

use std::{collections::HashSet, sync::Arc, time::Duration};

use local_sqs::{Message, Queues};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;

use super::Function;

/// A queue that feeds a function.
#[derive(Clone)]
pub struct EventSource {
    /// The queues of the stack.
    pub queues: Queues,
    /// The name of the one that is polled.
    pub queue: &'static str,
    /// `BatchSize` in the template.
    pub batch: u32,
    /// What gets the batches.
    pub function: Function,
    /// So many batches at once.
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
    /// Polls for ever.
    pub async fn run(self) {
        let places = Arc::new(Semaphore::new(self.concurrency));
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let batch = match self.queues.receive(self.queue, self.batch, Duration::from_secs(20)).await {
                Ok(batch) => batch,
                Err(error) => {
                    tracing::error!(queue = self.queue, %error, "cannot poll");
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
        // An invocation that failed, or said something unreadable, has done nothing.
        let answer = match answer.map(|answer| serde_json::from_str::<Response>(&answer)) {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => return tracing::error!(queue = self.queue, "unreadable batch response"),
            Err(error) => return tracing::error!(queue = self.queue, %error, "batch failed"),
        };
        let failed: HashSet<_> =
            answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
        let known = |id: &String| batch.iter().any(|message| message.stored.message_id == *id);
        // Lambda takes an unknown id for the failure of the whole batch.
        if !failed.iter().all(known) {
            return;
        }
        for message in batch.iter().filter(|message| !failed.contains(&message.stored.message_id)) {
            if let Err(error) = self.queues.delete(self.queue, &message.receipt_handle) {
                tracing::error!(queue = self.queue, %error, "cannot delete");
            }
        }
    }
}
