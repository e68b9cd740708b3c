//! The main loop of a function on Lambda.

use std::{
    cell::{Cell, RefCell},
    mem,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use aws::telemetry::{self, Dimensions, METRICS_NAMESPACE, Metrics};
use bytes::Bytes;
use domain::{
    Clock,
    config::{Configuration, Variables},
};
use jiff::Timestamp;
use lambda_runtime::{
    Error, LambdaEvent, LambdaInvocation, Runtime, Service, service_fn, tower::layer::layer_fn,
};

use crate::{Function, Invocation, invoke, memory};

/// How often an environment logs its memory.
const MEMORY_INTERVAL: Duration = Duration::from_secs(60);

/// Runs a function until Lambda ends its environment: reads its variables, then handles events.
///
/// # Errors
/// If a variable is missing or wrong (logged by name), or the Runtime API cannot be reached.
#[expect(
    clippy::disallowed_methods,
    reason = "the clock, the environment and randomness come from here, and are arguments from here on"
)]
pub fn serve<F: Function>() -> Result<(), Error> {
    let var = |name: &str| std::env::var(name).ok();
    let clock = Clock::new(jiff::Timestamp::now);
    let version = var("AWS_LAMBDA_FUNCTION_VERSION").unwrap_or_else(|| "$LATEST".to_owned());
    let dimensions = Dimensions { function: F::NAME.to_owned(), version };
    let metrics = Metrics {
        namespace: var(METRICS_NAMESPACE).filter(|namespace| !namespace.is_empty()),
        clock: clock.clone(),
        dimensions: Arc::new(move || dimensions.clone()),
    };
    telemetry::start_on_stdout(var("LOG_LEVEL").as_deref(), metrics);
    let config = F::Config::from_variables(&Variables::new(&var));
    let config = config.inspect_err(|bad| tracing::error!(reason = %bad, "invalid configuration"))?;
    // One thread: one environment handles one event at a time, and a second thread would only add wake-ups.
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio.block_on(async {
        let function = F::new(config, clock.clone(), fastrand::u64(..))?;
        handle_events(Rc::new(function), clock).await
    })
}

/// Shared between the layer around `lambda_runtime` and the handler within it.
#[derive(Default)]
struct Handover {
    event: RefCell<Bytes>,
    /// The one whose deferred tasks are still to run.
    invocation: RefCell<Option<Rc<Invocation>>>,
    is_warm: Cell<bool>,
    memory_logged_at: Cell<Option<Timestamp>>,
}

impl Handover {
    /// Logs the most memory that the process has had, once a minute. It reads a file, so not each time.
    fn log_memory(&self, now: Timestamp) {
        let logged = self.memory_logged_at.get();
        if logged.is_some_and(|logged| now.duration_since(logged).unsigned_abs() < MEMORY_INTERVAL) {
            return;
        }
        self.memory_logged_at.set(Some(now));
        if let Some(megabytes) = memory::peak_megabytes() {
            tracing::info!(MemoryMB = megabytes, "memory");
        }
    }
}

async fn handle_events<F: Function>(function: Rc<F>, clock: Clock) -> Result<(), Error> {
    let handover = Rc::new(Handover::default());
    let shared = Rc::clone(&handover);
    // The payload is the `null` by which the layer has replaced the event.
    let handler = service_fn(move |LambdaEvent { context, .. }: LambdaEvent<()>| {
        let (function, handover) = (Rc::clone(&function), Rc::clone(&shared));
        async move {
            let event = mem::take(&mut *handover.event.borrow_mut());
            let is_cold = !handover.is_warm.replace(true);
            let invocation = Invocation::new(context.deadline, is_cold);
            // The ids are moved, not copied: `lambda_runtime` has its own copy of the request id.
            let invocation = Rc::new(invocation.with_ids(context.request_id, context.xray_trace_id));
            *handover.invocation.borrow_mut() = Some(Rc::clone(&invocation));
            Ok::<_, Error>(invoke(&*function, &event, &invocation).await?)
        }
    });
    let layer =
        layer_fn(move |inner| Outermost { inner, handover: Rc::clone(&handover), clock: clock.clone() });
    Runtime::new(handler).layer(layer).run().await
}

/// A layer that takes the event's bytes before the library parses them, because the function parses them
/// itself, and that runs deferred tasks after the library has posted the response.
struct Outermost<S> {
    inner: S,
    handover: Rc<Handover>,
    clock: Clock,
}

impl<S> Service<LambdaInvocation> for Outermost<S>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
    S::Future: 'static,
{
    type Response = ();
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut lambda: LambdaInvocation) -> Self::Future {
        let event = mem::replace(&mut lambda.body, Bytes::from_static(b"null"));
        *self.handover.event.borrow_mut() = event;
        let (handover, clock) = (Rc::clone(&self.handover), self.clock.clone());
        let posted = self.inner.call(lambda);
        Box::pin(async move {
            let done = posted.await;
            // Lambda freezes the environment only after it asks for the next event.
            if let Some(invocation) = handover.invocation.take() {
                invocation.run_after();
            }
            handover.log_memory(clock.now());
            done
        })
    }
}
