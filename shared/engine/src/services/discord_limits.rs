//! Shares Discord's rate limits between environments through the ephemeral table.

use std::time::Duration;

use aws::{DiscordLimits, Store, StoredLimits};
use discord::rest::{LimitState, LimitStore, MAX_INVALID_REQUESTS, Unavailable, WARN_INVALID_REQUESTS};
use domain::{Clock, Fault};
use futures_util::FutureExt;
use jiff::Timestamp;

/// The time limit of a table request, because a reply waits for it.
const TABLE_TIMEOUT: Duration = Duration::from_millis(600);

/// Discord's rate limits, as found by any environment.
#[derive(Debug)]
pub struct SharedLimits {
    limits: Store<DiscordLimits>,
    clock: Clock,
}

impl SharedLimits {
    /// Shares limits through `limits`. Builds no client yet.
    pub(super) fn new(limits: Store<DiscordLimits>, clock: Clock) -> Self {
        Self { limits, clock }
    }

    /// Boxed, like all SDK calls, because their futures are large.
    async fn with_timeout<T>(
        &self,
        request: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Unavailable> {
        let answer = tokio::time::timeout(TABLE_TIMEOUT, request.boxed()).await;
        answer.unwrap_or_else(|_| Err(Fault::timeout("discord limits"))).map_err(
            |Fault { component, code, .. }| {
                tracing::warn!(component, code, "Discord's shared rate limits are unavailable");
                Unavailable
            },
        )
    }
}

impl LimitStore for SharedLimits {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn load(&self) -> Result<LimitState, Unavailable> {
        let StoredLimits { closed_until, invalid } = self.with_timeout(self.limits.load()).await?;
        Ok(LimitState { closed_until, invalid })
    }

    async fn close(&self, until: Timestamp) -> Result<(), Unavailable> {
        tracing::warn!(until_ms = until.as_millisecond(), "all requests to Discord are paused");
        self.with_timeout(self.limits.close(until)).await
    }

    async fn count_invalid(&self, ends: Timestamp, count: u64) -> Result<u64, Unavailable> {
        let sum = self.with_timeout(self.limits.count_invalid(ends, count)).await?;
        // Each sum is returned to only one environment, so each threshold is logged once.
        let crosses = |line: u64| sum >= line && sum - count.min(sum) < line;
        if crosses(MAX_INVALID_REQUESTS) {
            tracing::error!(
                sum,
                "too many invalid requests to Discord: nothing is sent until the ten-minute window ends"
            );
        } else if crosses(WARN_INVALID_REQUESTS) {
            tracing::warn!(sum, "many invalid requests to Discord");
        }
        Ok(sum)
    }
}
