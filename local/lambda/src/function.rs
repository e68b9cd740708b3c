//! A function and its environments.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use local_clock::{Clock, whole_ms};
use parking_lot::{Mutex, MutexGuard};
use serde_json::value::RawValue;
use tokio::sync::Semaphore;

use super::{
    Handler, InvocationContext, InvokeError,
    environment::Environment,
    environment_list::{EnvironmentInfo, EnvironmentList, EnvironmentState},
};

/// A function. It starts an environment if an event finds none idle, up to a limit.
#[derive(Clone)]
pub struct Function {
    shared: Arc<Shared>,
}

struct Shared {
    name: &'static str,
    timeout: Duration,
    /// In milliseconds. Shorter than `timeout` only if a test makes environments die early.
    killed_after: AtomicU64,
    clock: Clock,
    start: Box<dyn Fn(u64) -> Environment + Send + Sync>,
    started: AtomicU64,
    invocations: AtomicU64,
    environment_list: EnvironmentList,
    idle: Mutex<Vec<Environment>>,
    places: Semaphore,
}

impl Function {
    /// A function with at most `environments` environments. `init` builds the handler of each from its
    /// number, counted from 0; `None` means that it could not start.
    pub fn new<H: Handler>(
        name: &'static str,
        timeout: Duration,
        environments: usize,
        clock: Clock,
        init: impl Fn(u64) -> Option<H> + Clone + Send + Sync + 'static,
    ) -> Self {
        let start = move |number| {
            let init = init.clone();
            Environment::start(name, number, move || init(number))
        };
        let shared = Shared {
            name,
            timeout,
            killed_after: AtomicU64::new(whole_ms(timeout).unsigned_abs()),
            clock,
            start: Box::new(start),
            started: AtomicU64::new(0),
            invocations: AtomicU64::new(0),
            environment_list: EnvironmentList::default(),
            idle: Mutex::default(),
            places: Semaphore::new(environments),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.shared.name
    }

    /// Handles the event in an idle environment, or waits for one if all are busy.
    ///
    /// # Errors
    /// [`InvokeError`]. An environment that timed out or died is replaced at the next event.
    pub async fn invoke(&self, event: String) -> Result<String, InvokeError> {
        let event = RawValue::from_string(event).map_err(|_| InvokeError::Event)?;
        let function = self.clone();
        // A task of its own: as on Lambda, an invocation continues if the caller disconnects.
        let invoked = tokio::spawn(async move { function.run(event).await });
        invoked.await.unwrap_or(Err(InvokeError::Died))
    }

    async fn run(&self, event: Box<RawValue>) -> Result<String, InvokeError> {
        let _place = self.shared.places.acquire().await.map_err(|_| InvokeError::Died)?;
        let idle = self.idle().pop();
        let environment = idle.unwrap_or_else(|| self.start());
        let (environment_list, number) = (&self.shared.environment_list, environment.number);
        environment_list.event_received(number, self.now());
        let answer = environment.invoke(event, self.context(), self.killed_after()).await;
        if let Err(end @ (InvokeError::TimedOut | InvokeError::Died | InvokeError::Init)) = answer {
            environment_list.set_state(number, EnvironmentState::Dead(end), self.now());
        } else {
            environment_list.set_state(number, EnvironmentState::Idle, self.now());
            self.idle().push(environment);
        }
        answer
    }

    /// From now on, environments are killed after this real time, although the event's deadline still promises the
    /// whole timeout. This simulates a crash, such as running out of memory.
    pub fn dies_after(&self, time: Duration) {
        let after = whole_ms(time.min(self.shared.timeout)).unsigned_abs();
        self.shared.killed_after.store(after, Ordering::Relaxed);
    }

    /// How many environments were started, including dead ones.
    pub fn started(&self) -> u64 {
        self.shared.started.load(Ordering::Relaxed)
    }

    /// All living environments, and the last 20 that died.
    pub fn environments(&self) -> Vec<EnvironmentInfo> {
        self.shared.environment_list.list()
    }

    /// How many more invocations could begin now: the limit minus those that are running.
    pub fn free_places(&self) -> usize {
        self.shared.places.available_permits()
    }

    fn start(&self) -> Environment {
        (self.shared.start)(self.shared.started.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// The ids have the form of Lambda's. They are numbers in order, because they need not be secret.
    fn context(&self) -> InvocationContext {
        let now = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        let number = self.shared.invocations.fetch_add(1, Ordering::Relaxed);
        let seconds = now / 1_000;
        InvocationContext {
            deadline: now + whole_ms(self.shared.timeout).unsigned_abs(),
            request_id: format!("{seconds:08x}-0000-4000-8000-{number:012x}"),
            trace_header: format!("Root=1-{seconds:08x}-{number:024x};Parent={number:016x};Sampled=0"),
        }
    }

    fn killed_after(&self) -> Duration {
        Duration::from_millis(self.shared.killed_after.load(Ordering::Relaxed))
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Environment>> {
        self.shared.idle.lock()
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("name", &self.shared.name).finish_non_exhaustive()
    }
}
