//! What the user cannot have, and what we did wrong: two kinds that never mix.

/// Result of everything a command does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command has no answer of its own.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// An answer: shown to the user alone, never logged as an error.
    #[error("refused")]
    Refused(Refusal),
    /// Ours: logged once, retried where that helps, shown as one sentence and a reference.
    #[error(transparent)]
    Failed(#[from] Fault),
}

/// A polite no, in the user's language.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal(pub String);

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Something of ours, or of a service that we depend on, did not work.
///
/// It says where and a code, never what somebody wrote: it goes to the log as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {code}")]
pub struct Fault {
    /// The part that failed: `dynamodb.get`, `sqs.send`, `open-meteo`, ...
    pub place: &'static str,
    /// An error code or an HTTP status.
    pub code: String,
    /// Whether the same work would fail the same way again.
    pub lasting: bool,
}

/// The code of whatever took too long.
const LATE: &str = "timeout";

impl Fault {
    /// A fault at `place` with an error code or status; never pass text that somebody wrote. It may
    /// pass, so it is worth another try.
    pub fn new(place: &'static str, code: impl Into<String>) -> Self {
        Self { place, code: code.into(), lasting: false }
    }

    /// At `place` no answer came in the time that it was given.
    pub fn late(place: &'static str) -> Self {
        Self::new(place, LATE)
    }

    /// Whether somebody else was late: with more patience the same work may be done.
    pub fn is_late(&self) -> bool {
        self.code == LATE
    }

    /// As [`Fault::new`], for what no repetition would mend.
    pub fn lasting(place: &'static str, code: impl Into<String>) -> Self {
        Self { lasting: true, ..Self::new(place, code) }
    }
}
