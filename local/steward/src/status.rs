//! `GET /local/status`: the stack for scripts, and for `steward status`.

use std::sync::Arc;

use domain::{
    breaker::Dependency,
    measurement::{OutcomeCounters, Row},
};
use jiff::Timestamp;
use local_sqs::Depth;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::Stack;

/// What runs, and how it is doing.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    version: &'static str,
    #[serde(flatten)]
    discord: local_discord::Status,
    queues: Vec<Depth>,
    /// How many environments of each function were started, dead ones too.
    environments: Environments,
    /// Of each outside API, whether it is left alone.
    breakers: Vec<Breaker>,
    /// What users saw, by command and version, since the stack started.
    outcomes: Vec<Row>,
}

/// How many environments of each function were started.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Environments {
    pub(crate) interactions: u64,
    pub(crate) jobs: u64,
}

/// Whether an outside API is left alone, as all environments know.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Breaker {
    pub(crate) name: String,
    pub(crate) state: State,
    /// While it is open: until then.
    pub(crate) until: Option<Timestamp>,
}

/// The state of a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    Closed,
    Open,
    /// The next who asks is the probe.
    HalfOpen,
}

impl Breaker {
    async fn of(dependency: Dependency, stack: &Stack) -> Result<Self, crate::Error> {
        let now = stack.clock.now();
        let open = stack.breakers.load(dependency, now).await?;
        let (state, until) = match open {
            None => (State::Closed, None),
            Some(open) if open.is_shut(now) => (State::Open, Some(open.until)),
            Some(_) => (State::HalfOpen, None),
        };
        Ok(Self { name: dependency.name().to_owned(), state, until })
    }
}

impl Status {
    pub(crate) async fn of(stack: &Stack) -> Result<Self, crate::Error> {
        let mut breakers = Vec::new();
        for dependency in Dependency::ALL {
            breakers.push(Breaker::of(dependency, stack).await?);
        }
        Ok(Self {
            version: engine::VERSION,
            discord: stack.discord.status()?,
            queues: stack.queues.list()?,
            environments: Environments {
                interactions: stack.interactions.started(),
                jobs: stack.jobs.started(),
            },
            breakers,
            outcomes: stack.counters.sum(),
        })
    }
}

/// What the users of each environment saw. Those of a dead one still count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counters(Arc<Mutex<Vec<Arc<OutcomeCounters>>>>);

impl Counters {
    pub(crate) fn add(&self, counters: &Arc<OutcomeCounters>) {
        self.0.lock().push(Arc::clone(counters));
    }

    pub(crate) fn sum(&self) -> Vec<Row> {
        let counters = self.0.lock();
        OutcomeCounters::sum(counters.iter().map(Arc::as_ref))
    }
}
