//! The event source mapping of a queue, with faults: duplicate, late and reordered messages.

use std::{sync::Arc, time::Duration};

use domain::dead_letter::interaction_of;
use local_sqs::{Message, Outgoing, Queues};
use serde_json::{Value, json};
use steward::settings::{JOBS, JOBS_DEAD, JOBS_VISIBILITY_SECONDS, TIMERS_VISIBILITY_SECONDS};
use tests::defects::{self, Defect};
use tokio::sync::Semaphore;

use crate::{
    environments::{Environments, Invocation, ScheduledKill},
    fault_plan::FaultPlan,
    faults::Fault,
    history::Id,
    late_effects,
    rng::Rng,
    wire_defects,
};

/// The event source mapping of a queue and the jobs function.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) plan: Arc<FaultPlan>,
    pub(crate) queues: Queues,
    pub(crate) queue: &'static str,
    /// The kind of its messages, `job` or `watch`.
    pub(crate) kind: &'static str,
    pub(crate) batch: u32,
    /// From this receive on, no faults are injected into a message.
    pub(crate) no_faults_from: u32,
    pub(crate) function: Environments,
}

impl Source {
    pub(crate) async fn run(self) {
        let permits = Arc::new(Semaphore::new(6));
        for poll in 0.. {
            // Lambda polls at irregular times and waits for batches to fill.
            let window = self.plan.rng.derive(self.queue, poll).below(2_000);
            tokio::time::sleep(Duration::from_millis(window)).await;
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
            let received = self.queues.receive(self.queue, self.batch, Duration::from_secs(20)).await;
            let batch = received.unwrap_or_default();
            let source = self.clone();
            tokio::spawn(async move {
                source.deliver_all(batch).await;
                drop(permit);
            });
        }
    }

    /// Delivers each job that is always killed in its own batch, so that killing it does not affect others; the rest together.
    async fn deliver_all(&self, batch: Vec<Message>) {
        let (killed, others): (Vec<_>, Vec<_>) =
            batch.into_iter().partition(|message| self.is_always_killed(message));
        let alone = killed.into_iter().map(|message| vec![message]);
        let groups = alone.chain(std::iter::once(others)).filter(|group| !group.is_empty());
        let delivered = groups.map(|group| {
            let source = self.clone();
            tokio::spawn(async move { source.deliver(group).await })
        });
        for delivered in delivered.collect::<Vec<_>>() {
            let _ = delivered.await;
        }
    }

    fn is_always_killed(&self, message: &Message) -> bool {
        let id = id_of(message);
        self.kind == "job" && self.plan.is_always_killed(id) && !late_effects::is_sent_again(id)
    }

    async fn deliver(&self, mut batch: Vec<Message>) {
        let ids: Vec<Id> = batch.iter().map(id_of).collect();
        let receive = batch.iter().map(|message| message.stored.receive_count).max().unwrap_or_default();
        for message in &batch {
            let text = format!("{} received, {}", self.kind, message.stored.receive_count);
            self.plan.history.record(&[id_of(message)], &text);
            if self.kind == "job" {
                self.plan.history.record_receive(id_of(message), message.stored.receive_count);
            }
        }
        let rng = self.plan.rng_of(ids[0]).derive(self.kind, receive.into());
        if !self.passes_throttling(&ids, rng).await {
            return;
        }
        batch.sort_by_key(|message| {
            self.plan.rng_of(id_of(message)).derive("order", receive.into()).to_seed()
        });
        if self.hits(&ids, receive, Fault::Delay) {
            tokio::time::sleep(Duration::from_secs(1 + rng.derive("delay", 0).below(30))).await;
        }
        if self.hits(&ids, receive, Fault::Duplicate) {
            let (source, batch) = (self.clone(), batch.clone());
            let later = Duration::from_millis(rng.derive("duplicate", 0).below(3_000));
            tokio::spawn(async move {
                tokio::time::sleep(later).await;
                source.invoke(&batch, receive).await;
            });
        }
        self.invoke(&batch, receive).await;
    }

    /// While Lambda throttles the function, its poller tries again with pauses until the messages have become visible
    /// again. True if the function can be invoked before that.
    /// Source: AWS, "Understanding Lambda function scaling" and "Using Lambda with Amazon SQS".
    async fn passes_throttling(&self, ids: &[Id], rng: Rng) -> bool {
        let visibility = if self.queue == JOBS { JOBS_VISIBILITY_SECONDS } else { TIMERS_VISIBILITY_SECONDS };
        let visibility = Duration::from_secs(visibility.into());
        let received = tokio::time::Instant::now();
        for attempt in 0.. {
            if !self.plan.outages.is_throttled() || received.elapsed() >= visibility {
                break;
            }
            self.plan.history.record_fault(ids, self.kind, Fault::LambdaThrottled);
            let pause = 5 + rng.derive("throttled", attempt).below(15);
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
        received.elapsed() < visibility
    }

    async fn invoke(&self, batch: &[Message], receive: u32) {
        let ids: Vec<Id> = batch.iter().map(id_of).collect();
        let mut invocation = Invocation::new(self.kind, ids.clone(), receive);
        invocation.is_without_faults = receive >= self.no_faults_from;
        if self.is_always_killed(&batch[0]) {
            let at_call = u32::try_from(self.plan.rng_of(ids[0]).derive("dies", receive.into()).below(2))
                .unwrap_or_default();
            invocation.scheduled_kill = Some(ScheduledKill { at_call, ..ScheduledKill::default() });
        }
        let records: Vec<Value> = batch.iter().map(Message::record).collect();
        let answer = self.function.invoke(json!({ "Records": records }).to_string(), invocation).await;
        let Ok(answer) = answer else { return };
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let failed = answer["batchItemFailures"].as_array().cloned().unwrap_or_default();
        let all_are_retried = defects::is(Defect::BatchFailsWhole) && !failed.is_empty();
        let is_retried = |message: &Message| {
            all_are_retried
                || failed
                    .iter()
                    .any(|failure| failure["itemIdentifier"] == message.stored.message_id.as_str())
        };
        let is_given_up =
            defects::is(Defect::GivesUpEarly) && self.kind == "job" && receive >= wire_defects::EARLY_END;
        for message in batch.iter().filter(|message| is_given_up && is_retried(message)) {
            let _ = self.queues.send(JOBS_DEAD, &Outgoing::new(message.stored.body.clone()));
            let _ = self.queues.delete(self.queue, &message.receipt_handle);
        }
        for message in batch.iter().filter(|message| !is_retried(message)) {
            if !self.hits(&[id_of(message)], receive, Fault::DeleteLost) {
                let _ = self.queues.delete(self.queue, &message.receipt_handle);
            }
        }
    }

    fn hits(&self, ids: &[Id], receive: u32, fault: Fault) -> bool {
        let hits = receive < self.no_faults_from && self.plan.hits_message(ids[0], receive, fault);
        if hits {
            self.plan.history.record_fault(ids, self.kind, fault);
        }
        hits
    }
}

/// The interaction of a message; 0 if it cannot be parsed.
fn id_of(message: &Message) -> Id {
    interaction_of(&message.stored.body).map_or(0, |id| id.get())
}
