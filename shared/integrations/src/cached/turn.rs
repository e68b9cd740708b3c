//! Decides which caller fetches: the holder of the lease, of which there is one across environments.

use std::{sync::Arc, time::Duration};

use domain::deadline::later;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep};

use super::{Cached, Lookup};
use crate::{
    Breaker, BreakerStore, Cache, Entry, Fault,
    cache::{Down, report},
};

/// The pause between two polls of the table while another environment fetches: 100 ms plus up to 150 ms of
/// jitter.
const POLL_PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(150));

/// The time between two tries to take a lease. Long, because all refused writes hit the same partition key.
const LEASE_RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// A caller with a stale answer waits at most this long for the fetch of another environment.
const MAX_STALE_WAIT: Duration = Duration::from_secs(3);

/// The result of waiting for a turn.
pub(super) enum Turn {
    /// A fresh answer.
    Found(Arc<Entry>),
    /// A stale answer: another environment takes too long to fetch, or the breaker is open.
    Stale(Arc<Entry>),
    /// The breaker is open, and no stale answer is cached.
    Refused(Fault),
    /// This caller fetches.
    Fetch {
        /// Whether it holds a lease that it must release.
        leased: bool,
        /// The answer to use if the fetch fails.
        stale: Option<Arc<Entry>>,
    },
}

impl<C: Cache> Cached<C> {
    /// Polls the table and tries to take the lease, until there is a fresh answer or this caller may fetch.
    ///
    /// After one and a half leases it may fetch without one: by then one holder has crashed and another one
    /// hangs.
    pub(super) async fn turn<T: DeserializeOwned, S: BreakerStore>(
        &self,
        asked: Lookup<'_>,
        lease: Duration,
        breaker: &Breaker<S>,
        begun: Instant,
    ) -> Turn {
        loop {
            let lookup = asked.after(begun.elapsed());
            let looked = match self.find_cached::<T>(&lookup).await {
                Ok(Some(entry)) if lookup.is_fresh(&entry) => return Turn::Found(entry),
                looked => looked,
            };
            if let Err(open) = breaker.check(lookup.question(), lookup.now).await {
                return looked.unwrap_or_else(|stale| stale).map_or(Turn::Refused(open), Turn::Stale);
            }
            let (leased, stale) = match looked {
                Ok(stale) => (self.lease(&lookup, lease).await, stale),
                Err(stale) => (Err(Down), stale),
            };
            match (leased, stale) {
                (Ok(true), stale) => return self.recheck::<T>(lookup, stale).await,
                (Ok(false), Some(stale)) if begun.elapsed() >= MAX_STALE_WAIT => return Turn::Stale(stale),
                (Ok(false), _) if begun.elapsed() < self.lease * 3 / 2 => {}
                (Ok(false) | Err(Down), stale) => return Turn::Fetch { leased: false, stale },
            }
            self.poll::<T>(asked, begun).await;
        }
    }

    /// Checks again under the lease, because another environment may have fetched and released it since.
    async fn recheck<T: DeserializeOwned>(&self, lookup: Lookup<'_>, stale: Option<Arc<Entry>>) -> Turn {
        match self.in_table::<T>(&lookup).await {
            Ok(Some(entry)) if lookup.is_fresh(&entry) => {
                self.release(&lookup).await;
                Turn::Found(entry)
            }
            _ => Turn::Fetch { leased: true, stale },
        }
    }

    /// Polls the table while another environment fetches, for the duration of [`LEASE_RETRY_INTERVAL`] or until there is a
    /// fresh answer, which is then in memory.
    async fn poll<T: DeserializeOwned>(&self, asked: Lookup<'_>, begun: Instant) {
        let end = Instant::now() + LEASE_RETRY_INTERVAL;
        while Instant::now() < end {
            sleep(POLL_PAUSE.0 + POLL_PAUSE.1.mul_f64(self.chance.draw())).await;
            let lookup = asked.after(begun.elapsed());
            match self.in_table::<T>(&lookup).await {
                Ok(Some(entry)) if lookup.is_fresh(&entry) => return,
                Ok(_) => {}
                Err(Down) => return,
            }
        }
    }

    async fn lease(&self, lookup: &Lookup<'_>, lease: Duration) -> Result<bool, Down> {
        let until = later(lookup.now, lease);
        let leased = self.table.lease(lookup.key, &self.holder, lookup.now, until).await;
        report("lease", leased)
    }

    /// If this fails, the lease expires by itself.
    pub(super) async fn release(&self, lookup: &Lookup<'_>) {
        let released = self.table.release(lookup.key, &self.holder).await;
        report("release", released).ok();
    }
}
