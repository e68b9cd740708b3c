//! Handles the HTTP response to a delivered interaction.

use std::time::Instant;

use axum::http::StatusCode;
use tokio::time::{Instant as Deadline, timeout_at};

use super::{content_type, inline_json, multipart::Parts};
use crate::{
    Delivered, Discord, Error, Snowflake,
    api_error::ApiError,
    limits,
    model::interaction::{self, State},
};

impl Discord {
    /// Applies an inline response. After a 202 without a body, waits for the callback until `deadline`.
    pub(crate) async fn judge(
        &self,
        id: Snowflake,
        answer: &Delivered,
        deadline: Deadline,
    ) -> Result<(), Error> {
        if answer.status == StatusCode::ACCEPTED && answer.body.is_empty() {
            return self.await_callback(id, deadline).await;
        }
        let refused = |error: ApiError| {
            self.note_refused_answer(id, &error.body());
            Error::NoResponse(error.to_string())
        };
        let Parts { json, files } = self.inline_parts(answer).await?;
        let callback = self.read_callback(id, &json).map_err(refused)?;
        // Set before the response is applied: an edit that arrives in between must also count as too
        // early for the webhook.
        let live = self.inner.live(id);
        *live.answered_inline.lock() = Some(Instant::now());
        self.answer(id, callback, &files).map_err(refused)?;
        Ok(())
    }

    /// JSON, or multipart with files.
    async fn inline_parts(&self, answer: &Delivered) -> Result<Parts, Error> {
        let content_type = content_type(answer);
        if answer.status != StatusCode::OK || !content_type.starts_with("multipart/form-data") {
            inline_json(answer)?;
        }
        let refused = |error: ApiError| Error::NoResponse(error.to_string());
        if answer.body.len() > limits::MAX_REQUEST_BYTES {
            return Err(refused(ApiError::TOO_LARGE));
        }
        self.read_parts(content_type, answer.body.clone(), &self.origin(), true).await.map_err(refused)
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
