//! Messages that were received too often: what stays the same, and redriving.

use std::time::Duration;

use steward_local_sqs::Outgoing;

use crate::time::{bodies, open_with_dead_letters, seconds};

#[tokio::test]
async fn a_message_lives_four_days_and_its_age_goes_on_among_the_dead_letters() {
    let (queues, clock) = open_with_dead_letters(1);
    queues.send("jobs", &Outgoing::new("a")).unwrap();
    bodies(&queues, "jobs", 1).await;
    clock.advance(seconds(3 * 86_400));
    assert!(bodies(&queues, "jobs", 1).await.is_empty());
    assert_eq!(queues.peek("dead", 10).unwrap().len(), 1);

    clock.advance(seconds(86_400));

    assert_eq!(queues.peek("dead", 10).unwrap().len(), 0);
}

#[tokio::test]
async fn a_dead_letter_keeps_its_id_and_its_receive_count() {
    let (queues, clock) = open_with_dead_letters(4);
    let sent = queues.send("jobs", &Outgoing::new("poison")).unwrap();
    for _ in 0..4 {
        assert_eq!(bodies(&queues, "jobs", 10).await, ["poison"]);
        clock.advance(seconds(30));
    }

    assert!(bodies(&queues, "jobs", 10).await.is_empty());
    let letter = queues.receive("dead", 1, Duration::ZERO).await.unwrap().remove(0);

    assert_eq!(letter.stored.message_id, sent.message_id);
    assert_eq!(letter.stored.receive_count, 5);
    assert_eq!(letter.stored.dead_letter_source.as_deref(), Some("jobs"));
}

#[tokio::test]
async fn a_redriven_letter_starts_anew_and_one_without_a_past_stays() {
    let (queues, clock) = open_with_dead_letters(1);
    let sent = queues.send("jobs", &Outgoing::new("poison")).unwrap();
    queues.send("dead", &Outgoing::new("sent here")).unwrap();
    bodies(&queues, "jobs", 1).await;
    clock.advance(seconds(86_400));
    bodies(&queues, "jobs", 1).await;

    assert_eq!(queues.redrive("dead").unwrap(), 1);

    assert_eq!(bodies(&queues, "dead", 10).await, ["sent here"]);
    let message = queues.receive("jobs", 1, Duration::ZERO).await.unwrap().remove(0).stored;
    assert_ne!(message.message_id, sent.message_id);
    assert_eq!((message.receive_count, message.dead_letter_source), (1, None));
    assert!(clock.now().as_millisecond() - message.sent < 10_000);
}
