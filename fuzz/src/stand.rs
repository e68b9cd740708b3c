//! The test harness: both functions with a settable clock and fake services.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use discord::development_key;
use domain::{
    Clock,
    config::{Configuration, Variables},
};
use ed25519_dalek::{Signer, SigningKey};
use interactions::Interactions;
use jiff::Timestamp;
use jobs::Jobs;
use runtime::{
    Function, Invocation,
    sqs::{SqsBatchResponse, SqsEvent, SqsMessage},
};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::outside::Outside;

/// The default time, in milliseconds since 1970.
pub const NOW: i64 = 1_760_000_000_000;

/// The harness, built once for all inputs.
pub struct Stand {
    runtime: Runtime,
    outside: Outside,
    interactions: Interactions,
    jobs: Jobs,
    now: Arc<AtomicI64>,
}

thread_local! {
    static STAND: Stand = Stand::open();
}

/// Runs a closure with this thread's harness.
pub fn with<T>(use_it: impl FnOnce(&Stand) -> T) -> T {
    STAND.with(use_it)
}

impl Stand {
    fn open() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let outside = Outside::default();
        let url = runtime.block_on(outside.serve());
        let now = Arc::new(AtomicI64::new(NOW));
        let time = Arc::clone(&now);
        let clock = Clock::new(move || {
            Timestamp::from_millisecond(time.load(Ordering::Relaxed)).unwrap_or(Timestamp::MAX)
        });
        let var = |name: &str| Some(variable(name, &url));
        let mut config = interactions::Config::from_variables(&Variables::new(&var)).expect("variables");
        // Without rate limits, which would reject most inputs.
        config.common.limits = false;
        let interactions = Interactions::new(config, clock.clone(), 1).expect("addresses");
        let config = jobs::Config::from_variables(&Variables::new(&var)).expect("variables");
        let jobs = runtime.block_on(async { Jobs::new(config, clock, 2) }).expect("addresses");
        Self { runtime, outside, interactions, jobs, now }
    }

    /// The time, in seconds.
    pub fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed).div_euclid(1_000)
    }

    /// Sets the clock, in milliseconds.
    pub fn set_clock(&self, now: i64) {
        self.now.store(now, Ordering::Relaxed);
    }

    /// The status and body of the interactions function's response to a request with these headers.
    pub fn asked(&self, signature: &str, timestamp: &str, body: &[u8]) -> (u16, String) {
        let text = std::str::from_utf8(body);
        let event = json!({
            "rawPath": "/interactions",
            "headers": { "x-signature-ed25519": signature, "x-signature-timestamp": timestamp },
            "requestContext": { "http": { "method": "POST" } },
            "body": text.map_or_else(|_| BASE64_STANDARD.encode(body), str::to_owned),
            "isBase64Encoded": text.is_err(),
        });
        let event = event.to_string();
        let invocation = Invocation::default();
        let response = runtime::invoke(&self.interactions, event.as_bytes(), &invocation);
        let response = self.runtime.block_on(response).expect("it answers everything");
        invocation.run_after();
        let response = serde_json::to_value(response).expect("JSON");
        let status = response["statusCode"].as_u64().and_then(|status| status.try_into().ok());
        (status.expect("a status"), response["body"].as_str().expect("a body").to_owned())
    }

    /// Invokes the jobs function with a batch. Returns the indexes of the messages that failed.
    pub fn worked(&self, bodies: &[&str]) -> Vec<usize> {
        let mut event = SqsEvent::default();
        event.records = bodies.iter().enumerate().map(message).collect();
        let SqsBatchResponse { batch_item_failures, .. } =
            self.runtime.block_on(self.jobs.handle(event, &Invocation::default()));
        batch_item_failures.iter().map(|failure| failure.item_identifier.parse().expect("a number")).collect()
    }

    /// The bodies of the messages sent to the dead-letter queue since the last call.
    pub fn dead_letters(&self) -> Vec<String> {
        self.outside.dead_letters()
    }

    /// The messages sent to Discord since the last call.
    pub fn told(&self) -> Vec<Value> {
        self.outside.told().iter().map(|body| serde_json::from_str(body).expect("JSON")).collect()
    }
}

fn message((number, body): (usize, &&str)) -> SqsMessage {
    let mut message = SqsMessage::default();
    message.message_id = Some(number.to_string());
    message.receipt_handle = Some("handle".to_owned());
    message.body = Some((*body).to_owned());
    message.attributes.insert("ApproximateReceiveCount".to_owned(), "1".to_owned());
    message
}

fn variable(name: &str, url: &str) -> String {
    match name {
        "DISCORD_PUBLIC_KEY" => development_key::PUBLIC_KEY.to_owned(),
        "DISCORD_APPLICATION_ID" => "5".to_owned(),
        "MAX_SIGNATURE_AGE_SECONDS" => "300".to_owned(),
        "STAGE" => "local".to_owned(),
        _ if ["_BASE", "_URL"].iter().any(|end| name.ends_with(end)) => url.to_owned(),
        "AWS_ENDPOINT_URL_DYNAMODB" | "AWS_ENDPOINT_URL_SQS" => url.to_owned(),
        _ => "x".to_owned(),
    }
}

/// The signature that Discord would send, in hex.
pub fn signed(timestamp: &str, body: &[u8]) -> String {
    let key = SigningKey::from_bytes(&development_key::SEED);
    let signature = key.sign(&[timestamp.as_bytes(), body].concat());
    hex::encode(signature.to_bytes())
}
