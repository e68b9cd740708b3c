//! What becomes of a fault of somebody else's service.

use domain::Error;
use engine::Context;
use integrations::Fault;

/// A service that is left alone is no fault of ours: whoever asks is told at once when to come back.
pub(crate) fn error(fault: Fault, cx: &Context) -> Error {
    match fault {
        Fault::Open { dependency, until } => {
            domain::Refusal(words::upstream::not_answering(cx.user_language(), dependency, until)).into()
        }
        fault => domain::Fault::from(fault).into(),
    }
}
