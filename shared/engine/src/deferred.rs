//! Deferred work: what the interactions function handed to the queue is done, and its reply delivered.
//!
//! [`domain::attempt`] decides; the loop here does what it says and reports what came of it. A receive of a
//! job and a run of its watchdog are two courses under two names of a claim.

mod attempt;

use std::{marker::PhantomData, sync::Arc};

use aws::telemetry;
use discord::{Envelope, envelope::Incoming};
use domain::{
    Job, Queued, Watch,
    attempt::{Action, Course, Ended, Event, JobAttempt, Receive, WatchdogRun},
    job::{Target, Visibility},
    measurement::Step,
};
use jiff::Timestamp;

use crate::{Bot, Registry, Rest, target};
use attempt::{Attempt, Message};

/// The name under which a job's work is claimed, ...
const JOB_CLAIM: &str = "jobs";
/// ... and that of its watchdog. A job that has told its user for good completes it too.
const WATCHDOG_CLAIM: &str = "watch";

/// Does deferred jobs and runs their watchdogs, once per environment.
#[derive(Debug)]
pub struct Worker<R> {
    bot: Arc<Bot>,
    rest: Rest,
    timers_queue_url: String,
    registry: PhantomData<R>,
}

impl<R: Registry> Worker<R> {
    /// The worker of this bot, with Discord's API and the queue of watchdogs at these addresses. Builds no
    /// client yet.
    pub fn new(bot: Arc<Bot>, discord_api_base: impl Into<String>, timers_queue_url: String) -> Self {
        let rest = bot.rest(discord_api_base);
        Self { bot, rest, timers_queue_url, registry: PhantomData }
    }

    /// The bot whose work it is.
    pub fn bot(&self) -> &Bot {
        &self.bot
    }

    /// Does what a queue message asks for. `receives` counts how often the queue has handed it out, this
    /// time included; `ends` is when this invocation ends.
    pub async fn perform(&self, queued: &Queued, receives: u32, ends: Timestamp) -> Ended {
        match queued {
            Queued::Job(job) => self.do_job(job, receives, ends).await,
            Queued::Watch(watch) => self.run_watchdog(watch, receives, ends).await,
        }
    }

    async fn do_job(&self, job: &Job, count: u32, ends: Timestamp) -> Ended {
        let envelope = match Incoming::parse(job.body.get()) {
            Ok(Incoming::Interaction(envelope)) => Some(envelope),
            _ => None,
        };
        let target = job_target::<R>(job, envelope.as_ref());
        let receive = Receive { interaction: job.interaction, count, ends, target };
        let attempt = Attempt::new(self, Message::Job { job, envelope }, receive);
        self.obey(JobAttempt::new(receive), attempt).await
    }

    async fn run_watchdog(&self, watch: &Watch, count: u32, ends: Timestamp) -> Ended {
        telemetry::step(Step::Watched, watch.interaction, Some(count));
        let seen = Visibility::Private;
        let target = if watch.beside { Target::InPlace(seen) } else { Target::New(seen) };
        let receive = Receive { interaction: watch.interaction, count, ends, target };
        let attempt = Attempt::new(self, Message::Watchdog(watch), receive);
        self.obey(WatchdogRun::new(receive), attempt).await
    }

    /// The one loop: does what the course of the receive says, until it says that this is the end.
    async fn obey(&self, mut course: impl Course, mut attempt: Attempt<'_, R>) -> Ended {
        let mut event = Event::Received;
        loop {
            let (next, action) = course.next(event, self.bot.now());
            course = next;
            match action {
                Action::End(ended) => return ended,
                action => event = attempt.perform(action).await,
            }
        }
    }
}

/// A command that this version does not know has no reply to show, and its error message is for the user.
fn job_target<R: Registry>(job: &Job, envelope: Option<&Envelope<'_>>) -> Target {
    match (R::find(&job.command), envelope) {
        (Some(entry), Some(envelope)) => target::of(entry, job.act, envelope),
        _ => Target::New(Visibility::Private),
    }
}
