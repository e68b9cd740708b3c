//! Wire tests of behaviour in which ministack 1.5.33 differs from AWS.

use std::time::Duration;

use aws_sdk_sqs::types::{
    MessageSystemAttributeName as System, MessageSystemAttributeNameForSends, MessageSystemAttributeValue,
    QueueAttributeName,
};

use crate::{
    stand::Stand,
    wire_contents::{system, value},
};

#[tokio::test]
async fn a_visibility_timeout_beyond_twelve_hours_is_refused() {
    let stand = Stand::open().await;
    let url = stand.queue(&[]).await;
    stand.send(&url, "a").await;
    let handle = stand.receive(&url).await.remove(0).receipt_handle.unwrap();

    let change = stand.client.change_message_visibility().queue_url(&url).receipt_handle(handle);
    let refused = change.visibility_timeout(43_201).send().await.unwrap_err();

    assert_eq!(refused.into_service_error().meta().code(), Some("InvalidParameterValue"));
}

#[tokio::test]
async fn an_old_receipt_handle_still_deletes() {
    let stand = Stand::open().await;
    let url = stand.queue(&[]).await;
    stand.send(&url, "a").await;
    let old = stand.receive(&url).await.remove(0).receipt_handle.unwrap();
    stand.hide(&url, &old, 0).await;
    stand.receive(&url).await;

    for _ in 0..2 {
        let delete = stand.client.delete_message().queue_url(&url).receipt_handle(&old);
        delete.send().await.unwrap();
    }

    let left = stand.told(&url, QueueAttributeName::ApproximateNumberOfMessagesNotVisible).await;
    assert_eq!(left, "0");
}

#[tokio::test]
async fn dead_letters_can_be_moved_back_to_where_they_came_from() {
    let stand = Stand::open().await;
    let (url, dead) = stand.queue_with_dead_letters(1).await;
    stand.send(&url, "again").await;
    let handle = stand.receive(&url).await.remove(0).receipt_handle.unwrap();
    stand.hide(&url, &handle, 0).await;
    assert!(stand.receive(&url).await.is_empty());

    let arn = stand.told(&dead, QueueAttributeName::QueueArn).await;
    stand.client.start_message_move_task().source_arn(arn).send().await.unwrap();
    stand.pass(Duration::from_millis(500)).await;

    let [message] = &stand.receive(&url).await[..] else { panic!("one message") };
    assert_eq!(message.body(), Some("again"));
    assert_eq!(system(message, System::ApproximateReceiveCount), Some("1"));
    assert_eq!(stand.told(&dead, QueueAttributeName::ApproximateNumberOfMessages).await, "0");
}

#[tokio::test]
async fn attributes_count_for_the_size_of_a_message() {
    let stand = Stand::open().await;
    let url = stand.queue(&[]).await;
    let largest = "x".repeat(1_048_576);
    let number = value("Number").string_value("1").build().unwrap();
    let send = stand.client.send_message().queue_url(&url).message_attributes("n", number);

    send.clone().message_body(&largest[8..]).send().await.unwrap();

    let refused = send.message_body(&largest[7..]).send().await.unwrap_err();
    assert_eq!(refused.into_service_error().meta().code(), Some("InvalidParameterValue"));
}

/// The checksum was computed independently, in Python.
#[tokio::test]
async fn system_attributes_have_a_sum_of_their_own() {
    let stand = Stand::open().await;
    let url = stand.queue(&[]).await;
    let trace = MessageSystemAttributeValue::builder();
    let trace = trace.data_type("String").string_value("Root=1-2-3").build().unwrap();

    let send = stand.client.send_message().queue_url(&url).message_body("a");
    let header = MessageSystemAttributeNameForSends::AwsTraceHeader;
    let sent = send.message_system_attributes(header, trace).send().await.unwrap();

    let sum = sent.md5_of_message_system_attributes();
    assert_eq!(sum, Some("3f71502e2b401dca4ffefa0d1f324c78"));
    assert_eq!(sent.md5_of_message_attributes(), None);
}
