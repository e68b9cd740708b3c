//! An SDK error as a fault: its code and nothing of its text.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use domain::Fault;

/// What went wrong at `component`, by the service's own code or by how the call failed.
pub(crate) fn fault<E: ProvideErrorMetadata, R>(component: &'static str, error: &SdkError<E, R>) -> Fault {
    let code = match error {
        SdkError::TimeoutError(_) => return Fault::timeout(component),
        SdkError::DispatchFailure(_) => "unreachable",
        SdkError::ResponseError(_) => "unreadable answer",
        SdkError::ConstructionFailure(_) => "not sent",
        error => error.code().unwrap_or("unknown"),
    };
    Fault::new(component, code)
}
