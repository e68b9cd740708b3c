//! SQS's errors, with their messages and both of their codes.

/// Why a request was refused. `Storage` is a failure of this server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("The specified queue does not exist.")]
    QueueDoesNotExist,
    #[error("A queue already exists with the same name and a different value for attribute {0}")]
    QueueNameExists(&'static str),
    #[error("The input receipt handle \"{0}\" is not a valid receipt handle.")]
    ReceiptHandleIsInvalid(String),
    #[error("The specified message isn't in flight.")]
    MessageNotInflight,
    #[error("There should be at least one entry in the request.")]
    EmptyBatchRequest,
    #[error("Maximum number of entries per request are 10. You have sent {0}.")]
    TooManyEntriesInBatchRequest(usize),
    #[error("Id {0} repeated.")]
    BatchEntryIdsNotDistinct(String),
    #[error(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. \
         It can be at most 80 letters long."
    )]
    InvalidBatchEntryId,
    #[error("Batch requests cannot be longer than 1048576 bytes. You have sent {0} bytes.")]
    BatchRequestTooLong(usize),
    #[error("Unknown Attribute {0}.")]
    InvalidAttributeName(String),
    #[error("Invalid value for the parameter {0}.")]
    InvalidAttributeValue(&'static str),
    #[error("Invalid characters found in the message. Valid are #x9, #xA, #xD and #x20 upwards.")]
    InvalidMessageContents,
    #[error("{0}")]
    InvalidParameterValue(String),
    #[error("The request must contain the parameter {0}.")]
    MissingParameter(&'static str),
    #[error("The resource that you specified for the SourceArn or DestinationArn doesn't exist.")]
    ResourceNotFound,
    #[error("This queue server does not know the operation {0:?}.")]
    UnknownOperation(String),
    #[error("This queue server has standard queues only: {0}")]
    UnsupportedOperation(&'static str),
    #[error("The request is not the JSON of this operation: {0}")]
    Serialization(#[from] serde_json::Error),
    #[error("The queue's file cannot be used: {0}")]
    Storage(#[from] rusqlite::Error),
}

impl Error {
    /// A parameter with an invalid value.
    pub(super) fn parameter(name: &str, value: impl std::fmt::Display, reason: &str) -> Self {
        Self::InvalidParameterValue(format!(
            "Value {value} for parameter {name} is invalid. Reason: {reason}"
        ))
    }

    /// The code in `__type`.
    pub fn code(&self) -> &'static str {
        self.names().0
    }

    /// The code in `x-amzn-query-error`, from the older query protocol; some clients match on it.
    pub fn legacy_code(&self) -> &'static str {
        self.names().1
    }

    /// Whether the request is wrong. If not, a retry may succeed.
    pub fn is_sender_fault(&self) -> bool {
        !matches!(self, Self::Storage(_))
    }

    fn names(&self) -> (&'static str, &'static str) {
        macro_rules! prefixed {
            ($name:literal) => {
                ($name, concat!("AWS.SimpleQueueService.", $name))
            };
        }
        match self {
            Self::QueueDoesNotExist => ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
            Self::QueueNameExists(_) => ("QueueNameExists", "QueueAlreadyExists"),
            Self::MessageNotInflight => prefixed!("MessageNotInflight"),
            Self::EmptyBatchRequest => prefixed!("EmptyBatchRequest"),
            Self::TooManyEntriesInBatchRequest(_) => prefixed!("TooManyEntriesInBatchRequest"),
            Self::BatchEntryIdsNotDistinct(_) => prefixed!("BatchEntryIdsNotDistinct"),
            Self::InvalidBatchEntryId => prefixed!("InvalidBatchEntryId"),
            Self::BatchRequestTooLong(_) => prefixed!("BatchRequestTooLong"),
            Self::UnsupportedOperation(_) => prefixed!("UnsupportedOperation"),
            Self::ReceiptHandleIsInvalid(_) => same("ReceiptHandleIsInvalid"),
            Self::InvalidAttributeName(_) => same("InvalidAttributeName"),
            Self::InvalidAttributeValue(_) => same("InvalidAttributeValue"),
            Self::InvalidMessageContents => same("InvalidMessageContents"),
            Self::ResourceNotFound => same("ResourceNotFoundException"),
            Self::InvalidParameterValue(_) => ("InvalidParameterValueException", "InvalidParameterValue"),
            Self::MissingParameter(_) => ("MissingRequiredParameterException", "MissingParameter"),
            Self::UnknownOperation(_) => ("UnknownOperationException", "InvalidAction"),
            Self::Serialization(_) => ("SerializationException", "MalformedInput"),
            Self::Storage(_) => ("InternalFailure", "InternalFailure"),
        }
    }
}

fn same(name: &'static str) -> (&'static str, &'static str) {
    (name, name)
}
