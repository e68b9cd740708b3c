//! SQS batches of deferred jobs and their watchdog messages, with partial batch responses.
#![warn(missing_docs)]

use std::{marker::PhantomData, sync::Arc, time::Duration};

use aws::Queue;
use commands::Commands;
use discord::config::ApiBase;
use domain::{
    Clock, Delivery, Queued,
    attempt::Ended,
    config::{ConfigError, Configuration, Variables},
    job::MessageError,
    measurement::OutcomeCounters,
};
use engine::{Registry, Services, deferred::Worker};
use jiff::Timestamp;
use runtime::{
    Function, Invocation,
    sqs::{self, Consumer, LogFields, SqsBatchResponse, SqsEvent},
};

const DEAD_LETTERS_QUEUE_URL: &str = "DEAD_LETTERS_QUEUE_URL";

/// The configuration from environment variables.
#[derive(Clone, Debug)]
pub struct Config {
    /// The configuration of every function that runs commands.
    pub common: engine::config::Config,
    /// The base URL of Discord's REST API.
    pub api_base: ApiBase,
    /// The URL of the dead-letter queue.
    pub dead_letters_queue_url: String,
}

impl Configuration for Config {
    fn variables() -> Vec<&'static str> {
        let common = engine::config::Config::variables();
        [common, ApiBase::variables(), vec![DEAD_LETTERS_QUEUE_URL]].concat()
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        Ok(Self {
            common: engine::config::Config::from_variables(variables)?,
            api_base: ApiBase::from_variables(variables)?,
            dead_letters_queue_url: variables.needed(DEAD_LETTERS_QUEUE_URL)?,
        })
    }
}

/// The jobs function, with the commands of a registry.
#[derive(Debug)]
pub struct Jobs<R = Commands> {
    worker: Worker,
    registry: PhantomData<R>,
    counters: Arc<OutcomeCounters>,
}

impl<R: Registry> Jobs<R> {
    fn services(&self) -> &Services {
        self.worker.services()
    }
}

impl<R: Registry> Function for Jobs<R> {
    const NAME: &'static str = "jobs";
    const TIMEOUT: Duration = Duration::from_secs(30);
    type Config = Config;
    type Event<'a> = SqsEvent;
    type Response = SqsBatchResponse;

    fn new(config: Config, clock: Clock, seed: u64) -> Result<Self, ConfigError> {
        let Config { common, api_base, dead_letters_queue_url } = config;
        let common = engine::config::Config { aws: common.aws.in_background(), ..common };
        let services = Arc::new(Services::new(common, clock, seed));
        let worker = Worker::new::<R>(services, api_base.0, dead_letters_queue_url);
        Ok(Self { worker, counters: Arc::default(), registry: PhantomData })
    }

    async fn handle(&self, event: Self::Event<'_>, invocation: &Invocation) -> SqsBatchResponse {
        sqs::batch(self, &event, invocation).await
    }

    fn counters(&self) -> &Arc<OutcomeCounters> {
        &self.counters
    }
}

impl<R: Registry> Consumer for Jobs<R> {
    type Message = Queued;

    fn parse(&self, body: &str) -> Result<Queued, MessageError> {
        Queued::parse(body)
    }

    fn log_fields<'a>(&self, message: &'a Queued) -> LogFields<'a> {
        match message {
            Queued::Job(job) => LogFields {
                interaction: job.interaction,
                guild: job.guild,
                command: &job.command,
                is_watchdog: false,
            },
            Queued::Watchdog(watchdog) => LogFields {
                interaction: watchdog.interaction,
                guild: watchdog.guild,
                command: &watchdog.command,
                is_watchdog: true,
            },
            Queued::Probe(probe) => LogFields {
                interaction: probe.interaction,
                guild: None,
                command: "(probe)",
                is_watchdog: false,
            },
        }
    }

    async fn perform(&self, message: &Queued, delivery: &Delivery<'_>) -> Ended {
        self.worker.perform(message, delivery).await
    }

    fn queue(&self, name: &str) -> Option<Queue> {
        self.services().queue_named(name)
    }

    fn dead_letters(&self) -> Option<Queue> {
        Some(self.worker.dead_letters())
    }

    fn now(&self) -> Timestamp {
        self.services().now()
    }

    fn version(&self) -> &str {
        self.services().version()
    }
}
