//! The AWS clients, each created on first use.

use std::sync::{Arc, OnceLock};

use aws_sdk_dynamodb::config::SharedHttpClient;

use crate::{CloudWatch, CodeDeploy, Config, Lambda, Queue, connector, signed::Service, tables};

/// The SDK's limit of retries counts per process by default. On Lambda that is one environment; where several run in one
/// process, the retries of one must not use up those of another.
const RETRY_PARTITION: &str = "environment";

/// Access to AWS. Clones share the clients.
#[derive(Clone, Debug)]
pub struct Aws {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: Config,
    dynamodb: OnceLock<aws_sdk_dynamodb::Client>,
    sqs: OnceLock<aws_sdk_sqs::Client>,
    http: OnceLock<SharedHttpClient>,
}

impl Shared {
    fn http(&self) -> SharedHttpClient {
        self.http.get_or_init(|| connector::through(outbound::Client::new())).clone()
    }
}

impl Aws {
    /// Creates no client yet.
    pub fn new(config: Config) -> Self {
        let shared =
            Shared { config, dynamodb: OnceLock::new(), sqs: OnceLock::new(), http: OnceLock::new() };
        Self { shared: Arc::new(shared) }
    }

    /// The queue with this URL.
    pub fn queue(&self, url: &str) -> Queue {
        Queue::new(self.sqs(), url)
    }

    /// Lambda's API.
    pub fn lambda(&self) -> Lambda {
        Lambda { service: self.service("lambda", self.shared.config.lambda_url.as_deref()) }
    }

    /// CodeDeploy's API.
    pub fn codedeploy(&self) -> CodeDeploy {
        CodeDeploy { service: self.service("codedeploy", self.shared.config.codedeploy_url.as_deref()) }
    }

    /// CloudWatch's API.
    pub fn cloudwatch(&self) -> CloudWatch {
        CloudWatch { service: self.service("monitoring", self.shared.config.cloudwatch_url.as_deref()) }
    }

    fn service(&self, name: &'static str, url: Option<&str>) -> Service {
        let config = &self.shared.config;
        Service {
            name,
            url: config.url(name, url),
            region: config.region.clone(),
            credentials: config.credentials(),
            http: outbound::Client::new(),
        }
    }

    /// Whether a client has been created: an interaction that needs none must not pay for one.
    pub fn is_touched(&self) -> bool {
        self.shared.dynamodb.get().is_some() || self.shared.sqs.get().is_some()
    }

    pub(crate) fn table(&self, name: tables::Name) -> &str {
        self.shared.config.table(name)
    }

    pub(crate) fn sqs(&self) -> aws_sdk_sqs::Client {
        let built = || {
            let config = aws_sdk_sqs::config::Builder::from(&self.shared.config.sqs(self.shared.http()));
            let retries = aws_sdk_sqs::config::retry::RetryPartition::custom(RETRY_PARTITION).build();
            aws_sdk_sqs::Client::from_conf(config.retry_partition(retries).build())
        };
        self.shared.sqs.get_or_init(built).clone()
    }

    pub(crate) fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let built = || {
            let config = self.shared.config.dynamodb(self.shared.http());
            let config = aws_sdk_dynamodb::config::Builder::from(&config);
            let retries = aws_sdk_dynamodb::config::retry::RetryPartition::custom(RETRY_PARTITION).build();
            aws_sdk_dynamodb::Client::from_conf(config.retry_partition(retries).build())
        };
        self.shared.dynamodb.get_or_init(built).clone()
    }
}
