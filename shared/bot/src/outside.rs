//! What becomes of a fault of somebody else's service.

use domain::Error;
use integrations::Fault;

use crate::{Context, words};

/// A service that is left alone is no fault of ours: whoever asks is told at once when to come back.
pub(crate) fn error(fault: Fault, cx: &Context) -> Error {
    match fault {
        Fault::Open { dependency, until } => {
            domain::Refusal(words::outside::not_answering(cx.user_language(), dependency, until)).into()
        }
        fault => domain::Fault::from(fault).into(),
    }
}
