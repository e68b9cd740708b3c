//! `GET /local/status`: the stack's state as JSON, for scripts and `steward status`.

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

/// The response.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    version: &'static str,
    #[serde(flatten)]
    discord: local_discord::Status,
    queues: Vec<Depth>,
    /// How many environments of each function were started, including dead ones.
    environments: Environments,
    /// The circuit breaker of each external API.
    breakers: Vec<Breaker>,
    /// User-visible outcomes by command and version since the stack started.
    outcomes: Vec<Row>,
}

/// How many environments of each function were started.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Environments {
    pub(crate) interactions: u64,
    pub(crate) jobs: u64,
}

/// The circuit breaker of an external API, as stored in the table that all environments share.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Breaker {
    pub(crate) name: String,
    pub(crate) state: State,
    /// When an open breaker lets a probe through; `None` in the other states.
    pub(crate) until: Option<Timestamp>,
}

/// The state of a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    Closed,
    Open,
    /// The next call is the probe.
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

/// The outcome counters of each environment, including dead ones.
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
