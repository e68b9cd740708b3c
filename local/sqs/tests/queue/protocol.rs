//! Raw HTTP tests of what AWS's client does not send or show.

use serde_json::Value;
use steward_local_sqs::Attributes;

use crate::{
    test_server::{client, serve},
    time::{open, open_with_jobs},
};

#[tokio::test]
async fn the_count_of_a_redrive_policy_may_be_a_number_or_a_text() {
    let (queues, _) = open();
    queues.create("dead", &Attributes::default()).unwrap();
    let client = client(&serve(&queues).await);

    for (name, count) in [("number", "4"), ("text", "\"4\"")] {
        let policy = format!(
            r#"{{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":{count}}}"#
        );
        let create = client.create_queue().queue_name(name);
        let attribute = aws_sdk_sqs::types::QueueAttributeName::RedrivePolicy;
        create.attributes(attribute, policy).send().await.unwrap();
        let attributes = queues.attributes(name).unwrap();
        assert_eq!(attributes.redrive_policy.unwrap().max_receive_count, 4);
    }
}

/// Sends a raw request. Returns status, error header and body.
async fn raw(endpoint: &str, target: &str, body: &'static str) -> (u16, String, Value) {
    use http_body_util::{BodyExt, Full};
    use hyper_util::{client::legacy::Client, rt::TokioExecutor};

    let request = axum::http::Request::post(format!("{endpoint}/"))
        .header("x-amz-target", target)
        .body(Full::new(axum::body::Bytes::from_static(body.as_bytes())))
        .unwrap();
    let answer = Client::builder(TokioExecutor::new()).build_http().request(request).await.unwrap();
    let header = |name| answer.headers().get(name).map_or("", |it| it.to_str().unwrap()).to_owned();
    assert_eq!(header("content-type"), "application/x-amz-json-1.0");
    assert!(!header("x-amzn-requestid").is_empty());
    let (status, legacy) = (answer.status().as_u16(), header("x-amzn-query-error"));
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, legacy, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn errors_carry_both_of_their_names() {
    let (queues, _) = open();
    let endpoint = serve(&queues).await;

    let missing = r#"{"QueueName":"nowhere"}"#;
    let (status, legacy, body) = raw(&endpoint, "AmazonSQS.GetQueueUrl", missing).await;
    assert_eq!((status, &*legacy), (400, "AWS.SimpleQueueService.NonExistentQueue;Sender"));
    assert_eq!(body["__type"], "com.amazonaws.sqs#QueueDoesNotExist");
    assert_eq!(body["message"], "The specified queue does not exist.");

    let (status, legacy, body) = raw(&endpoint, "AmazonSQS.TagQueue", "{}").await;
    assert_eq!((status, &*legacy), (400, "InvalidAction;Sender"));
    assert_eq!(body["message"], "This queue server does not know the operation \"TagQueue\".");

    let (status, legacy, _) = raw(&endpoint, "AmazonSQS.SendMessage", "no JSON").await;
    assert_eq!((status, &*legacy), (400, "MalformedInput;Sender"));
}

#[tokio::test]
async fn a_queue_url_has_the_host_by_which_the_client_came() {
    let (queues, _) = open_with_jobs();
    let endpoint = serve(&queues).await;

    let (_, _, body) = raw(&endpoint, "AmazonSQS.GetQueueUrl", r#"{"QueueName":"jobs"}"#).await;

    assert_eq!(body["QueueUrl"], format!("{endpoint}/000000000000/jobs"));
}
