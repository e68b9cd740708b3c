//! An interaction's token.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An interaction's token: a secret, with which anyone can reply as the bot for 15 minutes.
///
/// Its `Debug` shows nothing and it has no `Display`, so it cannot slip into a log line. It is
/// serialised in one place, the job envelope.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InteractionToken(String);

impl InteractionToken {
    /// Wraps the token of an interaction.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The secret itself, only for the URL of a request to Discord.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for InteractionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InteractionToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_does_not_show_itself() {
        let token = InteractionToken::new("very-secret");
        assert_eq!(format!("{token:?}"), "InteractionToken(…)");
        assert_eq!(token.expose(), "very-secret");
    }
}
