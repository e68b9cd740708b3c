//! The event source mapping of a queue, with faults: duplicate, late and reordered messages.

use std::{sync::Arc, time::Duration};

use domain::dead_letter::interaction_of;
use local_sqs::{Message, Queues};
use serde_json::{Value, json};
use tests::defects::{self, Defect};
use tokio::sync::Semaphore;

use crate::{
    fate::Fate,
    faults::Fault,
    fleet::{Doom, Fleet, Invocation},
    story::Id,
};

/// The event source mapping of a queue and the jobs function.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) fate: Arc<Fate>,
    pub(crate) queues: Queues,
    pub(crate) queue: &'static str,
    /// The kind of its messages, `job` or `watch`.
    pub(crate) kind: &'static str,
    pub(crate) batch: u32,
    /// From this receive on, no faults are injected into a message.
    pub(crate) spares_from: u32,
    pub(crate) function: Fleet,
}

impl Source {
    pub(crate) async fn run(self) {
        let places = Arc::new(Semaphore::new(6));
        for look in 0.. {
            // Lambda polls at irregular times and waits for batches to fill.
            let window = self.fate.dice.of(self.queue, look).below(2_000);
            tokio::time::sleep(Duration::from_millis(window)).await;
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let received = self.queues.receive(self.queue, self.batch, Duration::from_secs(20)).await;
            let batch = received.unwrap_or_default();
            let source = self.clone();
            tokio::spawn(async move {
                source.deliver_all(batch).await;
                drop(place);
            });
        }
    }

    /// Delivers each doomed job in its own batch, so that killing it does not affect others; the rest together.
    async fn deliver_all(&self, batch: Vec<Message>) {
        let (doomed, others): (Vec<_>, Vec<_>) =
            batch.into_iter().partition(|message| self.is_doomed(message));
        let alone = doomed.into_iter().map(|message| vec![message]);
        let groups = alone.chain(std::iter::once(others)).filter(|group| !group.is_empty());
        let delivered = groups.map(|group| {
            let source = self.clone();
            tokio::spawn(async move { source.deliver(group).await })
        });
        for delivered in delivered.collect::<Vec<_>>() {
            let _ = delivered.await;
        }
    }

    fn is_doomed(&self, message: &Message) -> bool {
        self.kind == "job" && self.fate.is_doomed(id_of(message))
    }

    async fn deliver(&self, mut batch: Vec<Message>) {
        let whom: Vec<Id> = batch.iter().map(id_of).collect();
        let receive = batch.iter().map(|message| message.stored.receive_count).max().unwrap_or_default();
        for message in &batch {
            let text = format!("{} received, {}", self.kind, message.stored.receive_count);
            self.fate.stories.tell(&[id_of(message)], &text);
            if self.kind == "job" {
                self.fate.stories.received(id_of(message), message.stored.receive_count);
            }
        }
        let dice = self.fate.of(whom[0]).of(self.kind, receive.into());
        batch.sort_by_key(|message| self.fate.of(id_of(message)).of("order", receive.into()).number());
        if self.strikes(&whom, receive, Fault::Delay) {
            tokio::time::sleep(Duration::from_secs(1 + dice.of("delay", 0).below(30))).await;
        }
        if self.strikes(&whom, receive, Fault::Duplicate) {
            let (source, batch) = (self.clone(), batch.clone());
            let later = Duration::from_millis(dice.of("duplicate", 0).below(3_000));
            tokio::spawn(async move {
                tokio::time::sleep(later).await;
                source.hand_over(&batch, receive).await;
            });
        }
        self.hand_over(&batch, receive).await;
    }

    async fn hand_over(&self, batch: &[Message], receive: u32) {
        let whom: Vec<Id> = batch.iter().map(id_of).collect();
        let mut invocation = Invocation::new(self.kind, whom.clone(), receive);
        invocation.is_spared = receive >= self.spares_from;
        if self.is_doomed(&batch[0]) {
            let at =
                u32::try_from(self.fate.of(whom[0]).of("dies", receive.into()).below(2)).unwrap_or_default();
            invocation.doom = Some(Doom { at, ..Doom::default() });
        }
        let records: Vec<Value> = batch.iter().map(Message::record).collect();
        let answer = self.function.invoke(json!({ "Records": records }).to_string(), invocation).await;
        let Ok(answer) = answer else { return };
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let failed = answer["batchItemFailures"].as_array().cloned().unwrap_or_default();
        let all_come_back = defects::is(Defect::BatchFailsWhole) && !failed.is_empty();
        let has_failed = |message: &Message| {
            all_come_back
                || failed
                    .iter()
                    .any(|failure| failure["itemIdentifier"] == message.stored.message_id.as_str())
        };
        for message in batch.iter().filter(|message| !has_failed(message)) {
            if !self.strikes(&[id_of(message)], receive, Fault::DeleteLost) {
                let _ = self.queues.delete(self.queue, &message.receipt_handle);
            }
        }
    }

    fn strikes(&self, whom: &[Id], receive: u32, fault: Fault) -> bool {
        let strikes = receive < self.spares_from && self.fate.of_message(whom[0], receive, fault);
        if strikes {
            self.fate.stories.strike(whom, self.kind, fault);
        }
        strikes
    }
}

/// The interaction of a message; 0 if it cannot be parsed.
fn id_of(message: &Message) -> Id {
    interaction_of(&message.stored.body).map_or(0, |id| id.get())
}
