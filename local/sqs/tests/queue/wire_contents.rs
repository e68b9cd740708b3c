//! The contents of messages: body, attributes, checksums.

use aws_sdk_sqs::{
    primitives::Blob,
    types::{
        Message, MessageAttributeValue, MessageSystemAttributeName as System,
        MessageSystemAttributeNameForSends, MessageSystemAttributeValue,
        builders::MessageAttributeValueBuilder,
    },
};

use crate::test_server::TestServer;

pub fn system(message: &Message, name: System) -> Option<&str> {
    message.attributes.as_ref()?.get(&name).map(String::as_str)
}

pub fn value(data_type: &str) -> MessageAttributeValueBuilder {
    MessageAttributeValue::builder().data_type(data_type)
}

#[tokio::test]
async fn a_message_arrives_as_it_was_sent() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let send = server.client.send_message().queue_url(&url).message_body("Grüße 🎲");
    let trace = MessageSystemAttributeValue::builder()
        .data_type("String")
        .string_value("Root=1-5759e988-bd862e3fe1be46a994272793");
    let sent = send
        .message_attributes("who", value("String").string_value("Ann").build().unwrap())
        .message_attributes("cents", value("Number.int").string_value("007").build().unwrap())
        .message_attributes("raw", value("Binary").binary_value(Blob::new([0, 255])).build().unwrap())
        .message_system_attributes(MessageSystemAttributeNameForSends::AwsTraceHeader, trace.build().unwrap())
        .send()
        .await
        .unwrap();

    let [message] = &server.receive(&url).await[..] else { panic!("one message") };

    assert_eq!(message.message_id, sent.message_id);
    assert_eq!(message.body.as_deref(), Some("Grüße 🎲"));
    assert_eq!(message.md5_of_body, sent.md5_of_message_body);
    assert_eq!(message.md5_of_message_attributes, sent.md5_of_message_attributes);
    let attributes = message.message_attributes.as_ref().unwrap();
    assert_eq!(attributes["who"].string_value(), Some("Ann"));
    assert_eq!(attributes["cents"].string_value(), Some("007"));
    assert_eq!(attributes["cents"].data_type(), "Number.int");
    assert_eq!(attributes["raw"].binary_value(), Some(&Blob::new([0, 255])));
    assert_eq!(system(message, System::AwsTraceHeader), Some("Root=1-5759e988-bd862e3fe1be46a994272793"));
    assert_eq!(system(message, System::ApproximateReceiveCount), Some("1"));
    assert!(system(message, System::SenderId).is_some());
}

/// The checksums were computed independently, in Python.
#[tokio::test]
async fn the_sums_are_those_that_other_clients_compute() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let send = server.client.send_message().queue_url(&url).message_body("This is a test message");
    let sent = send
        .message_attributes("name", value("String").string_value("Ann").build().unwrap())
        .message_attributes("n", value("Number").string_value("42").build().unwrap())
        .message_attributes("raw", value("Binary").binary_value(Blob::new([0, 255])).build().unwrap())
        .send()
        .await
        .unwrap();

    assert_eq!(sent.md5_of_message_body(), Some("fafb00f5732ab283681e124bf8747ed1"));
    assert_eq!(sent.md5_of_message_attributes(), Some("5db08975b3d01b3ef47a67a8397812d7"));
}

#[tokio::test]
async fn only_the_attributes_that_are_asked_for_are_shown() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let send = server.client.send_message().queue_url(&url).message_body("a");
    send.message_attributes("app.one", value("String").string_value("1").build().unwrap())
        .message_attributes("other", value("String").string_value("2").build().unwrap())
        .send()
        .await
        .unwrap();
    let receive = server.client.receive_message().queue_url(&url).visibility_timeout(0);

    let plain = receive.clone().send().await.unwrap();
    let some = receive.message_attribute_names("app.*").message_system_attribute_names(System::SentTimestamp);
    let some = some.send().await.unwrap();

    assert!(plain.messages()[0].attributes.is_none());
    assert!(plain.messages()[0].message_attributes.is_none());
    assert!(plain.messages()[0].md5_of_message_attributes.is_none());
    let keys: Vec<_> = some.messages()[0].message_attributes.as_ref().unwrap().keys().collect();
    assert_eq!(keys, ["app.one"]);
    assert_eq!(some.messages()[0].attributes.as_ref().unwrap().len(), 1);
}

#[tokio::test]
async fn a_message_of_one_mebibyte_passes_and_no_more() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let largest = "x".repeat(1_048_576);
    let send = server.client.send_message().queue_url(&url);

    send.clone().message_body(&largest).send().await.unwrap();

    let refused = send.message_body(largest + "x").send().await.unwrap_err();
    assert_eq!(refused.into_service_error().meta().code(), Some("InvalidParameterValue"));
}

#[tokio::test]
async fn a_message_of_a_standard_queue_may_belong_to_a_group() {
    let server = TestServer::open().await;
    let url = server.queue(&[]).await;
    let send = server.client.send_message().queue_url(&url).message_body("a");
    send.message_group_id("guild-1").send().await.unwrap();

    let message = server.receive(&url).await.remove(0);

    assert_eq!(system(&message, System::MessageGroupId), Some("guild-1"));
}
