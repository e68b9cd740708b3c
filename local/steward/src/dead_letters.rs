//! `/local/dead-queue`: lists, redrives and drops the stack's dead letters, for `steward dead-queue` and
//! the inspector.

use std::sync::Arc;

use aws::{DeadLetters, Selection};
use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use domain::{Fault, dead_letter::DeadLetter};
use local_clock::Clock;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::shared::ErrorResponse;

/// The dead letters of the running stack.
#[derive(Clone, Debug)]
pub struct DeadLetterApi {
    queue: DeadLetters,
    clock: Clock,
    /// Listing receives every message and so hides it from another list: one at a time.
    lock: Arc<Mutex<()>>,
}

impl DeadLetterApi {
    pub(crate) fn new(queue: DeadLetters, clock: Clock) -> Self {
        Self { queue, clock, lock: Arc::default() }
    }

    /// All dead letters, the oldest first.
    ///
    /// # Errors
    /// [`Fault`] if the queue or the table cannot be read.
    pub async fn list(&self) -> Result<Vec<DeadLetter>, Fault> {
        let _lock = self.lock.lock().await;
        self.queue.list(self.clock.now()).await
    }

    /// Sends them back to the queue that they came from. Returns how many.
    ///
    /// # Errors
    /// [`Fault`] if the queues cannot be used.
    pub async fn redrive(&self, which: &Selection) -> Result<usize, Fault> {
        let _lock = self.lock.lock().await;
        self.queue.redrive(which).await
    }

    /// Deletes them. Returns how many.
    ///
    /// # Errors
    /// [`Fault`] if the queue cannot be used.
    pub async fn drop(&self, which: &Selection) -> Result<usize, Fault> {
        let _lock = self.lock.lock().await;
        self.queue.drop(which).await
    }

    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/local/dead-letters", get(list))
            .route("/local/dead-letters/redrive", post(redrive))
            .route("/local/dead-letters/drop", post(discard))
            .with_state(self)
    }
}

/// `all`, or the id of one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DeadLetterId {
    pub(crate) id: String,
}

/// How many dead letters were redriven or dropped.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ProcessedCount {
    pub(crate) done: usize,
}

async fn list(State(api): State<DeadLetterApi>) -> Result<Json<Vec<DeadLetter>>, ErrorResponse> {
    Ok(Json(api.list().await?))
}

async fn redrive(
    State(api): State<DeadLetterApi>,
    Json(selected): Json<DeadLetterId>,
) -> Result<Json<ProcessedCount>, ErrorResponse> {
    Ok(Json(ProcessedCount { done: api.redrive(&Selection::parse(&selected.id)).await? }))
}

async fn discard(
    State(api): State<DeadLetterApi>,
    Json(selected): Json<DeadLetterId>,
) -> Result<Json<ProcessedCount>, ErrorResponse> {
    Ok(Json(ProcessedCount { done: api.drop(&Selection::parse(&selected.id)).await? }))
}
