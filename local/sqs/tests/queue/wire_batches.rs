//! Batch operations.

use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, QueueAttributeName,
    SendMessageBatchRequestEntry,
};

use crate::stand::Stand;

fn entry(id: impl Into<String>, body: impl Into<String>) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder().id(id).message_body(body).build().unwrap()
}

async fn refusal(stand: &Stand, url: &str, entries: Vec<SendMessageBatchRequestEntry>) -> String {
    let send = stand.client.send_message_batch().queue_url(url).set_entries(Some(entries));
    let refused = send.send().await.unwrap_err().into_service_error();
    refused.meta().code().unwrap().to_owned()
}

#[tokio::test]
async fn ten_messages_are_sent_given_back_and_deleted_in_three_requests() {
    let stand = Stand::open().await;
    let url = stand.queue(&[]).await;
    let entries = (0..10).map(|n| entry(n.to_string(), format!("body {n}"))).collect();
    let send = stand.client.send_message_batch().queue_url(&url).set_entries(Some(entries));
    assert_eq!(send.send().await.unwrap().successful().len(), 10);

    let received = stand.receive(&url).await;
    assert_eq!(received.len(), 10);
    let change = received.iter().enumerate().map(|(n, message)| {
        let change = ChangeMessageVisibilityBatchRequestEntry::builder().id(n.to_string());
        let change = change.receipt_handle(message.receipt_handle().unwrap());
        change.visibility_timeout(0).build().unwrap()
    });
    let request = stand.client.change_message_visibility_batch().queue_url(&url);
    let changed = request.set_entries(Some(change.collect())).send().await.unwrap();
    assert_eq!(changed.successful().len(), 10);

    let delete = stand.receive(&url).await.into_iter().enumerate().map(|(n, message)| {
        let delete = DeleteMessageBatchRequestEntry::builder().id(n.to_string());
        delete.receipt_handle(message.receipt_handle.unwrap()).build().unwrap()
    });
    let request = stand.client.delete_message_batch().queue_url(&url);
    let deleted = request.set_entries(Some(delete.collect())).send().await.unwrap();
    assert_eq!(deleted.successful().len(), 10);
    let left = stand.told(&url, QueueAttributeName::ApproximateNumberOfMessagesNotVisible).await;
    assert_eq!(left, "0");
}

#[tokio::test]
async fn one_bad_entry_does_not_harm_the_others() {
    let stand = Stand::open().await;
    let url = stand.queue(&[]).await;
    stand.send(&url, "a").await;
    let handle = stand.receive(&url).await.remove(0).receipt_handle.unwrap();
    let delete = |id: &str, handle: &str| {
        let entry = DeleteMessageBatchRequestEntry::builder().id(id).receipt_handle(handle);
        entry.build().unwrap()
    };

    let request = stand.client.delete_message_batch().queue_url(&url);
    let done = request.entries(delete("good", &handle)).entries(delete("bad", "garbage"));
    let done = done.send().await.unwrap();

    assert_eq!(done.successful()[0].id(), "good");
    assert_eq!(done.failed()[0].id(), "bad");
    assert_eq!(done.failed()[0].code(), "ReceiptHandleIsInvalid");
    assert!(done.failed()[0].sender_fault());
}

#[tokio::test]
async fn an_empty_a_long_and_an_ambiguous_batch_are_refused() {
    let stand = Stand::open().await;
    let url = stand.queue(&[]).await;
    let eleven = (0..11).map(|n| entry(n.to_string(), "a")).collect();

    assert_eq!(refusal(&stand, &url, vec![]).await, "AWS.SimpleQueueService.EmptyBatchRequest");
    assert_eq!(refusal(&stand, &url, eleven).await, "AWS.SimpleQueueService.TooManyEntriesInBatchRequest");
    assert_eq!(
        refusal(&stand, &url, vec![entry("1", "a"), entry("1", "b")]).await,
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct"
    );
    assert!(stand.receive(&url).await.is_empty());
}

#[tokio::test]
async fn the_messages_of_a_batch_share_one_mebibyte() {
    let stand = Stand::open().await;
    let url = stand.queue(&[]).await;
    let half = "x".repeat(524_288);

    let batch = vec![entry("1", &half), entry("2", format!("{half}x"))];
    assert_eq!(refusal(&stand, &url, batch).await, "AWS.SimpleQueueService.BatchRequestTooLong");
    let send = stand.client.send_message_batch().queue_url(&url);
    let sent = send.entries(entry("1", &half)).entries(entry("2", &half)).send().await.unwrap();
    assert_eq!(sent.successful().len(), 2);
}
