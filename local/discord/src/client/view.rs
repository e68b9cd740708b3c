//! What the user sees of an interaction, step by step.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::{
    Discord, Error, InteractionId, limits,
    model::{
        interaction::{self, Interaction, State},
        seen::{Seen, Step},
    },
};

/// Everything that the user has seen so far.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub id: InteractionId,
    /// Whether no more steps are to be expected: the interaction is answered, failed or expired.
    pub settled: bool,
    pub steps: Vec<Step>,
}

impl View {
    /// The last message seen, whether sent, updated, edited or a follow-up.
    pub fn message(&self) -> Option<&Value> {
        self.steps.iter().rev().find_map(|step| match &step.seen {
            Seen::Message { message, .. }
            | Seen::Updated { message }
            | Seen::Edited { message }
            | Seen::FollowUp { message, .. } => Some(message),
            _ => None,
        })
    }

    /// Whether it ended in "The application did not respond".
    pub fn failed(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.seen, Seen::DidNotRespond { .. }))
    }
}

impl Discord {
    /// What the user has seen up to now.
    ///
    /// # Errors
    /// When there is no such interaction or the database fails.
    pub fn view(&self, id: InteractionId) -> Result<View, Error> {
        let interaction = self.inner.store.read(|db| interaction::load(db, id))?;
        let interaction = interaction.ok_or(Error::UnknownInteraction(id))?;
        Ok(self.look(interaction))
    }

    /// Waits until the interaction is settled, at most for `real` time, and returns the view.
    ///
    /// # Errors
    /// As [`Discord::view`].
    pub async fn wait_until_settled(&self, id: InteractionId, real: Duration) -> Result<View, Error> {
        self.wait_for(id, real, |view| view.settled).await
    }

    /// Waits until `enough` holds, at most for `real` time, and returns the view.
    ///
    /// # Errors
    /// As [`Discord::view`].
    pub async fn wait_for(
        &self,
        id: InteractionId,
        real: Duration,
        enough: impl Fn(&View) -> bool,
    ) -> Result<View, Error> {
        let deadline = tokio::time::Instant::now() + real;
        let live = self.inner.live(id);
        loop {
            // Created before the check, so that a change between the two is not missed.
            let changed = live.changed.notified();
            let left = deadline.saturating_duration_since(tokio::time::Instant::now());
            let view = self.view(id)?;
            if enough(&view) || left.is_zero() {
                return Ok(view);
            }
            // Advancing the clock can expire the token.
            tokio::select! {
                () = changed => {}
                () = self.inner.clock.pause(left) => {}
            }
        }
    }

    fn look(&self, mut interaction: Interaction) -> View {
        let expired = interaction.is_expired(self.inner.clock.now());
        if interaction.state == State::Deferred && interaction.original.is_some() && expired {
            let reason = "the token expired before the response was edited".into();
            interaction.state = State::Failed;
            let seen = Seen::DidNotRespond { reason };
            interaction.steps.push(Step { ms: limits::TOKEN_MS, seen });
        }
        let settled = expired || matches!(interaction.state, State::Answered | State::Failed);
        View { id: interaction.id, settled, steps: interaction.steps }
    }
}
