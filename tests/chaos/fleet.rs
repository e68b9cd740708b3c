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

use crate::{fate::Fate, faults::Fault, story::Id};

/// What an environment is handling, and which faults it will meet.
pub(crate) struct Invocation {
    /// `door`, `job` or `watch`.
    pub(crate) kind: &'static str,
    pub(crate) whom: Vec<Id>,
    /// The highest receive count of its messages; 0 in the interactions function.
    pub(crate) receive: u32,
    pub(crate) is_spared: bool,
    pub(crate) doom: Option<Doom>,
    killed: Notify,
}

/// When a doomed job dies.
#[derive(Default)]
pub(crate) struct Doom {
    /// The call at which it dies, counted from 0.
    pub(crate) at: u32,
    pub(crate) calls: AtomicU32,
}

impl Invocation {
    pub(crate) fn new(kind: &'static str, whom: Vec<Id>, receive: u32) -> Self {
        Self { kind, whom, receive, is_spared: false, doom: None, killed: Notify::new() }
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
pub(crate) struct Fleet(Arc<Shared>);

struct Shared {
    timeout: Duration,
    clock: Clock,
    fate: Arc<Fate>,
    start: Box<dyn Fn(u64) -> Handler + Send + Sync>,
    started: AtomicU64,
    idle: Mutex<Vec<Handler>>,
    places: Semaphore,
}

impl Fleet {
    /// A function with at most `environments` environments; `start` builds the handler of each from its number.
    pub(crate) fn new(
        (timeout, environments): (Duration, usize),
        (clock, fate): (&Clock, &Arc<Fate>),
        start: impl Fn(u64) -> Handler + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Shared {
            timeout,
            clock: clock.clone(),
            fate: Arc::clone(fate),
            start: Box::new(start),
            started: AtomicU64::new(0),
            idle: Mutex::default(),
            places: Semaphore::new(environments),
        }))
    }

    /// Handles the event in an idle environment. It continues even if the caller is dropped.
    pub(crate) async fn invoke(&self, event: String, invocation: Invocation) -> Result<String, Died> {
        let fleet = self.clone();
        let ended = tokio::spawn(async move { fleet.run(event, Arc::new(invocation)).await });
        ended.await.unwrap_or(Err(Died))
    }

    /// How many environments were started.
    pub(crate) fn started(&self) -> u64 {
        self.0.started.load(Ordering::Relaxed)
    }

    async fn run(&self, event: String, invocation: Arc<Invocation>) -> Result<String, Died> {
        let shared = &self.0;
        let _place = shared.places.acquire().await.map_err(|_| Died)?;
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
                    shared.fate.stories.strike(&invocation.whom, invocation.kind, Fault::TimedOut);
                    Err(Died)
                }
            },
        }
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fleet")
    }
}
