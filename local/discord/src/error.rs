//! Failures of the simulator, and actions that Discord's client would not allow.

use crate::Snowflake;

/// The simulator itself failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite or the disk failed.
    #[error("database of the simulated Discord: {0}")]
    Database(#[from] rusqlite::Error),
    /// A stored document has another format than this version's.
    #[error("stored document: {0}")]
    Document(#[from] serde_json::Error),
    /// The database holds something that this version cannot read.
    #[error("the database of the simulated Discord is damaged: {0}")]
    Damaged(&'static str),
    /// The folder of recorded responses cannot be written.
    #[error("the folder of recorded responses: {0}")]
    Answers(std::io::Error),
    /// There is no interaction with this id, or not any more.
    #[error("there is no interaction {0}")]
    UnknownInteraction(Snowflake),
    /// The application's response was missing or invalid; the text says why.
    #[error("the application did not respond: {0}")]
    NoResponse(String),
}

/// Why a user's action had no effect.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Discord's client would not have sent it. The text is for the user.
    #[error("{0}")]
    ByClient(String),
    /// Autocomplete only: "Loading options failed".
    #[error("loading options failed: {0}")]
    NoChoices(String),
    /// The simulator failed.
    #[error(transparent)]
    Fault(#[from] Error),
}

impl Refused {
    pub(crate) fn because(sentence: impl Into<String>) -> Self {
        Self::ByClient(sentence.into())
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(error.into())
    }
}
