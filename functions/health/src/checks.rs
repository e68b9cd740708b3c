//! Asks each dependency whether it works, all at the same time.

use std::time::Duration;

use aws::{Aws, Breakers, DiscordLimits, Queue, Store};
use domain::{Fault, Flags, breaker::Dependency};
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::report::{Check, Checked};

/// The time limit of a check.
const CHECK_TIMEOUT: Duration = Duration::from_secs(3);

/// What the bot depends on.
#[derive(Debug)]
pub(crate) struct Dependencies {
    flags: Store<Flags>,
    limits: Store<DiscordLimits>,
    breakers: Store<Breakers>,
    jobs: Queue,
    http: outbound::Client,
    api_base: String,
}

impl Dependencies {
    pub(crate) fn new(aws: &Aws, jobs_queue_url: &str, api_base: String) -> Self {
        Self {
            flags: aws.store(),
            limits: aws.store(),
            breakers: aws.store(),
            jobs: aws.queue(jobs_queue_url),
            http: outbound::Client::new(),
            api_base,
        }
    }

    /// Checks all of them.
    pub(crate) async fn check(&self, now: Timestamp) -> Vec<Check> {
        let discord = async {
            let answered = discord::rest::gateway(&self.http, &self.api_base, CHECK_TIMEOUT).await;
            answered.map_err(|error| error.to_string())
        };
        let mut checks = vec![
            check(Checked::StateTable, reason(self.flags.load((), now))),
            check(Checked::EphemeralTable, reason(self.limits.load())),
            check(Checked::JobsQueue, reason(self.jobs.check())),
            check(Checked::Discord, discord.boxed()),
        ];
        checks.extend(Dependency::ALL.map(|of| check(Checked::Breaker(of), self.breaker(of, now).boxed())));
        future::join_all(checks).await
    }

    /// An open breaker is the fault. If the table does not answer, nothing is known of the breaker.
    async fn breaker(&self, of: Dependency, now: Timestamp) -> Result<(), String> {
        match self.breakers.load(of, now).await {
            Ok(Some(open)) if open.is_shut(now) => Err(format!("not called until {}", open.until)),
            _ => Ok(()),
        }
    }
}

/// Boxed, like all SDK calls, because their futures are large.
fn reason<'a, T>(
    request: impl Future<Output = Result<T, Fault>> + Send + 'a,
) -> BoxFuture<'a, Result<(), String>> {
    async { request.await.map(drop).map_err(|fault| fault.to_string()) }.boxed()
}

async fn check(name: Checked, request: BoxFuture<'_, Result<(), String>>) -> Check {
    let begun = Instant::now();
    let answered = tokio::time::timeout(CHECK_TIMEOUT, request).await;
    let fault = answered.unwrap_or_else(|_| Err("timeout".to_owned())).err();
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Check::new(name, took_ms, fault)
}
