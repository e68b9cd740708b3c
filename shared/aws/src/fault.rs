//! Converts SDK errors to faults, without their text.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use domain::Fault;

/// The fault of `component`, with the service's error code or the way in which the call failed.
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

/// The codes of DynamoDB for too many requests: to an item, to the table or of the account.
const THROTTLING_CODES: [&str; 3] =
    ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"];

/// Whether the fault is that a service gets too many requests, and so was there to say it.
pub(crate) fn is_throttled(fault: &Fault) -> bool {
    THROTTLING_CODES.contains(&fault.code.as_str())
}
