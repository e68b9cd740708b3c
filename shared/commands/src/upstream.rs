//! How a fault of an external API is reported to the user.

use domain::Error;
use engine::Context;
use integrations::Fault;

/// If the breaker is open, the user learns when to try again, so that is a refusal; everything else is a
/// fault.
pub(crate) fn error(fault: Fault, cx: &Context) -> Error {
    match fault {
        Fault::Open { dependency, until } => {
            domain::Refusal(words::upstream::not_answering(cx.user_language(), dependency, until)).into()
        }
        fault => domain::Fault::from(fault).into(),
    }
}
