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

/// Everything that was seen so far.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub id: InteractionId,
    /// Nothing more is promised: no "thinking…", no answer under way.
    pub settled: bool,
    pub steps: Vec<Step>,
}

impl View {
    /// The last message seen, however it came to be.
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

    /// The view as soon as nothing more is promised, or after `real` time as it then is.
    ///
    /// # Errors
    /// As [`Discord::view`].
    pub async fn wait_until_settled(&self, id: InteractionId, real: Duration) -> Result<View, Error> {
        self.wait_for(id, real, |view| view.settled).await
    }

    /// The view as soon as `enough` holds, or after `real` time as it then is.
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
            // Made before looking, so that no change falls between the two.
            let changed = live.changed.notified();
            let left = deadline.saturating_duration_since(tokio::time::Instant::now());
            let view = self.view(id)?;
            if enough(&view) || left.is_zero() {
                return Ok(view);
            }
            // The clock may be moved beyond the life of the token.
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
