//! Converts SDK errors to faults, without their text.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use domain::Fault;

/// The codes with which DynamoDB and SQS refuse what they would accept at another time. Sources: DynamoDB,
/// "Error handling"; SQS, "Common errors".
const UNAVAILABLE: [&str; 9] = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TransactionConflictException",
    "TransactionCanceledException",
    "TransactionInProgressException",
];

/// The fault of `component`, with the service's error code or the way in which the call failed.
pub(crate) fn fault<E: ProvideErrorMetadata>(component: &'static str, error: &SdkError<E>) -> Fault {
    let code = match error {
        SdkError::TimeoutError(_) => return Fault::unavailable(component, "timeout"),
        SdkError::DispatchFailure(_) => return Fault::unavailable(component, "unreachable"),
        SdkError::ResponseError(_) => return Fault::unavailable(component, "unreadable answer"),
        SdkError::ConstructionFailure(_) => return Fault::new(component, "not sent"),
        error => error.code().unwrap_or("unknown"),
    };
    let is_server_error = error.raw_response().is_some_and(|answer| answer.status().is_server_error());
    if is_server_error || UNAVAILABLE.contains(&code) {
        return Fault::unavailable(component, code);
    }
    Fault::new(component, code)
}

/// The codes of DynamoDB for too many requests: to an item, to the table or of the account.
const THROTTLING_CODES: [&str; 3] =
    ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"];

/// Whether the fault is that a service gets too many requests, and so was there to say it.
pub(crate) fn is_throttled(fault: &Fault) -> bool {
    THROTTLING_CODES.contains(&fault.code.as_str())
}
