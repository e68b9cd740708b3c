//! What every Lambda function shares.
//!
//! A function is a type that implements [`Function`]; its `main` calls [`serve`], and the local stack and
//! the tests call [`invoke`], so that all of them run the same code. Functions that read from SQS leave
//! their batches to [`sqs::batch`].
#![warn(missing_docs)]

mod invocation;
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

/// A Lambda function: what it is called, what it reads, what it does with an event.
pub trait Function: Send + Sync + Sized + 'static {
    /// The name of its binary, and of its crate in the logs.
    const NAME: &'static str;
    /// Its `Timeout` in template.yaml.
    const TIMEOUT: Duration;
    /// The environment variables that it reads.
    type Config: Configuration + Clone + Send + Sync;
    /// The event that invokes it, borrowed from the bytes of the invocation.
    type Event<'a>: Deserialize<'a> + Send;
    /// What it answers.
    type Response: Serialize + Send;

    /// The function, once per environment, within a Tokio runtime. `seed` is the source of all randomness;
    /// two environments must not share one.
    ///
    /// # Errors
    /// [`ConfigError`] if something in `config` cannot be used.
    fn new(config: Self::Config, clock: Clock, seed: u64) -> Result<Self, ConfigError>;

    /// Handles one event. An implementation writes its type as `Self::Event<'_>`, with the lifetime.
    fn handle(
        &self,
        event: Self::Event<'_>,
        invocation: &Invocation,
    ) -> impl Future<Output = Self::Response> + Send;

    /// What the users of this environment saw.
    fn counters(&self) -> &Arc<OutcomeCounters>;

    /// The answer to bytes that are no event of this function. Without one the invocation fails.
    fn unreadable(&self, _: &Invocation) -> Option<Self::Response> {
        None
    }
}

/// The event is not what the function expects, which has no answer to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the event is not what this function expects")
    }
}

impl std::error::Error for Unreadable {}

/// Gives a function one event. What [`Invocation::after`] was given is left to the caller.
///
/// # Errors
/// [`Unreadable`] if the bytes are no event of this function.
pub async fn invoke<F: Function>(
    function: &F,
    event: &[u8],
    invocation: &Invocation,
) -> Result<F::Response, Unreadable> {
    match serde_json::from_slice(event) {
        Ok(event) => Ok(function.handle(event, invocation).await),
        // The error's text may quote the event.
        Err(_) => function.unreadable(invocation).ok_or(Unreadable),
    }
}
