//! The life of a message: received, hidden, deleted, moved to the dead-letter queue.

use std::time::Duration;

use aws_sdk_sqs::types::{MessageSystemAttributeName as System, QueueAttributeName};

use crate::{test_server::TestServer, wire_contents::system};

#[tokio::test]
async fn a_received_message_is_hidden_until_its_timeout_ends() {
    let server = TestServer::open().await;
    let url = server.queue(&[(QueueAttributeName::VisibilityTimeout, "2")]).await;
    server.send(&url, "a").await;

    let first = server.receive(&url).await.remove(0);
    assert!(server.receive(&url).await.is_empty());
    server.advance(Duration::from_millis(2100)).await;
    let second = server.receive(&url).await.remove(0);

    assert_eq!(second.message_id, first.message_id);
    assert_ne!(second.receipt_handle, first.receipt_handle);
    assert_eq!(system(&second, System::ApproximateReceiveCount), Some("2"));
    let since = System::ApproximateFirstReceiveTimestamp;
    assert_eq!(system(&second, since.clone()), system(&first, since));
}

#[tokio::test]
async fn a_message_can_be_given_back_at_once_and_kept_longer() {
    let server = TestServer::open().await;
    let url = server.queue(&[(QueueAttributeName::VisibilityTimeout, "1")]).await;
    server.send(&url, "a").await;

    let first = server.receive(&url).await.remove(0);
    server.change_visibility(&url, &first.receipt_handle.unwrap(), 0).await;
    let second = server.receive(&url).await.remove(0);
    server.change_visibility(&url, &second.receipt_handle.unwrap(), 60).await;
    server.advance(Duration::from_millis(1100)).await;

    assert!(server.receive(&url).await.is_empty());
}

#[tokio::test]
async fn a_garbage_receipt_handle_is_refused() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;

    let delete = server.client.delete_message().queue_url(&url).receipt_handle("garbage");
    let refused = delete.send().await.unwrap_err();
    assert!(refused.into_service_error().is_receipt_handle_is_invalid());
    let change = server.client.change_message_visibility().queue_url(&url);
    let change = change.receipt_handle("garbage").visibility_timeout(1);
    let refused = change.send().await.unwrap_err();
    assert!(refused.into_service_error().is_receipt_handle_is_invalid());
}

#[tokio::test]
async fn a_delayed_message_comes_when_its_delay_is_over() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let send = server.client.send_message().queue_url(&url).message_body("late").delay_seconds(2);
    send.send().await.unwrap();

    assert!(server.receive(&url).await.is_empty());
    let delayed = server.attribute(&url, QueueAttributeName::ApproximateNumberOfMessagesDelayed).await;
    assert_eq!(delayed, "1");
    server.advance(Duration::from_millis(2100)).await;
    assert_eq!(server.bodies(&url).await, ["late"]);
}

#[tokio::test]
async fn a_waiting_receiver_gets_a_message_as_soon_as_it_is_sent() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let receive = server.client.receive_message().queue_url(&url).wait_time_seconds(20);

    let (received, ()) = tokio::join!(receive.send(), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        server.send(&url, "a").await;
    });

    assert_eq!(received.unwrap().messages()[0].body(), Some("a"));
}

#[tokio::test]
async fn the_receive_after_the_last_allowed_one_makes_a_dead_letter() {
    let server = TestServer::open().await;
    let (url, dead) = server.queue_with_dead_letters(2).await;
    let id = server.send(&url, "poison").await;
    for _ in 0..2 {
        let handle = server.receive(&url).await.remove(0).receipt_handle.unwrap();
        server.change_visibility(&url, &handle, 0).await;
    }
    assert!(server.receive(&dead).await.is_empty());

    assert!(server.receive(&url).await.is_empty());
    let [letter] = &server.receive(&dead).await[..] else { panic!("one dead letter") };

    assert_eq!(letter.message_id(), Some(id.as_str()));
    let source = server.attribute(&url, QueueAttributeName::QueueArn).await;
    assert_eq!(system(letter, System::DeadLetterQueueSourceArn), Some(source.as_str()));
}

#[tokio::test]
async fn a_receiver_waits_as_long_as_its_queue_says() {
    let server = TestServer::open().await;
    let url = server.queue(&[(QueueAttributeName::ReceiveMessageWaitTimeSeconds, "20")]).await;
    let receive = server.client.receive_message().queue_url(&url);

    let (received, ()) = tokio::join!(receive.send(), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        server.send(&url, "a").await;
    });

    assert_eq!(received.unwrap().messages()[0].body(), Some("a"));
}
