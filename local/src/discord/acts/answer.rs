//! Judges what the application answered to the request itself.

use std::{sync::PoisonError, time::Instant};

use axum::http::StatusCode;
use tokio::time::{Instant as Deadline, timeout_at};

use crate::discord::{
    Delivered, Discord, Error, Snowflake,
    api_error::ApiError,
    delivery::inline_json,
    interaction::{self, State},
};

impl Discord {
    /// Takes an inline response, or waits for the callback that a 202 promises.
    pub(super) async fn judge(
        &self,
        id: Snowflake,
        answer: &Delivered,
        deadline: Deadline,
    ) -> Result<(), Error> {
        if answer.status == StatusCode::ACCEPTED && answer.body.is_empty() {
            return self.await_callback(id, deadline).await;
        }
        let body = inline_json(answer)?;
        let refused = |error: ApiError| Error::NoResponse(error.to_string());
        let callback = self.read_callback(id, &body).map_err(refused)?;
        // The webhook begins to exist a moment after the answer: note the moment first, so that no
        // edit can slip in between.
        let live = self.inner.live(id);
        *live.answered_inline.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.answer(id, callback).map_err(refused)?;
        Ok(())
    }

    async fn await_callback(&self, id: Snowflake, deadline: Deadline) -> Result<(), Error> {
        let live = self.inner.live(id);
        loop {
            let changed = live.changed.notified();
            let pending = self.inner.store.read(|db| {
                let interaction = interaction::load(db, id)?;
                Ok::<_, Error>(interaction.is_some_and(|found| found.state == State::Pending))
            })?;
            if !pending {
                return Ok(());
            }
            if timeout_at(deadline, changed).await.is_err() {
                return Err(Error::NoResponse("202, but no callback within 3 seconds".into()));
            }
        }
    }
}
