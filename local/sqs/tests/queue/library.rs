//! The Rust API that the event source mapping and the inspector use.

use std::{collections::BTreeMap, time::Duration};

use serde_json::json;
use steward_local_sqs::{Attribute, AttributeValue, Attributes, Depth, Error, Outgoing, State};

use crate::time::{bodies, dead_letters_after, open, open_with_dead_letters, open_with_jobs};

#[tokio::test]
async fn a_message_turns_into_the_record_that_a_function_gets() {
    let (queues, clock) = open_with_dead_letters(1);
    let raw = Attribute { data_type: "Binary".into(), value: AttributeValue::Bytes(vec![0, 255]) };
    let sent = Outgoing {
        group: Some("guild".into()),
        trace_header: Some("Root=1-2-3".into()),
        attributes: BTreeMap::from([("raw".to_owned(), raw), ("who".to_owned(), Attribute::text("Ann"))]),
        ..Outgoing::new("This is a test message")
    };
    let sent = queues.send("jobs", &sent).unwrap();
    let start = queues.receive("jobs", 1, Duration::ZERO).await.unwrap().remove(0).stored;
    clock.advance(Duration::from_secs(30));
    bodies(&queues, "jobs", 1).await;

    let letter = queues.receive("dead", 1, Duration::ZERO).await.unwrap().remove(0);

    let expected = json!({
        "messageId": sent.message_id,
        "receiptHandle": letter.receipt_handle,
        "body": "This is a test message",
        "attributes": {
            "ApproximateReceiveCount": "2",
            "SentTimestamp": start.sent.to_string(),
            "SenderId": "000000000000",
            "ApproximateFirstReceiveTimestamp": start.first_received.unwrap().to_string(),
            "MessageGroupId": "guild",
            "AWSTraceHeader": "Root=1-2-3",
            "DeadLetterQueueSourceArn": "arn:aws:sqs:us-east-1:000000000000:jobs",
        },
        "messageAttributes": {
            "raw": {
                "binaryValue": "AP8=", "stringListValues": [], "binaryListValues": [],
                "dataType": "Binary",
            },
            "who": {
                "stringValue": "Ann", "stringListValues": [], "binaryListValues": [],
                "dataType": "String",
            },
        },
        "md5OfBody": "fafb00f5732ab283681e124bf8747ed1",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:dead",
        "awsRegion": "us-east-1",
    });
    assert_eq!(letter.record(), expected);
}

#[tokio::test]
async fn the_inspector_counts_messages_by_state_and_dead_letters_with_their_source() {
    let (queues, clock) = open_with_dead_letters(1);
    queues.send("jobs", &Outgoing::new("poison")).unwrap();
    bodies(&queues, "jobs", 1).await;
    clock.advance(Duration::from_secs(30));
    bodies(&queues, "jobs", 1).await;
    queues.send("jobs", &Outgoing::new("in flight")).unwrap();
    bodies(&queues, "jobs", 1).await;
    queues.send("jobs", &Outgoing::new("visible")).unwrap();
    queues.send("jobs", &Outgoing { delay: Some(9), ..Outgoing::new("delayed") }).unwrap();

    let depth = |name: &str, visible, in_flight, delayed, dead| Depth {
        name: name.into(),
        visible,
        in_flight,
        delayed,
        dead,
    };
    assert_eq!(queues.list().unwrap(), [depth("dead", 1, 0, 0, 0), depth("jobs", 1, 1, 1, 1)]);
}

#[tokio::test]
async fn looking_at_messages_changes_nothing() {
    let (queues, _) = open_with_jobs();
    queues.send("jobs", &Outgoing::new("a")).unwrap();
    queues.send("jobs", &Outgoing { delay: Some(9), ..Outgoing::new("b") }).unwrap();

    for _ in 0..2 {
        let seen = queues.peek("jobs", 10).unwrap();
        let seen: Vec<_> = seen.iter().map(|it| (it.body.as_str(), it.state, it.receive_count)).collect();
        assert_eq!(seen, [("a", State::Visible, 0), ("b", State::Delayed, 0)]);
    }
    bodies(&queues, "jobs", 1).await;
    assert_eq!(queues.peek("jobs", 1).unwrap()[0].state, State::InFlight);
}

#[tokio::test]
async fn a_handle_of_another_queue_is_refused() {
    let (queues, _) = open_with_jobs();
    queues.create("facts", &Attributes::default()).unwrap();
    queues.send("jobs", &Outgoing::new("a")).unwrap();
    let message = queues.receive("jobs", 1, Duration::ZERO).await.unwrap().remove(0);

    let refused = queues.delete("facts", &message.receipt_handle);

    assert!(matches!(refused, Err(Error::ReceiptHandleIsInvalid(_))));
}

#[test]
fn fifo_queues_are_refused_and_so_are_dead_letters_to_nowhere() {
    let (queues, _) = open();

    let fifo = queues.create("jobs.fifo", &Attributes::default());
    let nowhere = queues.create("jobs", &dead_letters_after(1));

    assert!(matches!(fifo, Err(Error::UnsupportedOperation(_))));
    assert!(matches!(nowhere, Err(Error::InvalidParameterValue(_))));
}

#[test]
fn bad_messages_are_refused() {
    let (queues, _) = open_with_jobs();
    let refused = |message| queues.send("jobs", &message).unwrap_err().code();

    assert_eq!(refused(Outgoing::new("")), "MissingRequiredParameterException");
    assert_eq!(refused(Outgoing::new("\u{0}")), "InvalidMessageContents");
    let late = Outgoing { delay: Some(901), ..Outgoing::new("a") };
    assert_eq!(refused(late), "InvalidParameterValueException");
    let group = Outgoing { group: Some("two words".into()), ..Outgoing::new("a") };
    assert_eq!(refused(group), "InvalidParameterValueException");
}
