//! The ephemeral table as cache and breaker store of the external APIs.

use std::time::Duration;

use aws::{Aws, Breakers, Cached, Leases, Seconds, Store};
use domain::{
    Clock,
    breaker::{Change, Changed, Dependency, Open},
};
use integrations::{BreakerStore, Cache, Entry, Unavailable};
use jiff::Timestamp;

/// The ephemeral table as cache and breaker store of the external APIs.
#[derive(Clone, Debug)]
pub struct Table {
    cache: Store<Cached>,
    leases: Store<Leases>,
    breakers: Store<Breakers>,
    clock: Clock,
}

const UNAVAILABLE: Unavailable = Unavailable { kind: "table" };

/// The time limit of a cache request: it must not take longer than the API itself.
const CACHE_TIMEOUT: Duration = Duration::from_secs(1);

/// The time limit of a breaker request. Shorter, because the breaker is almost always closed.
const BREAKER_TIMEOUT: Duration = Duration::from_millis(300);

impl Table {
    pub(super) fn new(aws: &Aws, clock: Clock) -> Self {
        Self { cache: aws.store(), leases: aws.store(), breakers: aws.store(), clock }
    }

    async fn with_timeout<T>(
        &self,
        request: impl Future<Output = Result<T, domain::Fault>>,
    ) -> Result<T, Unavailable> {
        within(CACHE_TIMEOUT, request).await
    }
}

async fn within<T>(
    patience: Duration,
    request: impl Future<Output = Result<T, domain::Fault>>,
) -> Result<T, Unavailable> {
    match tokio::time::timeout(patience, request).await {
        Ok(Ok(answer)) => Ok(answer),
        _ => Err(UNAVAILABLE),
    }
}

impl Cache for Table {
    async fn get(&self, key: &str) -> Result<Option<Entry>, Unavailable> {
        let found = self.with_timeout(self.cache.get(key, self.clock.now())).await?;
        Ok(found.map(|Cached { value, fetched_at, expires_at: Seconds(expires_at) }| Entry {
            value,
            fetched_at,
            expires_at,
        }))
    }

    async fn put(&self, key: &str, entry: &Entry) -> Result<(), Unavailable> {
        let Entry { value, fetched_at, expires_at } = entry.clone();
        let cached = Cached { value, fetched_at, expires_at: Seconds(expires_at) };
        self.with_timeout(self.cache.put(key, &cached, self.clock.now())).await
    }

    async fn lease(
        &self,
        key: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Unavailable> {
        self.with_timeout(self.leases.take(key, holder, now, until)).await
    }

    async fn release(&self, key: &str, holder: &str) -> Result<(), Unavailable> {
        self.with_timeout(self.leases.release(key, holder)).await
    }
}

impl BreakerStore for Table {
    async fn load(&self, of: Dependency, now: Timestamp) -> Result<Option<Open>, Unavailable> {
        within(BREAKER_TIMEOUT, self.breakers.load(of, now)).await
    }

    async fn change(
        &self,
        of: Dependency,
        holder: &str,
        change: Change,
        now: Timestamp,
    ) -> Result<Changed, Unavailable> {
        self.with_timeout(self.breakers.change(of, holder, change, now)).await
    }
}
