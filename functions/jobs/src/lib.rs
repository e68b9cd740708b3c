//! SQS: a batch of deferred jobs, or of their watchdogs, in; the ones that are to come back out.
#![warn(missing_docs)]

use std::{sync::Arc, time::Duration};

use aws::Queue;
use bot::{Bot, config::JobsConfig, deferred::Worker};
use domain::{Clock, Queued, attempt::Ended, config::BadConfig, job::NotAJob, measurement::Tally};
use jiff::Timestamp;
use runtime::{
    Function, Invocation,
    sqs::{self, About, Consumer, SqsBatchResponse, SqsEvent},
};

/// The function, once per environment.
#[derive(Debug)]
pub struct Jobs {
    worker: Worker,
    timers_queue_url: String,
    tally: Arc<Tally>,
}

impl Jobs {
    fn bot(&self) -> &Bot {
        self.worker.bot()
    }
}

impl Function for Jobs {
    const NAME: &'static str = "jobs";
    const TIMEOUT: Duration = Duration::from_secs(30);
    type Config = JobsConfig;
    type Event<'a> = SqsEvent;
    type Response = SqsBatchResponse;

    fn new(config: JobsConfig, clock: Clock, seed: u64) -> Result<Self, BadConfig> {
        let timers_queue_url = config.timers_queue_url.clone();
        Ok(Self { worker: Worker::new(config, clock, seed)?, timers_queue_url, tally: Arc::default() })
    }

    async fn handle(&self, event: Self::Event<'_>, invocation: &Invocation) -> SqsBatchResponse {
        sqs::batch(self, &event, invocation).await
    }

    fn tally(&self) -> &Arc<Tally> {
        &self.tally
    }
}

impl Consumer for Jobs {
    type Message = Queued;

    fn parse(&self, body: &str) -> Result<Queued, NotAJob> {
        Queued::parse(body)
    }

    fn about<'a>(&self, message: &'a Queued) -> About<'a> {
        match message {
            Queued::Job(job) => {
                About { interaction: job.interaction, guild: job.guild, command: &job.command }
            }
            Queued::Watch(watch) => {
                About { interaction: watch.interaction, guild: watch.guild, command: &watch.command }
            }
        }
    }

    async fn perform(&self, message: &Queued, receives: u32, ends: Timestamp) -> Ended {
        self.worker.perform(message, receives, ends).await
    }

    fn queue(&self, name: &str) -> Option<Queue> {
        let timers = self.timers_queue_url.rsplit('/').next();
        Some(if timers == Some(name) { self.bot().queue(&self.timers_queue_url) } else { self.bot().jobs() })
    }

    fn now(&self) -> Timestamp {
        self.bot().now()
    }

    fn version(&self) -> &str {
        self.bot().version()
    }
}
