//! The harness of the wire tests: a server, a client, and a way to let time pass.

use std::{collections::HashMap, time::Duration};

use aws_sdk_sqs::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
    types::{Message, MessageSystemAttributeName, QueueAttributeName},
};
use steward_local_sqs::{Clock, Queues};

pub struct TestServer {
    pub client: Client,
    /// The clock of our own server. With another server, tests wait in real time.
    clock: Option<Clock>,
}

impl TestServer {
    pub async fn open() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a test has no main that reads variables")]
        match std::env::var("SQS_ENDPOINT") {
            Ok(endpoint) => Self { client: client(&endpoint), clock: None },
            Err(_) => {
                let clock = Clock::default();
                let queues = Queues::open(None, clock.clone()).unwrap();
                Self { client: client(&serve(&queues).await), clock: Some(clock) }
            }
        }
    }

    pub async fn advance(&self, time: Duration) {
        match &self.clock {
            Some(clock) => clock.advance(time),
            None => tokio::time::sleep(time).await,
        }
    }

    /// Creates a queue. Returns its URL.
    pub async fn queue(&self, attributes: &[(QueueAttributeName, &str)]) -> String {
        let attributes = attributes.iter().map(|(k, v)| (k.clone(), (*v).to_owned()));
        let create = self.client.create_queue().queue_name(random_name());
        let created = create.set_attributes(Some(attributes.collect())).send().await.unwrap();
        created.queue_url.unwrap()
    }

    /// Creates a queue with this `maxReceiveCount`, and its dead-letter queue. Returns both URLs.
    pub async fn queue_with_dead_letters(&self, max_receive_count: u32) -> (String, String) {
        let dead = self.queue(&[]).await;
        let arn = self.attribute(&dead, QueueAttributeName::QueueArn).await;
        let policy = format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":"{max_receive_count}"}}"#);
        (self.queue(&[(QueueAttributeName::RedrivePolicy, &policy)]).await, dead)
    }

    pub async fn send(&self, url: &str, body: &str) -> String {
        let sent = self.client.send_message().queue_url(url).message_body(body).send().await;
        sent.unwrap().message_id.unwrap()
    }

    /// Receives without waiting, with all attributes.
    pub async fn receive(&self, url: &str) -> Vec<Message> {
        let receive = self.client.receive_message().queue_url(url).max_number_of_messages(10);
        let receive = receive
            .wait_time_seconds(0)
            .message_attribute_names("All")
            .message_system_attribute_names(MessageSystemAttributeName::All);
        receive.send().await.unwrap().messages.unwrap_or_default()
    }

    pub async fn bodies(&self, url: &str) -> Vec<String> {
        self.receive(url).await.into_iter().map(|message| message.body.unwrap()).collect()
    }

    pub async fn change_visibility(&self, url: &str, handle: &str, seconds: i32) {
        let change = self.client.change_message_visibility().queue_url(url);
        change.receipt_handle(handle).visibility_timeout(seconds).send().await.unwrap();
    }

    pub async fn attribute(&self, url: &str, name: QueueAttributeName) -> String {
        self.attributes(url).await.remove(&name).unwrap()
    }

    pub async fn attributes(&self, url: &str) -> HashMap<QueueAttributeName, String> {
        let get = self.client.get_queue_attributes().queue_url(url);
        let attributes = get.attribute_names(QueueAttributeName::All).send().await.unwrap();
        attributes.attributes.unwrap()
    }
}

/// Serves the queues on a free port. Returns the URL.
pub async fn serve(queues: &Queues) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = queues.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    endpoint
}

pub fn client(endpoint: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .endpoint_url(endpoint)
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    Client::from_conf(config.build())
}

pub fn random_name() -> String {
    format!("q{:016x}", fastrand::u64(..))
}
