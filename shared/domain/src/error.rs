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

/// Why not, in the user's language.
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
#[error("{component}: {code}")]
pub struct Fault {
    /// The part that failed: `dynamodb.get`, `sqs.send`, `open-meteo`, ...
    pub component: &'static str,
    /// An error code or an HTTP status, for the log alone: what decides is [`Fault::kind`].
    pub code: String,
    /// Whether it is worth another try.
    pub kind: FaultKind,
}

/// Whether a fault is worth another try, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It may pass: a later try may succeed.
    Passing,
    /// No answer in the time that was given: with more patience the same work may be done.
    Timeout,
    /// The same work would fail the same way again.
    Lasting,
}

impl Fault {
    /// A fault at `component` with an error code or status; never pass text that somebody wrote. It may
    /// pass, so it is worth another try.
    pub fn new(component: &'static str, code: impl Into<String>) -> Self {
        Self { component, code: code.into(), kind: FaultKind::Passing }
    }

    /// At `component` no answer came in the time that it was given.
    pub fn timeout(component: &'static str) -> Self {
        Self { kind: FaultKind::Timeout, ..Self::new(component, "timeout") }
    }

    /// As [`Fault::new`], for what no repetition would mend.
    pub fn lasting(component: &'static str, code: impl Into<String>) -> Self {
        Self { kind: FaultKind::Lasting, ..Self::new(component, code) }
    }
}
