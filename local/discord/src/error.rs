//! What can go wrong on our side, and what the user's client would not send.

use crate::Snowflake;

/// The simulator itself failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite refused or the disk did.
    #[error("database of the simulated Discord: {0}")]
    Database(#[from] rusqlite::Error),
    /// A stored document is not what this version writes.
    #[error("stored document: {0}")]
    Document(#[from] serde_json::Error),
    /// The database holds something that this version cannot read.
    #[error("the database of the simulated Discord is damaged: {0}")]
    Damaged(&'static str),
    /// The folder of recorded answers cannot be written.
    #[error("the folder of answers: {0}")]
    Answers(std::io::Error),
    /// No such interaction was ever made here.
    #[error("there is no interaction {0}")]
    UnknownInteraction(Snowflake),
    /// The application did not answer as it must; the text says how.
    #[error("the application did not respond: {0}")]
    NoResponse(String),
}

/// Why an act of a user led to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The client would not have sent it. A sentence for the person who typed.
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
