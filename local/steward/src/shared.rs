//! What the stack's routes share: access to the stack, and their error responses.

use std::sync::{
    Arc, OnceLock, Weak,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::Stack;

/// The clock advances by at most this many seconds at once: more is not needed, and could overflow a timestamp.
pub(crate) const MAX_ADVANCE_SECONDS: u64 = 366 * 24 * 3_600;

/// A weak reference to the stack: its own server must not keep it alive.
#[derive(Clone, Default)]
pub(crate) struct Shared {
    stack: Arc<OnceLock<Weak<Stack>>>,
    is_started: Arc<AtomicBool>,
}

impl Shared {
    pub(crate) fn set(&self, stack: &Arc<Stack>) {
        let _ = self.stack.set(Arc::downgrade(stack));
    }

    /// To be called when the commands are registered.
    pub(crate) fn set_started(&self) {
        self.is_started.store(true, Ordering::Release);
    }

    pub(crate) fn is_started(&self) -> bool {
        self.is_started.load(Ordering::Acquire)
    }

    /// `None` while it is starting or stopping.
    pub(crate) fn running(&self) -> Option<Arc<Stack>> {
        self.stack.get().and_then(Weak::upgrade)
    }

    pub(crate) fn stack(&self) -> Result<Arc<Stack>, ErrorResponse> {
        self.running().ok_or_else(|| {
            ErrorResponse(StatusCode::SERVICE_UNAVAILABLE, "the stack is starting or stopping".to_owned())
        })
    }
}

/// An error response: its status and a sentence.
pub(crate) struct ErrorResponse(pub(crate) StatusCode, pub(crate) String);

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl<E: Into<crate::Error>> From<E> for ErrorResponse {
    fn from(error: E) -> Self {
        let error = error.into();
        let status = match error {
            crate::Error::Discord(local_discord::Error::UnknownInteraction(_)) => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self(status, error.to_string())
    }
}
