//! Fair queues: the order of messages of different groups.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use local_lambda::{EventSource, Function, Handler, InvocationContext, InvokeError};
use serde_json::{Value, value::RawValue};
use steward_local_sqs::{Attributes, Clock, Outgoing};
use tokio::sync::Semaphore;

use crate::time::{bodies, open, open_with_jobs};

fn of_group(body: &str, group: &str) -> Outgoing {
    Outgoing { group: Some(group.into()), ..Outgoing::new(body) }
}

#[tokio::test]
async fn a_noisy_group_waits_for_quiet_ones() {
    let (queues, _) = open_with_jobs();
    for n in 0..20 {
        queues.send("jobs", &of_group(&format!("noisy {n}"), "noisy")).unwrap();
    }
    assert_eq!(bodies(&queues, "jobs", 3).await, ["noisy 0", "noisy 1", "noisy 2"]);
    queues.send("jobs", &of_group("quiet 0", "quiet")).unwrap();
    queues.send("jobs", &of_group("quiet 1", "quiet")).unwrap();
    queues.send("jobs", &Outgoing::new("alone")).unwrap();

    let next = bodies(&queues, "jobs", 5).await;

    assert_eq!(next, ["quiet 0", "alone", "quiet 1", "noisy 3", "noisy 4"]);
}

#[tokio::test]
async fn a_group_is_quiet_again_when_its_messages_are_settled() {
    let (queues, _) = open_with_jobs();
    for n in 0..3 {
        queues.send("jobs", &of_group(&format!("a {n}"), "a")).unwrap();
    }
    queues.send("jobs", &of_group("b", "b")).unwrap();
    let first = queues.receive("jobs", 1, Duration::ZERO).await.unwrap().remove(0);
    queues.delete("jobs", &first.receipt_handle).unwrap();

    assert_eq!(bodies(&queues, "jobs", 3).await, ["a 1", "b", "a 2"]);
}

#[tokio::test]
async fn messages_of_one_moment_come_in_the_order_in_which_they_were_sent() {
    let (queues, _) = open_with_jobs();
    let sent: Vec<_> = (0..30).map(|n| n.to_string()).collect();
    for body in &sent {
        queues.send("jobs", &Outgoing::new(body)).unwrap();
    }

    let mut received = Vec::new();
    for _ in 0..3 {
        received.extend(bodies(&queues, "jobs", 10).await);
    }

    assert_eq!(received, sent);
}

const ENVIRONMENTS: usize = 4;
const BACKLOG: usize = 5_000;

/// A handler that records its events, and finishes a batch for each permit of `done`.
#[derive(Clone)]
struct RecordingHandler {
    given: Arc<Mutex<Vec<String>>>,
    done: Arc<Semaphore>,
}

impl Handler for RecordingHandler {
    async fn handle(&self, event: &RawValue, _: InvocationContext) -> Result<String, InvokeError> {
        let event: Value = serde_json::from_str(event.get()).map_err(|_| InvokeError::Event)?;
        let bodies = event["Records"].as_array().into_iter().flatten();
        let bodies = bodies.filter_map(|record| record["body"].as_str()).map(str::to_owned);
        self.given.lock().unwrap().extend(bodies);
        self.done.acquire().await.map_err(|_| InvokeError::Died)?.forget();
        Ok("{}".to_owned())
    }
}

impl RecordingHandler {
    async fn is_given(&self, count: usize) -> Vec<String> {
        for _ in 0..10_000 {
            let given = self.given.lock().unwrap().clone();
            if given.len() >= count {
                return given;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("only {} of {count} were handed out", self.given.lock().unwrap().len());
    }
}

/// Another guild's job waits for the noisy guild's jobs in progress (environments times batch size) and for no more.
/// AWS promises this approximately, this queue exactly.
#[tokio::test]
async fn five_thousand_jobs_of_one_guild_let_the_first_of_another_into_the_very_next_batch() {
    let (queues, _) = open();
    queues.create("jobs", &Attributes::default()).unwrap();
    for n in 0..BACKLOG {
        queues.send("jobs", &of_group(&format!("noisy {n}"), "noisy")).unwrap();
    }
    let handler = RecordingHandler { given: Arc::default(), done: Arc::new(Semaphore::new(0)) };
    let served = handler.clone();
    let init = move |_| Some(served.clone());
    let function = Function::new("jobs", Duration::from_secs(30), ENVIRONMENTS, Clock::default(), init);
    let source =
        EventSource { queues: queues.clone(), queue: "jobs", batch: 5, function, concurrency: ENVIRONMENTS };
    let polling = tokio::spawn(source.run());
    let in_work = ENVIRONMENTS * 5;
    handler.is_given(in_work).await;

    queues.send("jobs", &of_group("quiet", "quiet")).unwrap();
    handler.done.add_permits(1);
    let given = handler.is_given(in_work + 1).await;

    let before = given.iter().position(|body| body == "quiet");
    assert_eq!(before, Some(in_work), "{BACKLOG} are queued");
    polling.abort();
}
