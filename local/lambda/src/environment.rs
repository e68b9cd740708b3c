//! An execution environment: an instance of a function with its own clients and memory.
//!
//! It is a thread with its own Tokio runtime, which runs only while an event is handled. In between it is
//! frozen, as on Lambda: tasks that the function spawned do not make progress.

use std::{sync::mpsc, thread, time::Duration};

use serde_json::value::RawValue;
use tokio::sync::oneshot;

/// The handler of a function, with JSON in and JSON out.
pub trait Handler {
    /// Handles one event.
    fn handle(
        &self,
        event: &RawValue,
        context: InvocationContext,
    ) -> impl Future<Output = Result<String, InvokeError>>;
}

/// What Lambda says about an invocation apart from its event: the headers of its Runtime API.
#[derive(Clone, Debug)]
pub struct InvocationContext {
    /// When the function times out, in milliseconds since 1970: `Lambda-Runtime-Deadline-Ms`.
    pub deadline: u64,
    /// `Lambda-Runtime-Aws-Request-Id`.
    pub request_id: String,
    /// `Lambda-Runtime-Trace-Id`, X-Ray's header.
    pub trace_header: String,
}

/// Why an invocation has no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    /// The function could not be started.
    #[error("the function did not start")]
    Init,
    /// The function timed out, and its environment has ended.
    #[error("the function timed out")]
    TimedOut,
    /// The environment's thread ended, after a panic for example.
    #[error("the environment died")]
    Died,
    /// The event is not what the function expects.
    #[error("the function could not read the event")]
    Event,
}

/// A running environment; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Environment {
    pub(super) number: u64,
    invocations: mpsc::Sender<Invocation>,
}

struct Invocation {
    event: Box<RawValue>,
    context: InvocationContext,
    killed_after: Duration,
    answer: oneshot::Sender<Result<String, InvokeError>>,
}

impl Environment {
    /// Starts one. `init` builds the handler in the environment's own runtime.
    pub(super) fn start<H: Handler>(
        name: &str,
        number: u64,
        init: impl FnOnce() -> Option<H> + Send + 'static,
    ) -> Self {
        let (invocations, inbox) = mpsc::channel();
        let thread = thread::Builder::new().name(name.to_owned());
        // If no thread can be spawned, the inbox is dropped, and every invocation fails with `Died`.
        let _ = thread.spawn(move || live(init, &inbox));
        Self { number, invocations }
    }

    /// Handles an event. The environment is killed if that takes longer than `killed_after` of real time.
    pub(super) async fn invoke(
        &self,
        event: Box<RawValue>,
        context: InvocationContext,
        killed_after: Duration,
    ) -> Result<String, InvokeError> {
        let (answer, answered) = oneshot::channel();
        let invocation = Invocation { event, context, killed_after, answer };
        self.invocations.send(invocation).map_err(|_| InvokeError::Died)?;
        answered.await.unwrap_or(Err(InvokeError::Died))
    }
}

fn live<H: Handler>(init: impl FnOnce() -> Option<H>, inbox: &mpsc::Receiver<Invocation>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let handler = runtime.block_on(async { init() });
    // Waiting here, outside the runtime, freezes the runtime's tasks.
    while let Ok(Invocation { event, context, killed_after, answer }) = inbox.recv() {
        let Some(handler) = &handler else {
            let _ = answer.send(Err(InvokeError::Init));
            return;
        };
        let handled = runtime
            .block_on(async { tokio::time::timeout(killed_after, handler.handle(&event, context)).await });
        let killed = handled.is_err();
        let _ = answer.send(handled.unwrap_or(Err(InvokeError::TimedOut)));
        if killed {
            return;
        }
    }
}
