//! The functions and their environments, each of which handles one event at a time and can be killed.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use local_clock::Clock;
use parking_lot::Mutex;
use tokio::sync::{Notify, Semaphore};

use crate::{fault_plan::FaultPlan, faults::Fault, history::Id};

/// What an environment is handling, and which faults it will meet.
pub(crate) struct Invocation {
    /// `door` (the interactions function), `job` or `watch` (the watchdog). It seeds random numbers: another name would
    /// change what each seed does.
    pub(crate) kind: &'static str,
    pub(crate) ids: Vec<Id>,
    /// The highest receive count of its messages; 0 in the interactions function.
    pub(crate) receive: u32,
    pub(crate) is_without_faults: bool,
    pub(crate) scheduled_kill: Option<ScheduledKill>,
    killed: Notify,
}

/// When a job that is always killed dies.
#[derive(Default)]
pub(crate) struct ScheduledKill {
    /// The call at which it dies, counted from 0.
    pub(crate) at_call: u32,
    pub(crate) calls: AtomicU32,
}

impl Invocation {
    pub(crate) fn new(kind: &'static str, ids: Vec<Id>, receive: u32) -> Self {
        Self { kind, ids, receive, is_without_faults: false, scheduled_kill: None, killed: Notify::new() }
    }

    /// Kills the environment: its future is dropped.
    pub(crate) fn kill(&self) {
        self.killed.notify_one();
    }

    /// The invocation whose code is running now, if any.
    pub(crate) fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }
}

tokio::task_local! {
    static CURRENT: Arc<Invocation>;
}

/// The environment died; what it did is unknown to the caller.
#[derive(Debug)]
pub(crate) struct Died;

type Handled = Pin<Box<dyn Future<Output = String> + Send>>;
/// Handles an event, with the deadline in milliseconds since 1970.
pub(crate) type Handler = Arc<dyn Fn(String, u64) -> Handled + Send + Sync>;

/// A function and its environments. Clones share them.
#[derive(Clone)]
pub(crate) struct Environments(Arc<Shared>);

struct Shared {
    timeout: Duration,
    clock: Clock,
    plan: Arc<FaultPlan>,
    start: Box<dyn Fn(u64) -> Handler + Send + Sync>,
    started: AtomicU64,
    idle: Mutex<Vec<Handler>>,
    permits: Semaphore,
}

impl Environments {
    /// A function with at most `environments` environments; `start` builds the handler of each from its number.
    pub(crate) fn new(
        (timeout, environments): (Duration, usize),
        (clock, plan): (&Clock, &Arc<FaultPlan>),
        start: impl Fn(u64) -> Handler + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Shared {
            timeout,
            clock: clock.clone(),
            plan: Arc::clone(plan),
            start: Box::new(start),
            started: AtomicU64::new(0),
            idle: Mutex::default(),
            permits: Semaphore::new(environments),
        }))
    }

    /// Handles the event in an idle environment. It continues even if the caller is dropped.
    pub(crate) async fn invoke(&self, event: String, invocation: Invocation) -> Result<String, Died> {
        let environments = self.clone();
        let ended = tokio::spawn(async move { environments.run(event, Arc::new(invocation)).await });
        ended.await.unwrap_or(Err(Died))
    }

    /// How many environments were started.
    pub(crate) fn started(&self) -> u64 {
        self.0.started.load(Ordering::Relaxed)
    }

    async fn run(&self, event: String, invocation: Arc<Invocation>) -> Result<String, Died> {
        let shared = &self.0;
        let _permit = shared.permits.acquire().await.map_err(|_| Died)?;
        let idle = shared.idle.lock().pop();
        let handler = idle.unwrap_or_else(|| (shared.start)(shared.started.fetch_add(1, Ordering::Relaxed)));
        let now = u64::try_from(shared.clock.now().as_millisecond()).unwrap_or_default();
        let deadline = now + u64::try_from(shared.timeout.as_millis()).unwrap_or_default();
        let handled = CURRENT.scope(Arc::clone(&invocation), handler(event, deadline));
        tokio::select! {
            biased;
            () = invocation.killed.notified() => Err(Died),
            answer = tokio::time::timeout(shared.timeout, handled) => match answer {
                Ok(answer) => {
                    shared.idle.lock().push(handler);
                    Ok(answer)
                }
                Err(_) => {
                    shared.plan.history.record_fault(&invocation.ids, invocation.kind, Fault::TimedOut);
                    Err(Died)
                }
            },
        }
    }
}

impl fmt::Debug for Environments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environments")
    }
}
