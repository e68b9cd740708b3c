//! Timeouts, delays and retention, by advancing the clock instead of sleeping.

use std::time::Duration;

use steward_local_sqs::{Attributes, Clock, Outgoing, Queues, RedrivePolicy};

pub fn open() -> (Queues, Clock) {
    let clock = Clock::default();
    (Queues::open(None, clock.clone()).unwrap(), clock)
}

/// A queue `jobs` with default attributes.
pub fn open_with_jobs() -> (Queues, Clock) {
    let (queues, clock) = open();
    queues.create("jobs", &Attributes::default()).unwrap();
    (queues, clock)
}

/// A queue `jobs` with this maximum receive count, and its dead-letter queue `dead`.
pub fn open_with_dead_letters(max_receive_count: u32) -> (Queues, Clock) {
    let (queues, clock) = open();
    queues.create("dead", &Attributes::default()).unwrap();
    queues.create("jobs", &dead_letters_after(max_receive_count)).unwrap();
    (queues, clock)
}

pub fn dead_letters_after(max_receive_count: u32) -> Attributes {
    let policy = RedrivePolicy { dead_letter_queue: "dead".into(), max_receive_count };
    Attributes { redrive_policy: Some(policy), ..Attributes::default() }
}

/// The bodies of the messages that are visible now.
pub async fn bodies(queues: &Queues, queue: &str, max: u32) -> Vec<String> {
    let received = queues.receive(queue, max, Duration::ZERO).await.unwrap();
    received.into_iter().map(|message| message.stored.body).collect()
}

pub fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test]
async fn a_queue_delays_its_messages_and_a_message_may_say_otherwise() {
    let (queues, clock) = open();
    queues.create("jobs", &Attributes { delay: 900, ..Attributes::default() }).unwrap();
    queues.send("jobs", &Outgoing::new("queue's")).unwrap();
    queues.send("jobs", &Outgoing { delay: Some(10), ..Outgoing::new("own") }).unwrap();
    queues.send("jobs", &Outgoing { delay: Some(0), ..Outgoing::new("none") }).unwrap();

    assert_eq!(bodies(&queues, "jobs", 10).await, ["none"]);
    clock.advance(seconds(10));
    assert_eq!(bodies(&queues, "jobs", 10).await, ["own"]);
    clock.advance(seconds(890));
    assert!(bodies(&queues, "jobs", 10).await.contains(&"queue's".to_owned()));
}

#[tokio::test]
async fn visibility_ends_to_the_second_and_can_be_prolonged_to_twelve_hours() {
    let (queues, clock) = open_with_jobs();
    queues.send("jobs", &Outgoing::new("a")).unwrap();
    let message = queues.receive("jobs", 1, Duration::ZERO).await.unwrap().remove(0);
    queues.change_visibility("jobs", &message.receipt_handle, 43_200).unwrap();

    clock.advance(seconds(43_190));
    assert!(bodies(&queues, "jobs", 1).await.is_empty());
    clock.advance(seconds(10));
    assert_eq!(bodies(&queues, "jobs", 1).await, ["a"]);
}

#[tokio::test]
async fn a_message_vanishes_at_the_end_of_retention_even_in_flight() {
    let (queues, clock) = open();
    queues.create("jobs", &Attributes { retention: 60, ..Attributes::default() }).unwrap();
    queues.send("jobs", &Outgoing::new("visible")).unwrap();
    queues.send("jobs", &Outgoing::new("in flight")).unwrap();
    bodies(&queues, "jobs", 1).await;

    clock.advance(seconds(55));
    assert_eq!(queues.peek("jobs", 10).unwrap().len(), 2);
    clock.advance(seconds(5));
    assert_eq!(queues.peek("jobs", 10).unwrap().len(), 0);
    assert!(bodies(&queues, "jobs", 10).await.is_empty());
}
