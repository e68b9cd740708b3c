//! How a fault of an outside API is told to the user.

use domain::Error;
use engine::Context;
use integrations::Fault;

/// While the breaker is open, the user is told at once when to try again; that is a refusal, not a fault.
pub(crate) fn error(fault: Fault, cx: &Context) -> Error {
    match fault {
        Fault::Open { dependency, until } => {
            domain::Refusal(words::upstream::not_answering(cx.user_language(), dependency, until)).into()
        }
        fault => domain::Fault::from(fault).into(),
    }
}
