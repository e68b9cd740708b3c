//! Operations on queues: create, read attributes, change, list, purge.

use std::collections::HashSet;

use aws_sdk_sqs::types::QueueAttributeName as Name;

use crate::test_server::{TestServer, random_name};

#[tokio::test]
async fn creating_a_queue_again_is_fine_unless_it_shall_be_another() {
    let server = TestServer::open().await;
    let create = server.client.create_queue().queue_name(random_name());
    let create = create.attributes(Name::VisibilityTimeout, "7");

    let first = create.clone().send().await.unwrap();
    let again = create.clone().send().await.unwrap();
    assert_eq!(first.queue_url, again.queue_url);

    let other = create.attributes(Name::VisibilityTimeout, "8").send().await.unwrap_err();
    assert!(other.into_service_error().is_queue_name_exists());
}

#[tokio::test]
async fn a_queue_that_is_not_there_is_missed_by_its_typed_error() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await + "-not";
    let client = &server.client;

    let refused = client.get_queue_url().queue_name(random_name()).send().await.unwrap_err();
    assert!(refused.into_service_error().is_queue_does_not_exist());
    let send = client.send_message().queue_url(&url).message_body("a");
    assert!(send.send().await.unwrap_err().into_service_error().is_queue_does_not_exist());
    let receive = client.receive_message().queue_url(&url);
    assert!(receive.send().await.unwrap_err().into_service_error().is_queue_does_not_exist());
    let purge = client.purge_queue().queue_url(&url);
    assert!(purge.send().await.unwrap_err().into_service_error().is_queue_does_not_exist());
}

#[tokio::test]
async fn a_queue_is_found_by_its_name_and_listed_by_its_start() {
    let server = TestServer::open().await;
    let name = random_name();
    let made = server.client.create_queue().queue_name(&name).send().await.unwrap();

    let found = server.client.get_queue_url().queue_name(&name).send().await.unwrap();
    let listed = server.client.list_queues().queue_name_prefix(&name[..12]).send().await.unwrap();
    let none = server.client.list_queues().queue_name_prefix(random_name()).send().await.unwrap();

    assert_eq!(found.queue_url, made.queue_url);
    assert_eq!(listed.queue_urls(), [made.queue_url.unwrap()]);
    assert!(none.queue_urls().is_empty());
}

#[tokio::test]
async fn a_queue_tells_its_attributes_and_what_lies_in_it() {
    let server = TestServer::open().await;
    let url = server.queue(&[(Name::MessageRetentionPeriod, "60")]).await;
    server.send(&url, "in flight").await;
    server.receive(&url).await;
    server.send(&url, "visible").await;
    let send = server.client.send_message().queue_url(&url).message_body("late").delay_seconds(900);
    send.send().await.unwrap();

    let attributes = server.attributes(&url).await;

    let expected = [
        (Name::ApproximateNumberOfMessages, "1"),
        (Name::ApproximateNumberOfMessagesDelayed, "1"),
        (Name::ApproximateNumberOfMessagesNotVisible, "1"),
        (Name::DelaySeconds, "0"),
        (Name::MaximumMessageSize, "1048576"),
        (Name::MessageRetentionPeriod, "60"),
        (Name::ReceiveMessageWaitTimeSeconds, "0"),
        (Name::VisibilityTimeout, "30"),
    ];
    for (name, value) in expected {
        assert_eq!(attributes[&name], value, "{name}");
    }
    assert!(attributes[&Name::QueueArn].starts_with("arn:aws:sqs:us-east-1:000000000000:q"));
    assert!(attributes.contains_key(&Name::CreatedTimestamp));
}

#[tokio::test]
async fn only_attributes_that_are_asked_for_are_told() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;

    let get = server.client.get_queue_attributes().queue_url(&url);
    let attributes = get.attribute_names(Name::QueueArn).send().await.unwrap();

    let names: HashSet<_> = attributes.attributes().unwrap().keys().cloned().collect();
    assert_eq!(names, HashSet::from([Name::QueueArn]));
}

#[tokio::test]
async fn attributes_can_be_changed_and_a_policy_taken_away() {
    let server = TestServer::open().await;
    let (url, _) = server.queue_with_dead_letters(3).await;
    assert!(server.attribute(&url, Name::RedrivePolicy).await.contains("deadLetterTargetArn"));

    let set = server.client.set_queue_attributes().queue_url(&url);
    let set = set.attributes(Name::VisibilityTimeout, "90").attributes(Name::RedrivePolicy, "");
    set.send().await.unwrap();

    let attributes = server.attributes(&url).await;
    assert_eq!(attributes[&Name::VisibilityTimeout], "90");
    assert!(!attributes.contains_key(&Name::RedrivePolicy));
}

#[tokio::test]
async fn a_value_beyond_its_limits_is_refused() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;

    let set = server.client.set_queue_attributes().queue_url(&url);
    let refused = set.attributes(Name::VisibilityTimeout, "43201").send().await.unwrap_err();

    let code = refused.into_service_error().meta().code().unwrap().to_owned();
    assert_eq!(code, "InvalidAttributeValue");
}

#[tokio::test]
async fn purging_empties_a_queue_of_messages_in_every_state() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    server.send(&url, "in flight").await;
    server.receive(&url).await;
    server.send(&url, "visible").await;

    server.client.purge_queue().queue_url(&url).send().await.unwrap();

    let attributes = server.attributes(&url).await;
    assert_eq!(attributes[&Name::ApproximateNumberOfMessages], "0");
    assert_eq!(attributes[&Name::ApproximateNumberOfMessagesNotVisible], "0");
}
