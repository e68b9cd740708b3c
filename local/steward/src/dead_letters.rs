//! `/local/dead-letters`: lists, redrives and drops the stack's dead letters, for `steward dead-letters` and
//! the inspector.

use std::sync::Arc;

use aws::{DeadLetters, Selection, Store};
use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use domain::{
    Fault, InteractionId,
    dead_letter::{DeadLetter, Failure},
};
use local_clock::Clock;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::shared::Problem;

/// The dead letters of the running stack.
#[derive(Clone, Debug)]
pub struct Desk {
    letters: DeadLetters,
    failures: Store<Failure>,
    clock: Clock,
    /// Listing receives every message and so hides it from another list: one at a time.
    alone: Arc<Mutex<()>>,
}

impl Desk {
    pub(crate) fn new(letters: DeadLetters, failures: Store<Failure>, clock: Clock) -> Self {
        Self { letters, failures, clock, alone: Arc::default() }
    }

    /// Why a job failed for good, from the table: its dead letter is not received.
    pub(crate) async fn failure(&self, interaction: InteractionId) -> Result<Option<Failure>, Fault> {
        self.failures.get(interaction, self.clock.now()).await
    }

    /// All dead letters, the oldest first.
    ///
    /// # Errors
    /// [`Fault`] if the queue or the table cannot be read.
    pub async fn list(&self) -> Result<Vec<DeadLetter>, Fault> {
        let _alone = self.alone.lock().await;
        self.letters.list(self.clock.now()).await
    }

    /// Sends them back to the queue that they came from. Returns how many.
    ///
    /// # Errors
    /// [`Fault`] if the queues cannot be used.
    pub async fn redrive(&self, selection: &Selection) -> Result<usize, Fault> {
        let _alone = self.alone.lock().await;
        self.letters.redrive(selection).await
    }

    /// Deletes them. Returns how many.
    ///
    /// # Errors
    /// [`Fault`] if the queue cannot be used.
    pub async fn drop(&self, selection: &Selection) -> Result<usize, Fault> {
        let _alone = self.alone.lock().await;
        self.letters.drop(selection).await
    }

    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/local/dead-letters", get(list))
            .route("/local/dead-letters/redrive", post(redrive))
            .route("/local/dead-letters/drop", post(drop_them))
            .with_state(self)
    }
}

/// `all`, or the id of one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: String,
}

/// How many dead letters were redriven or dropped.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) done: usize,
}

async fn list(State(desk): State<Desk>) -> Result<Json<Vec<DeadLetter>>, Problem> {
    Ok(Json(desk.list().await?))
}

async fn redrive(State(desk): State<Desk>, Json(named): Json<Named>) -> Result<Json<Done>, Problem> {
    Ok(Json(Done { done: desk.redrive(&Selection::parse(&named.id)).await? }))
}

async fn drop_them(State(desk): State<Desk>, Json(named): Json<Named>) -> Result<Json<Done>, Problem> {
    Ok(Json(Done { done: desk.drop(&Selection::parse(&named.id)).await? }))
}
