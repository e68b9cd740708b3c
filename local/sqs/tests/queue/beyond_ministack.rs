//! Wire tests of behaviour in which ministack 1.5.33 differs from AWS.

use std::time::Duration;

use aws_sdk_sqs::types::{
    MessageSystemAttributeName as System, MessageSystemAttributeNameForSends, MessageSystemAttributeValue,
    QueueAttributeName,
};

use crate::{
    test_server::TestServer,
    wire_contents::{system, value},
};

#[tokio::test]
async fn a_visibility_timeout_beyond_twelve_hours_is_refused() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    server.send(&url, "a").await;
    let handle = server.receive(&url).await.remove(0).receipt_handle.unwrap();

    let change = server.client.change_message_visibility().queue_url(&url).receipt_handle(handle);
    let refused = change.visibility_timeout(43_201).send().await.unwrap_err();

    assert_eq!(refused.into_service_error().meta().code(), Some("InvalidParameterValue"));
}

#[tokio::test]
async fn an_old_receipt_handle_still_deletes() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    server.send(&url, "a").await;
    let old = server.receive(&url).await.remove(0).receipt_handle.unwrap();
    server.change_visibility(&url, &old, 0).await;
    server.receive(&url).await;

    for _ in 0..2 {
        let delete = server.client.delete_message().queue_url(&url).receipt_handle(&old);
        delete.send().await.unwrap();
    }

    let left = server.attribute(&url, QueueAttributeName::ApproximateNumberOfMessagesNotVisible).await;
    assert_eq!(left, "0");
}

#[tokio::test]
async fn dead_letters_can_be_moved_back_to_where_they_came_from() {
    let server = TestServer::open().await;
    let (url, dead) = server.queue_with_dead_letters(1).await;
    server.send(&url, "again").await;
    let handle = server.receive(&url).await.remove(0).receipt_handle.unwrap();
    server.change_visibility(&url, &handle, 0).await;
    assert!(server.receive(&url).await.is_empty());

    let arn = server.attribute(&dead, QueueAttributeName::QueueArn).await;
    server.client.start_message_move_task().source_arn(arn).send().await.unwrap();
    server.advance(Duration::from_millis(500)).await;

    let [message] = &server.receive(&url).await[..] else { panic!("one message") };
    assert_eq!(message.body(), Some("again"));
    assert_eq!(system(message, System::ApproximateReceiveCount), Some("1"));
    assert_eq!(server.attribute(&dead, QueueAttributeName::ApproximateNumberOfMessages).await, "0");
}

#[tokio::test]
async fn attributes_count_for_the_size_of_a_message() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let largest = "x".repeat(1_048_576);
    let number = value("Number").string_value("1").build().unwrap();
    let send = server.client.send_message().queue_url(&url).message_attributes("n", number);

    send.clone().message_body(&largest[8..]).send().await.unwrap();

    let refused = send.message_body(&largest[7..]).send().await.unwrap_err();
    assert_eq!(refused.into_service_error().meta().code(), Some("InvalidParameterValue"));
}

/// The checksum was computed independently, in Python.
#[tokio::test]
async fn system_attributes_have_a_sum_of_their_own() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let trace = MessageSystemAttributeValue::builder();
    let trace = trace.data_type("String").string_value("Root=1-2-3").build().unwrap();

    let send = server.client.send_message().queue_url(&url).message_body("a");
    let header = MessageSystemAttributeNameForSends::AwsTraceHeader;
    let sent = send.message_system_attributes(header, trace).send().await.unwrap();

    let sum = sent.md5_of_message_system_attributes();
    assert_eq!(sum, Some("3f71502e2b401dca4ffefa0d1f324c78"));
    assert_eq!(sent.md5_of_message_attributes(), None);
}
