//! Deferred work: executes the messages of the two queues, jobs and watchdogs, and delivers the replies.
//!
//! [`domain::attempt`] decides the steps; the loop here executes them and reports the results. A job and
//! its watchdog share one claim: what one of them has told the user the other one reads there.

mod attempt;

use std::{sync::Arc, time::Duration};

use crate::{Registry, Rest, Services, calls::DeferredCalls, fault_log, probe, target};
use attempt::{Attempt, Message};
use aws::{Queue, telemetry};
use discord::{Envelope, envelope::Incoming};
use domain::{
    Delivery, InteractionId, Job, ProbeJob, Queued, Watchdog,
    attempt::{Action, Course, Disposition, Ended, Event, JobAttempt, Receive, WatchdogRun},
    deadline,
    job::{Target, Visibility},
    measurement::{Outcome, Step},
};

/// The consumer under whose name a job is claimed, by its own receives and by its watchdog.
pub(crate) const JOBS_CONSUMER: &str = "jobs";

/// How long a failed probe is repeated.
const PROBE_PERIOD: Duration = Duration::from_secs(60);
/// The pause between its repetitions.
const PROBE_PAUSE: Duration = Duration::from_secs(10);

/// Executes deferred jobs, their watchdogs, and probes. One per environment.
#[derive(Debug)]
pub struct Worker {
    calls: &'static DeferredCalls,
    services: Arc<Services>,
    rest: Rest,
    dead_letters_queue_url: String,
}

impl Worker {
    /// A worker for the commands of `R`, with Discord's API at `discord_api_base` and the dead-letter queue at
    /// `dead_letters_queue_url`. Builds no client yet.
    pub fn new<R: Registry>(
        services: Arc<Services>,
        discord_api_base: impl Into<String>,
        dead_letters_queue_url: String,
    ) -> Self {
        let rest = services.rest(discord_api_base);
        Self { calls: const { &DeferredCalls::of::<R>() }, services, rest, dead_letters_queue_url }
    }

    /// The services of this worker.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// The dead-letter queue.
    pub fn dead_letters(&self) -> Queue {
        self.services.queue(&self.dead_letters_queue_url)
    }

    /// Executes a queue message.
    pub async fn perform(&self, queued: &Queued, delivery: &Delivery<'_>) -> Ended {
        match queued {
            Queued::Job(job) => self.do_job(job, delivery).await,
            Queued::Watchdog(watchdog) => self.run_watchdog(watchdog, delivery).await,
            Queued::Probe(probe) => self.probe(probe, delivery).await,
        }
    }

    /// A probe that fails is repeated for a minute.
    async fn probe(&self, probe: &ProbeJob, delivery: &Delivery<'_>) -> Ended {
        let Err(fault) = probe::jobs(&self.services, &self.rest, probe).await else {
            return Ended { outcome: Outcome::Probed, message: Disposition::Delete };
        };
        fault_log::log(probe.interaction, &fault);
        let is_old = self.services.now() > deadline::later(delivery.sent, PROBE_PERIOD);
        let message = if is_old { Disposition::Delete } else { Disposition::RetryAfter(PROBE_PAUSE) };
        Ended { outcome: Outcome::ReceiveFailed, message }
    }

    async fn do_job(&self, job: &Job, delivery: &Delivery<'_>) -> Ended {
        let envelope = match Incoming::parse(job.body.get()) {
            Ok(Incoming::Interaction(envelope)) => Some(envelope),
            _ => None,
        };
        let target = job_target(self.calls, job, envelope.as_ref());
        let receive = Receive {
            is_known: (self.calls.find)(&job.command).is_some(),
            ..self.receive(job.interaction, target, delivery)
        };
        let attempt = Attempt::new(self, Message::Job { job, envelope }, receive, delivery);
        self.obey(JobAttempt::new(receive), attempt).await
    }

    async fn run_watchdog(&self, watchdog: &Watchdog, delivery: &Delivery<'_>) -> Ended {
        telemetry::step(Step::Watched, watchdog.interaction, Some(delivery.receives));
        let seen = Visibility::Ephemeral;
        let target = if watchdog.beside { Target::InPlace(seen) } else { Target::New(seen) };
        let receive = self.receive(watchdog.interaction, target, delivery);
        let attempt = Attempt::new(self, Message::Watchdog(watchdog), receive, delivery);
        self.obey(WatchdogRun::new(receive), attempt).await
    }

    fn receive(&self, interaction: InteractionId, target: Target, delivery: &Delivery<'_>) -> Receive {
        Receive {
            interaction,
            count: delivery.receives,
            ends: delivery.ends,
            target,
            is_known: true,
            is_redriven: delivery.is_redriven,
            jitter: self.services.per_mille(),
        }
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
