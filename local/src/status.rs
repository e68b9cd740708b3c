//! `GET /local/status`: the stack for scripts, and for `steward status`.

use std::sync::{Arc, Mutex, PoisonError};

use domain::measurement::{Line, Tally};
use serde::{Deserialize, Serialize};

use crate::{Stack, discord, queue::Depth};

/// What runs, and how it is doing.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    version: &'static str,
    #[serde(flatten)]
    discord: discord::Status,
    queues: Vec<Depth>,
    /// How many environments of each function were started, dead ones too.
    environments: Environments,
    /// What users saw, by command and version, since the stack started.
    saw: Vec<Line>,
}

/// How many environments of each function were started.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Environments {
    pub(crate) interactions: u64,
    pub(crate) jobs: u64,
}

impl Status {
    pub(crate) fn of(stack: &Stack) -> Result<Self, crate::Error> {
        Ok(Self {
            version: bot::VERSION,
            discord: stack.discord.status()?,
            queues: stack.queues.list()?,
            environments: Environments {
                interactions: stack.interactions.started(),
                jobs: stack.jobs.started(),
            },
            saw: stack.tallies.sum(),
        })
    }
}

/// What the users of each environment saw. Those of a dead one still count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tallies(Arc<Mutex<Vec<Arc<Tally>>>>);

impl Tallies {
    pub(crate) fn add(&self, tally: &Arc<Tally>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(tally));
    }

    pub(crate) fn sum(&self) -> Vec<Line> {
        let tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Tally::sum(tallies.iter().map(Arc::as_ref))
    }
}
