//! Deferred work: executes the messages of the two queues, jobs and watchdogs, and delivers the replies.
//!
//! [`domain::attempt`] decides the steps; the loop here executes them and reports the results. A job and
//! its watchdog hold separate claims.

mod attempt;

use std::sync::Arc;

use aws::telemetry;
use discord::{Envelope, envelope::Incoming};
use domain::{
    Job, Queued, Watchdog,
    attempt::{Action, Course, Ended, Event, JobAttempt, Receive, WatchdogRun},
    job::{Target, Visibility},
    measurement::Step,
};
use jiff::Timestamp;

use crate::{Registry, Rest, Services, calls::DeferredCalls, target};
use attempt::{Attempt, Message};

/// The claim under which a job is done.
const JOB_CLAIM: &str = "jobs";
/// The claim of the job's watchdog. A job that has notified the user of its failure completes this one too.
const WATCHDOG_CLAIM: &str = "watch";

/// Executes deferred jobs and their watchdogs. One per environment.
#[derive(Debug)]
pub struct Worker {
    calls: &'static DeferredCalls,
    services: Arc<Services>,
    rest: Rest,
    timers_queue_url: String,
}

impl Worker {
    /// A worker for the commands of `R`, with Discord's API at `discord_api_base` and the queue for watchdog messages at
    /// `timers_queue_url`. Builds no client yet.
    pub fn new<R: Registry>(
        services: Arc<Services>,
        discord_api_base: impl Into<String>,
        timers_queue_url: String,
    ) -> Self {
        let rest = services.rest(discord_api_base);
        Self { calls: const { &DeferredCalls::of::<R>() }, services, rest, timers_queue_url }
    }

    /// The services of this worker.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Executes a queue message. `receives` is its SQS receive count, from 1; `ends` is when the invocation
    /// times out.
    pub async fn perform(&self, queued: &Queued, receives: u32, ends: Timestamp) -> Ended {
        match queued {
            Queued::Job(job) => self.do_job(job, receives, ends).await,
            Queued::Watchdog(watchdog) => self.run_watchdog(watchdog, receives, ends).await,
        }
    }

    async fn do_job(&self, job: &Job, count: u32, ends: Timestamp) -> Ended {
        let envelope = match Incoming::parse(job.body.get()) {
            Ok(Incoming::Interaction(envelope)) => Some(envelope),
            _ => None,
        };
        let target = job_target(self.calls, job, envelope.as_ref());
        let receive = Receive { interaction: job.interaction, count, ends, target };
        let attempt = Attempt::new(self, Message::Job { job, envelope }, receive);
        self.obey(JobAttempt::new(receive), attempt).await
    }

    async fn run_watchdog(&self, watchdog: &Watchdog, count: u32, ends: Timestamp) -> Ended {
        telemetry::step(Step::Watched, watchdog.interaction, Some(count));
        let seen = Visibility::Ephemeral;
        let target = if watchdog.beside { Target::InPlace(seen) } else { Target::New(seen) };
        let receive = Receive { interaction: watchdog.interaction, count, ends, target };
        let attempt = Attempt::new(self, Message::Watchdog(watchdog), receive);
        self.obey(WatchdogRun::new(receive), attempt).await
    }

    /// Executes the actions of a course until it ends.
    async fn obey(&self, mut course: impl Course, mut attempt: Attempt<'_>) -> Ended {
        let mut event = Event::Received;
        loop {
            let (next, action) = course.next(event, self.services.now());
            course = next;
            match action {
                Action::End(ended) => return ended,
                action => event = attempt.perform(action).await,
            }
        }
    }
}

/// For a command that this version does not know there can only be an error message, for the user alone.
fn job_target(calls: &DeferredCalls, job: &Job, envelope: Option<&Envelope<'_>>) -> Target {
    match ((calls.find)(&job.command), envelope) {
        (Some(entry), Some(envelope)) => target::reply_target(entry, job.act, envelope),
        _ => Target::New(Visibility::Ephemeral),
    }
}
