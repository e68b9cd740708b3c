//! Long polling: what ends the wait of a receiver, and what does not.

use std::time::{Duration, Instant};

use steward_local_sqs::{Outgoing, Queues};

use crate::time::{bodies, open_with_dead_letters, open_with_jobs, seconds};

/// Starts a waiting receiver, and then runs `wake`.
async fn woken(queues: &Queues, wake: impl FnOnce()) -> Vec<String> {
    let start = Instant::now();
    let (received, ()) = tokio::join!(queues.receive("jobs", 10, seconds(20)), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        wake();
    });
    assert!(start.elapsed() < seconds(5), "it woke by itself, not by what happened");
    received.unwrap().into_iter().map(|message| message.stored.body).collect()
}

#[tokio::test]
async fn a_waiting_receiver_is_woken_by_a_send() {
    let (queues, _) = open_with_jobs();

    let received = woken(&queues, || {
        queues.send("jobs", &Outgoing::new("a")).unwrap();
    });

    assert_eq!(received.await, ["a"]);
}

#[tokio::test]
async fn a_waiting_receiver_is_woken_when_a_message_is_given_back() {
    let (queues, _) = open_with_jobs();
    queues.send("jobs", &Outgoing::new("a")).unwrap();
    let taken = queues.receive("jobs", 1, Duration::ZERO).await.unwrap().remove(0);

    let received = woken(&queues, || {
        queues.change_visibility("jobs", &taken.receipt_handle, 0).unwrap();
    });

    assert_eq!(received.await, ["a"]);
}

#[tokio::test]
async fn a_waiting_receiver_is_woken_by_a_redrive() {
    let (queues, clock) = open_with_dead_letters(1);
    queues.send("jobs", &Outgoing::new("a")).unwrap();
    bodies(&queues, "jobs", 1).await;
    clock.advance(seconds(30));
    bodies(&queues, "jobs", 1).await;

    let received = woken(&queues, || {
        queues.redrive("dead").unwrap();
    });

    assert_eq!(received.await, ["a"]);
}

#[tokio::test]
async fn a_waiting_receiver_is_woken_when_the_clock_moves_past_a_delay() {
    let (queues, clock) = open_with_jobs();
    queues.send("jobs", &Outgoing { delay: Some(15), ..Outgoing::new("late") }).unwrap();

    assert_eq!(woken(&queues, || clock.advance(seconds(15))).await, ["late"]);
}

#[tokio::test]
async fn a_receiver_waits_twenty_seconds_of_the_stack_and_then_goes_empty() {
    let (queues, clock) = open_with_jobs();

    assert!(woken(&queues, || clock.advance(seconds(20))).await.is_empty());
}

#[tokio::test]
async fn a_waiting_receiver_is_woken_when_a_delay_ends_by_itself() {
    let (queues, clock) = open_with_jobs();
    queues.send("jobs", &Outgoing { delay: Some(10), ..Outgoing::new("late") }).unwrap();
    clock.advance(Duration::from_millis(9900));

    assert_eq!(woken(&queues, || ()).await, ["late"]);
}

#[tokio::test]
async fn hidden_messages_wake_receivers_in_the_order_in_which_they_are_due() {
    let (queues, clock) = open_with_jobs();
    for (body, delay) in [("third", 30), ("first", 10), ("second", 20)] {
        queues.send("jobs", &Outgoing { delay: Some(delay), ..Outgoing::new(body) }).unwrap();
    }

    for expected in ["first", "second", "third"] {
        assert_eq!(woken(&queues, || clock.advance(seconds(10))).await, [expected]);
    }
}

#[tokio::test]
async fn of_two_waiting_receivers_one_gets_the_message() {
    let (queues, clock) = open_with_jobs();
    let receive = || queues.receive("jobs", 1, seconds(20));

    let (one, other, ()) = tokio::join!(receive(), receive(), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        queues.send("jobs", &Outgoing::new("a")).unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        clock.advance(seconds(20));
    });

    assert_eq!(one.unwrap().len() + other.unwrap().len(), 1);
}

#[tokio::test]
async fn a_receiver_at_the_dead_letters_is_woken_when_one_comes() {
    let (queues, clock) = open_with_dead_letters(1);
    queues.send("jobs", &Outgoing::new("a")).unwrap();
    bodies(&queues, "jobs", 1).await;
    clock.advance(seconds(30));

    let (letters, _) = tokio::join!(queues.receive("dead", 1, seconds(20)), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        bodies(&queues, "jobs", 1).await
    });

    assert_eq!(letters.unwrap().len(), 1);
}
