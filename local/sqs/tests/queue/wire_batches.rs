//! Batch operations.

use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, QueueAttributeName,
    SendMessageBatchRequestEntry,
};

use crate::test_server::TestServer;

fn entry(id: impl Into<String>, body: impl Into<String>) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder().id(id).message_body(body).build().unwrap()
}

async fn refusal(server: &TestServer, url: &str, entries: Vec<SendMessageBatchRequestEntry>) -> String {
    let send = server.client.send_message_batch().queue_url(url).set_entries(Some(entries));
    let refused = send.send().await.unwrap_err().into_service_error();
    refused.meta().code().unwrap().to_owned()
}

#[tokio::test]
async fn ten_messages_are_sent_given_back_and_deleted_in_three_requests() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let entries = (0..10).map(|n| entry(n.to_string(), format!("body {n}"))).collect();
    let send = server.client.send_message_batch().queue_url(&url).set_entries(Some(entries));
    assert_eq!(send.send().await.unwrap().successful().len(), 10);

    let received = server.receive(&url).await;
    assert_eq!(received.len(), 10);
    let change = received.iter().enumerate().map(|(n, message)| {
        let change = ChangeMessageVisibilityBatchRequestEntry::builder().id(n.to_string());
        let change = change.receipt_handle(message.receipt_handle().unwrap());
        change.visibility_timeout(0).build().unwrap()
    });
    let request = server.client.change_message_visibility_batch().queue_url(&url);
    let changed = request.set_entries(Some(change.collect())).send().await.unwrap();
    assert_eq!(changed.successful().len(), 10);

    let delete = server.receive(&url).await.into_iter().enumerate().map(|(n, message)| {
        let delete = DeleteMessageBatchRequestEntry::builder().id(n.to_string());
        delete.receipt_handle(message.receipt_handle.unwrap()).build().unwrap()
    });
    let request = server.client.delete_message_batch().queue_url(&url);
    let deleted = request.set_entries(Some(delete.collect())).send().await.unwrap();
    assert_eq!(deleted.successful().len(), 10);
    let left = server.attribute(&url, QueueAttributeName::ApproximateNumberOfMessagesNotVisible).await;
    assert_eq!(left, "0");
}

#[tokio::test]
async fn one_bad_entry_does_not_harm_the_others() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    server.send(&url, "a").await;
    let handle = server.receive(&url).await.remove(0).receipt_handle.unwrap();
    let delete = |id: &str, handle: &str| {
        let entry = DeleteMessageBatchRequestEntry::builder().id(id).receipt_handle(handle);
        entry.build().unwrap()
    };

    let request = server.client.delete_message_batch().queue_url(&url);
    let done = request.entries(delete("good", &handle)).entries(delete("bad", "garbage"));
    let done = done.send().await.unwrap();

    assert_eq!(done.successful()[0].id(), "good");
    assert_eq!(done.failed()[0].id(), "bad");
    assert_eq!(done.failed()[0].code(), "ReceiptHandleIsInvalid");
    assert!(done.failed()[0].sender_fault());
}

#[tokio::test]
async fn an_empty_a_long_and_an_ambiguous_batch_are_refused() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let eleven = (0..11).map(|n| entry(n.to_string(), "a")).collect();

    assert_eq!(refusal(&server, &url, vec![]).await, "AWS.SimpleQueueService.EmptyBatchRequest");
    assert_eq!(refusal(&server, &url, eleven).await, "AWS.SimpleQueueService.TooManyEntriesInBatchRequest");
    assert_eq!(
        refusal(&server, &url, vec![entry("1", "a"), entry("1", "b")]).await,
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct"
    );
    assert!(server.receive(&url).await.is_empty());
}

#[tokio::test]
async fn the_messages_of_a_batch_share_one_mebibyte() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let half = "x".repeat(524_288);

    let batch = vec![entry("1", &half), entry("2", format!("{half}x"))];
    assert_eq!(refusal(&server, &url, batch).await, "AWS.SimpleQueueService.BatchRequestTooLong");
    let send = server.client.send_message_batch().queue_url(&url);
    let sent = send.entries(entry("1", &half)).entries(entry("2", &half)).send().await.unwrap();
    assert_eq!(sent.successful().len(), 2);
}
