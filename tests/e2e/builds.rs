//! Builds of the functions with a mistake, each in an environment that writes its log lines as on Lambda.

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use aws::telemetry::{self, Dimensions};
use discord::{Choices, CustomId, Reply};
use domain::{
    Fault, Result,
    config::{Configuration, Variables},
};
use engine::{
    Admitted, Answer, Context, Entry, Registry,
    dispatch::{Called, Input, Started},
};
use local_lambda::{Function, Handler, InvocationContext, InvokeError};
use parking_lot::Mutex;
use runtime::Invocation;
use serde_json::{Value, json, value::RawValue};
use tests::{TestApp, commands::TestCommands};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt;

/// The namespace of the metrics.
pub const NAMESPACE: &str = "Steward/steward-prod";

/// What an answer of a slow build takes.
const SLOW: Duration = Duration::from_millis(2_500);

/// A mistake on the wire of a function that works otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    None,
    /// Each answer takes 2.5 s of the stack's clock.
    Slow,
    /// Each request is answered with 401, and a probe is told that signatures are not checked.
    RejectsAll,
    /// Each answer to a probe is "thinking…".
    DefersAll,
    /// Each message of a batch is said to have failed.
    EveryBatchFailed,
    /// The response is not one.
    Nonsense,
    /// It does not start.
    DoesNotStart,
}

/// A build: its variables that differ, and its mistake.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    pub changed: &'static [(&'static str, &'static str)],
    pub mistake: Mistake,
}

impl Build {
    /// Without a mistake.
    pub const GOOD: Self = Self { changed: &[], mistake: Mistake::None };

    /// With this mistake.
    pub const fn with(mistake: Mistake) -> Self {
        Self { mistake, ..Self::GOOD }
    }

    /// With these variables.
    pub const fn changed(changed: &'static [(&'static str, &'static str)]) -> Self {
        Self { changed, ..Self::GOOD }
    }
}

/// The log lines of all builds of a test.
#[derive(Clone, Debug, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// The lines since the last call.
    pub fn take(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.0.lock());
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Adds a build as this version of the function, with one environment.
pub async fn add<F: runtime::Function>(
    app: &TestApp,
    version: &'static str,
    build: Build,
    lines: &Lines,
) -> Function {
    let mut variables = crate::events::variables(app).await;
    variables.extend(build.changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    variables.insert("AWS_LAMBDA_FUNCTION_VERSION".to_owned(), version.to_owned());
    let (time, lines) = (app.stack.clock.clone(), lines.clone());
    let init = move |seed| {
        if build.mistake == Mistake::DoesNotStart {
            return None;
        }
        let late = Arc::new(Lateness::default());
        let (clock, counted) = (time.clone(), Arc::clone(&late));
        let slow = build.mistake == Mistake::Slow;
        let clock = domain::Clock::new(move || {
            let now = clock.now();
            if slow && counted.is_after_the_first_read() { now + SLOW } else { now }
        });
        let lines = logged::<F>(version, &clock, &lines);
        let function = F::new(config::<F>(&variables), clock, seed).ok()?;
        Some(Environment {
            function,
            mistake: build.mistake,
            late,
            is_warm: AtomicBool::default(),
            _lines: lines,
        })
    };
    let function = Function::new(F::NAME, F::TIMEOUT, 1, app.stack.clock.clone(), init);
    app.stack.releases.add_version(F::NAME, version, function.clone());
    function
}

fn config<F: runtime::Function>(variables: &HashMap<String, String>) -> F::Config {
    F::Config::from_variables(&Variables::new(&|name| variables.get(name).cloned())).unwrap()
}

/// Makes the log lines of this thread, which is the environment's, those of a deployed function.
fn logged<F: runtime::Function>(version: &'static str, clock: &domain::Clock, lines: &Lines) -> DefaultGuard {
    let dimensions = move || Dimensions { function: F::NAME.to_owned(), version: version.to_owned() };
    let metrics = telemetry::Metrics {
        namespace: Some(NAMESPACE.to_owned()),
        clock: clock.clone(),
        dimensions: Arc::new(dimensions),
    };
    let lines = lines.clone();
    let lines = telemetry::lines(Some("info"), metrics, move || lines.clone());
    tracing::subscriber::set_default(tracing_subscriber::registry().with(lines))
}

/// Tells the first read of the clock in an invocation, the time of its arrival, from later ones.
#[derive(Debug, Default)]
struct Lateness(AtomicU32);

impl Lateness {
    fn is_after_the_first_read(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) > 0
    }

    fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

struct Environment<F> {
    function: F,
    mistake: Mistake,
    late: Arc<Lateness>,
    is_warm: AtomicBool,
    _lines: DefaultGuard,
}

impl<F: runtime::Function> Handler for Environment<F> {
    async fn handle(&self, event: &RawValue, context: InvocationContext) -> Result<String, InvokeError> {
        self.late.reset();
        let invocation = Invocation::new(context.deadline, !self.is_warm.swap(true, Ordering::Relaxed));
        let response = runtime::invoke(&self.function, event.get().as_bytes(), &invocation).await;
        let response = response.map_err(|_| InvokeError::Event)?;
        let mut response = serde_json::to_value(&response).map_err(|_| InvokeError::Event)?;
        if self.mistake == Mistake::RejectsAll {
            rejected(&mut response);
            return Ok(response.to_string());
        }
        invocation.run_after();
        let is_report = response.get("failures").is_some();
        match self.mistake {
            // A hook measures in real time.
            Mistake::Slow if is_report => tokio::time::sleep(SLOW / 2).await,
            Mistake::DefersAll if is_report => response["response"] = json!({ "type": 5 }),
            Mistake::EveryBatchFailed => {
                response = json!({ "batchItemFailures": [{ "itemIdentifier": "1" }] });
            }
            Mistake::Nonsense => response = Value::Null,
            _ => {}
        }
        Ok(response.to_string())
    }
}

fn rejected(response: &mut Value) {
    if response.get("failures").is_some() {
        *response = json!({ "ok": false, "failures": ["signatures are not checked"] });
    } else {
        response["statusCode"] = json!(401);
    }
}

/// A build whose every command fails with a fault that no repetition mends.
#[derive(Debug)]
pub enum Apologising {}

fn fault<T>() -> Result<T> {
    Err(Fault::lasting("broken build", "always").into())
}

impl Registry for Apologising {
    fn commands() -> impl Iterator<Item = &'static Entry> {
        TestCommands::commands()
    }

    fn run<'a>(_: &str, _: Input<'a>, _: Admitted) -> Result<Started<'a, Answer>> {
        fault()
    }

    fn work<'a>(_: &str, _: Input<'a>, _: Admitted) -> Result<Started<'a, Reply>> {
        fault()
    }

    fn complete<'a>(name: &'a str, input: Input<'a>, cx: &'a Context) -> Called<'a, Choices> {
        TestCommands::complete(name, input, cx)
    }

    fn press<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
        TestCommands::press(id, input, cx)
    }

    fn press_work<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply> {
        TestCommands::press_work(id, input, cx)
    }

    fn choose<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
        TestCommands::choose(id, input, cx)
    }

    fn choose_work<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply> {
        TestCommands::choose_work(id, input, cx)
    }

    fn submit<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
        TestCommands::submit(id, input, cx)
    }

    fn submit_work<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply> {
        TestCommands::submit_work(id, input, cx)
    }
}
