//! The clients, built once and only when something needs them.

use std::sync::{Arc, OnceLock};

use aws_sdk_dynamodb::config::SharedHttpClient;
use domain::dead_letter::Failure;

use crate::{Config, DeadLetters, Kind, Queue, Store, connector, tables};

/// The way to AWS. Clones share the clients.
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
    /// Builds nothing yet.
    pub fn new(config: Config) -> Self {
        let shared =
            Shared { config, dynamodb: OnceLock::new(), sqs: OnceLock::new(), http: OnceLock::new() };
        Self { shared: Arc::new(shared) }
    }

    /// All items of a kind.
    pub fn store<T: Kind>(&self) -> Store<T> {
        Store::new(self.clone())
    }

    /// The queue at this URL.
    pub fn queue(&self, url: &str) -> Queue {
        Queue::new(self.sqs(), url)
    }

    /// The dead-letter queue at this URL. Without `failures` nothing says why a job failed. `wait` is how
    /// many seconds to wait before the queue counts as empty: none, where one server holds it all.
    pub fn dead_letters(&self, url: &str, failures: Option<Store<Failure>>, wait: u8) -> DeadLetters {
        DeadLetters::new(self.sqs(), url, failures, wait.into())
    }

    /// Whether a client has been built: an interaction that needs none must not pay for one.
    pub fn is_touched(&self) -> bool {
        self.shared.dynamodb.get().is_some() || self.shared.sqs.get().is_some()
    }

    pub(crate) fn table(&self, name: tables::Name) -> &str {
        self.shared.config.table(name)
    }

    fn sqs(&self) -> aws_sdk_sqs::Client {
        let built = || aws_sdk_sqs::Client::new(&self.shared.config.sqs(self.shared.http()));
        self.shared.sqs.get_or_init(built).clone()
    }

    pub(crate) fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let built = || aws_sdk_dynamodb::Client::new(&self.shared.config.dynamodb(self.shared.http()));
        self.shared.dynamodb.get_or_init(built).clone()
    }
}
