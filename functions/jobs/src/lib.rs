//! SQS: a batch of jobs, or of watches, in; the ones that are to come back out.
#![warn(missing_docs)]

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use aws::telemetry;
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use bot::{
    Bot, Clock, Rest,
    config::{BadConfig, JobsConfig},
    long_half::{self, Performed},
    watch,
};
use domain::{
    Fault, GuildId, InteractionId, Queued, job,
    measurement::{Handled, Tally},
    mutant::{self, Mutant},
};
use futures_util::{FutureExt, future::join_all};
use jiff::{SignedDuration, Timestamp};

/// The function's timeout in template.yaml, for runtimes that do not tell the deadline.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(30);

/// The function, once per environment.
#[derive(Debug)]
pub struct Jobs {
    bot: Arc<Bot>,
    rest: Rest,
    timers_queue_url: String,
    tally: Arc<Tally>,
}

impl Jobs {
    /// Must be made within a Tokio runtime. See [`Bot::new`] for `seed`.
    ///
    /// # Errors
    /// [`BadConfig`] if an address in `config` is none.
    pub fn new(config: JobsConfig, clock: Clock, seed: u64) -> Result<Self, BadConfig> {
        let bot = Arc::new(Bot::new(config.common, clock, seed)?);
        let rest = bot.rest(config.discord_api_base);
        Ok(Self { bot, rest, timers_queue_url: config.timers_queue_url, tally: Arc::default() })
    }

    /// What the users of this environment saw.
    pub fn tally(&self) -> &Arc<Tally> {
        &self.tally
    }

    /// Does a batch of jobs, all at once and each on its own. `deadline` is when Lambda ends this
    /// invocation, in milliseconds of the Unix epoch.
    ///
    /// The response names the messages that the queue is to hand out again.
    pub async fn handle(&self, event: &SqsEvent, deadline: u64) -> SqsBatchResponse {
        let until = self.until(deadline);
        if mutant::is(Mutant::BatchFailsWhole) {
            return self.until_one_fails(event, until).boxed().await;
        }
        let done = join_all(event.records.iter().map(|message| self.record(message, until))).await;
        let failed = event.records.iter().zip(done).filter(|(_, done)| !done);
        let mut response = SqsBatchResponse::default();
        response.batch_item_failures = failed.map(|(message, _)| failure(message)).collect();
        response
    }

    /// The mistake that [`Mutant::BatchFailsWhole`] names: a `?` in the loop.
    async fn until_one_fails(&self, event: &SqsEvent, until: Timestamp) -> SqsBatchResponse {
        let mut response = SqsBatchResponse::default();
        for message in &event.records {
            if !self.record(message, until).await {
                response.batch_item_failures = event.records.iter().map(failure).collect();
                break;
            }
        }
        response
    }

    /// One message; true if the queue may forget it. Nothing that happens here touches the others.
    async fn record(&self, message: &SqsMessage, until: Timestamp) -> bool {
        let begun = self.bot.now();
        let receives = receives(message);
        let queued = match Queued::parse(message.body.as_deref().unwrap_or_default()) {
            Ok(queued) => queued,
            Err(poison) => {
                // Untouched, it climbs to the dead letters, where somebody can look at it.
                let id = message.message_id.as_deref();
                tracing::error!(id, receives, reason = %poison, "poison");
                return false;
            }
        };
        // In a box: a batch of bare futures is larger than a stack likes, and nested deeper than rustc does.
        let performed = AssertUnwindSafe(self.perform(&queued, receives, until).boxed());
        let performed = performed.catch_unwind().await.unwrap_or(PANICKED);
        let (interaction, guild, command) = about(&queued);
        if let (false, Some(after)) = (performed.done, performed.come_back) {
            self.come_back(message, interaction, after).await;
        }
        let handled = Handled {
            interaction: Some(interaction),
            guild,
            command: Some(command),
            autocomplete: false,
            outcome: performed.outcome,
            took_ms: u64::try_from(self.bot.now().duration_since(begun).as_millis()).unwrap_or_default(),
            cold: self.bot.is_cold(),
            version: self.bot.version(),
            receive: Some(receives),
        };
        telemetry::record(&handled);
        self.tally.count(&handled);
        performed.done
    }

    async fn perform(&self, queued: &Queued, receives: u32, until: Timestamp) -> Performed {
        match queued {
            Queued::Job(job) => {
                let timers = &self.timers_queue_url;
                long_half::perform(&self.bot, &self.rest, timers, job, receives, until).await
            }
            Queued::Watch(watched) => watch::keep(&self.bot, &self.rest, watched, receives, until).await,
        }
    }

    /// If the queue cannot be told, the message comes back at the queue's own pace.
    async fn come_back(&self, message: &SqsMessage, interaction: InteractionId, after: Duration) {
        let Some(handle) = message.receipt_handle.as_deref() else { return };
        let queue =
            if self.is_of_timers(message) { self.bot.queue(&self.timers_queue_url) } else { self.bot.jobs() };
        if let Err(Fault { place, code, .. }) = queue.come_back(handle, after).await {
            tracing::warn!(%interaction, place, code, "comes back later than it should");
        }
    }

    /// An ARN and a URL of the same queue end with its name.
    fn is_of_timers(&self, message: &SqsMessage) -> bool {
        let arn = message.event_source_arn.as_deref().unwrap_or_default();
        arn.rsplit(':').next() == self.timers_queue_url.rsplit('/').next()
    }

    /// `cargo lambda watch` gives a deadline that is none: then the function's timeout counts.
    fn until(&self, deadline: u64) -> Timestamp {
        let now = self.bot.now();
        let usual = now.checked_add(TIMEOUT).unwrap_or(now);
        let told = i64::try_from(deadline).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        told.filter(|told| *told > now && *told <= usual).unwrap_or(usual)
    }
}

const PANICKED: Performed = Performed { outcome: "panicked", done: false, come_back: None };

fn about(queued: &Queued) -> (InteractionId, Option<GuildId>, &str) {
    match queued {
        Queued::Job(job) => (job.interaction, job.guild, &job.command),
        Queued::Watch(watch) => (watch.interaction, watch.guild, &watch.command),
    }
}

fn receives(message: &SqsMessage) -> u32 {
    let count = message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok());
    // Without a count, tell the user rather than leave it to a receive that may not come.
    count.unwrap_or(job::MAX_RECEIVES)
}

fn failure(message: &SqsMessage) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = message.message_id.clone().unwrap_or_default();
    failure
}
