//! The two kinds of error: a rejection of what the user asked for, and a fault of ours.

/// The result of everything that a command does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command returns no answer.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A rejection: shown to the user alone, never logged as an error.
    #[error("refused")]
    Refused(Refusal),
    /// A fault: logged once, retried where that helps, shown as an error message with a reference.
    #[error(transparent)]
    Failed(#[from] Fault),
}

/// The reason of a rejection, in the user's language.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal(pub String);

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A failure of this bot, or of a service that it depends on.
///
/// It consists of a component and a code and is logged as it is, so it must never contain text of users.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{component}: {code}")]
pub struct Fault {
    /// The part that failed: `dynamodb.get`, `sqs.send`, `open-meteo`, ...
    pub component: &'static str,
    /// An error code or an HTTP status, for the log only: decisions depend on [`Fault::kind`].
    pub code: String,
    /// Whether a retry may help.
    pub kind: FaultKind,
}

/// Whether a retry may help, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Temporary: a later try may succeed.
    Passing,
    /// Temporary and not the command's: a service that it needs does not answer, fails or throttles. Waiting
    /// for it is not an attempt of the command.
    Unavailable,
    /// No answer in time: the same work may succeed with a longer timeout, as a deferred job.
    Timeout,
    /// Permanent: the same work would fail the same way.
    Lasting,
}

impl Fault {
    /// A temporary fault of `component` with an error code or status; never pass text of users.
    pub fn new(component: &'static str, code: impl Into<String>) -> Self {
        Self { component, code: code.into(), kind: FaultKind::Passing }
    }

    /// `component` is unavailable, with an error code or status as in [`Fault::new`].
    pub fn unavailable(component: &'static str, code: impl Into<String>) -> Self {
        Self { kind: FaultKind::Unavailable, ..Self::new(component, code) }
    }

    /// `component` did not answer in time.
    pub fn timeout(component: &'static str) -> Self {
        Self { kind: FaultKind::Timeout, ..Self::new(component, "timeout") }
    }

    /// A permanent fault, otherwise as [`Fault::new`].
    pub fn lasting(component: &'static str, code: impl Into<String>) -> Self {
        Self { kind: FaultKind::Lasting, ..Self::new(component, code) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_says_whether_a_retry_may_help() {
        let faults = [
            Fault::new("sqs.send", "503"),
            Fault::unavailable("sqs.send", "503"),
            Fault::timeout("sqs.send"),
            Fault::lasting("sqs.send", "403"),
        ];
        let shown = faults.map(|fault| (fault.to_string(), fault.kind));
        let expected = [
            ("sqs.send: 503", FaultKind::Passing),
            ("sqs.send: 503", FaultKind::Unavailable),
            ("sqs.send: timeout", FaultKind::Timeout),
            ("sqs.send: 403", FaultKind::Lasting),
        ];
        assert_eq!(shown, expected.map(|(text, kind)| (text.to_owned(), kind)));
    }
}
