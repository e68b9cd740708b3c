//! Who is served first.

use std::time::Duration;

use local::queue::{Attributes, Outgoing};

use crate::time::{bodies, open};

fn of_group(body: &str, group: &str) -> Outgoing {
    Outgoing { group: Some(group.into()), ..Outgoing::new(body) }
}

#[tokio::test]
async fn a_noisy_group_waits_for_quiet_ones() {
    let (queues, _) = open();
    queues.create("jobs", &Attributes::default()).unwrap();
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
    let (queues, _) = open();
    queues.create("jobs", &Attributes::default()).unwrap();
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
    let (queues, _) = open();
    queues.create("jobs", &Attributes::default()).unwrap();
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
