//! Says whether the tables answer, and how many flags are set. A schedule may invoke it.
#![warn(missing_docs)]

use std::{sync::Arc, time::Duration};

use aws::Aws;
use domain::{Clock, Flags, config::ConfigError, measurement::OutcomeCounters};
use runtime::{Function, Invocation};
use serde::{Deserialize, Serialize};

/// The function, once per environment.
#[derive(Debug)]
pub struct Pulse {
    aws: Aws,
    clock: Clock,
    counters: Arc<OutcomeCounters>,
}

/// What invokes it says nothing.
#[derive(Debug, Deserialize)]
pub struct Tick {}

/// How it found the tables.
#[derive(Debug, Serialize)]
pub struct Beat {
    /// How many commands have a flag; `None` if the table does not answer.
    flags: Option<usize>,
}

impl Function for Pulse {
    const NAME: &'static str = "pulse";
    const TIMEOUT: Duration = Duration::from_secs(10);
    type Config = aws::Config;
    type Event<'a> = Tick;
    type Response = Beat;

    fn new(config: aws::Config, clock: Clock, _: u64) -> Result<Self, ConfigError> {
        Ok(Self { aws: Aws::new(config), clock, counters: Arc::default() })
    }

    async fn handle(&self, _: Self::Event<'_>, _: &Invocation) -> Beat {
        let flags = self.aws.store::<Flags>().load((), self.clock.now()).await;
        Beat { flags: flags.ok().map(|flags| flags.iter().count()) }
    }

    fn counters(&self) -> &Arc<OutcomeCounters> {
        &self.counters
    }
}
