//! The runtime of every Lambda function.
//!
//! A function is a type that implements [`Function`]. Its `main` calls [`serve`]; the local stack and the
//! tests call [`invoke`], so that all of them run the same code. Functions that read from SQS handle their
//! batches with [`sqs::batch`].
#![warn(missing_docs)]

mod invocation;
mod memory;
mod serve;
pub mod sqs;

use std::{fmt, sync::Arc, time::Duration};

use domain::{
    Clock,
    config::{ConfigError, Configuration},
    measurement::OutcomeCounters,
};
use serde::{Deserialize, Serialize};

pub use invocation::Invocation;
pub use lambda_runtime::Error;
pub use serve::serve;

/// A Lambda function: its name, configuration, event and handler.
pub trait Function: Send + Sync + Sized + 'static {
    /// The name of its binary, and of its crate in logs.
    const NAME: &'static str;
    /// Its `Timeout` in template.yaml.
    const TIMEOUT: Duration;
    /// The environment variables that it reads.
    type Config: Configuration + Clone + Send + Sync;
    /// The event that invokes it, borrowed from the bytes of the invocation.
    type Event<'a>: Deserialize<'a> + Send;
    /// The response to an event.
    type Response: Serialize + Send;

    /// Creates the function, once per environment, within a Tokio runtime. `seed` seeds all random numbers,
    /// so two environments must not share one.
    ///
    /// # Errors
    /// [`ConfigError`] if a value in `config` cannot be used.
    fn new(config: Self::Config, clock: Clock, seed: u64) -> Result<Self, ConfigError>;

    /// Handles one event. An implementation writes its type as `Self::Event<'_>`, with the lifetime.
    fn handle(
        &self,
        event: Self::Event<'_>,
        invocation: &Invocation,
    ) -> impl Future<Output = Self::Response> + Send;

    /// The user-visible outcomes of this environment.
    fn counters(&self) -> &Arc<OutcomeCounters>;

    /// The response to bytes that are not an event of this function. With `None` the invocation fails.
    fn unreadable(&self, _: &Invocation) -> Option<Self::Response> {
        None
    }
}

/// The bytes are not an event of this function, and it has no response to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventError;

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the event is not what this function expects")
    }
}

impl std::error::Error for EventError {}

/// Handles one event. The caller must run the tasks of [`Invocation::after`].
///
/// # Errors
/// [`EventError`] if the bytes are not an event of this function.
pub async fn invoke<F: Function>(
    function: &F,
    event: &[u8],
    invocation: &Invocation,
) -> Result<F::Response, EventError> {
    match serde_json::from_slice(event) {
        Ok(event) => Ok(function.handle(event, invocation).await),
        // The error's text may quote the event, so it is dropped.
        Err(_) => function.unreadable(invocation).ok_or(EventError),
    }
}
