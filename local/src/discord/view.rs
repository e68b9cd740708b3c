//! What the user sees of an interaction, step by step.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Discord, Error, InteractionId, Snowflake,
    interaction::{self, Interaction, State},
    limits,
};

/// Everything that was seen so far.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub id: InteractionId,
    /// Nothing more is promised: no "thinking…", no answer under way.
    pub settled: bool,
    pub steps: Vec<Step>,
}

/// One thing the user saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Milliseconds of the stack clock since the user acted.
    pub ms: i64,
    #[serde(flatten)]
    pub seen: Seen,
}

/// What it was. A message is Discord's JSON, as it was at that moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "seen", rename_all = "snake_case")]
pub enum Seen {
    Thinking {
        private: bool,
    },
    Message {
        private: bool,
        message: Value,
    },
    /// The message with the component changed at once (type 7).
    Updated {
        message: Value,
    },
    Edited {
        message: Value,
    },
    FollowUp {
        private: bool,
        message: Value,
    },
    Deleted {
        message_id: Snowflake,
    },
    Choices {
        choices: Vec<Value>,
    },
    Modal {
        modal: Value,
    },
    /// "The application did not respond". The reason is for the developer.
    DidNotRespond {
        reason: String,
    },
}

impl Seen {
    /// In words: what happened, and the lines of what is then there to read.
    pub fn told(&self, render: impl Fn(&Value) -> Vec<String>) -> (String, Vec<String>) {
        let only_you = |private: bool| if private { " (only you see this)" } else { "" };
        match self {
            Self::Thinking { private } => (format!("thinking…{}", only_you(*private)), Vec::new()),
            Self::Message { private, message } => {
                (format!("answered{}", only_you(*private)), render(message))
            }
            Self::Updated { message } => ("updated".to_owned(), render(message)),
            Self::Edited { message } => ("edited".to_owned(), render(message)),
            Self::FollowUp { private, message } => {
                (format!("follow-up{}", only_you(*private)), render(message))
            }
            Self::Deleted { .. } => ("deleted".to_owned(), Vec::new()),
            Self::Choices { choices } => {
                ("choices".to_owned(), choices.iter().map(Value::to_string).collect())
            }
            Self::Modal { modal } => ("a form opens".to_owned(), vec![modal["title"].to_string()]),
            Self::DidNotRespond { reason } => {
                ("The application did not respond".to_owned(), vec![reason.clone()])
            }
        }
    }
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
