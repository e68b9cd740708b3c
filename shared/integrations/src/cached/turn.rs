//! Whose turn it is to ask the API: one holder of the lease at a time, across environments.

use std::{sync::Arc, time::Duration};

use domain::deadline::later;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep};

use super::{Cached, Lookup};
use crate::{
    Breaker, BreakerStore, Cache, Entry, Fault,
    cache::{Down, report},
};

/// Between two looks at the table while somebody else fetches: 100 ms and up to 150 more.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(150));

/// Between two tries to take a lease: seldom, because a crowd's refused writes all meet one key.
const WATCH: Duration = Duration::from_secs(1);

/// Who has a stale answer in hand waits no longer than this for somebody else's fetch.
const STALE_PATIENCE: Duration = Duration::from_secs(3);

/// What a search in memory and table came to.
pub(super) enum Turn {
    /// A fresh answer.
    Found(Arc<Entry>),
    /// Somebody else has been fetching for too long, or nobody may.
    Stale(Arc<Entry>),
    /// Nobody may fetch, and there is nothing old.
    Refused(Fault),
    /// It is ours to fetch it.
    Fetch {
        /// Whether there is a lease to give back.
        leased: bool,
        /// What will do if the fetch fails.
        stale: Option<Arc<Entry>>,
    },
}

impl<C: Cache> Cached<C> {
    /// Looks, and queues for the lease, until there is a fresh answer or it is ours to fetch it.
    ///
    /// After one and a half leases it is ours in any case: by then a holder has died, and another
    /// one hangs.
    pub(super) async fn turn<T: DeserializeOwned, S: BreakerStore>(
        &self,
        asked: Lookup<'_>,
        lease: Duration,
        breaker: &Breaker<S>,
        begun: Instant,
    ) -> Turn {
        loop {
            let lookup = asked.after(begun.elapsed());
            let looked = match self.look::<T>(&lookup).await {
                Ok(Some(entry)) if lookup.is_fresh(&entry) => return Turn::Found(entry),
                looked => looked,
            };
            if let Err(open) = breaker.check(lookup.now).await {
                return looked.unwrap_or_else(|stale| stale).map_or(Turn::Refused(open), Turn::Stale);
            }
            let (leased, stale) = match looked {
                Ok(stale) => (self.lease(&lookup, lease).await, stale),
                Err(stale) => (Err(Down), stale),
            };
            match (leased, stale) {
                (Ok(true), stale) => return self.look_again::<T>(lookup, stale).await,
                (Ok(false), Some(stale)) if begun.elapsed() >= STALE_PATIENCE => return Turn::Stale(stale),
                (Ok(false), _) if begun.elapsed() < self.lease * 3 / 2 => {}
                (Ok(false) | Err(Down), stale) => return Turn::Fetch { leased: false, stale },
            }
            self.watch::<T>(asked, begun).await;
        }
    }

    /// Under the lease: somebody may have fetched, and given it back, since we looked.
    async fn look_again<T: DeserializeOwned>(&self, lookup: Lookup<'_>, stale: Option<Arc<Entry>>) -> Turn {
        match self.tabled::<T>(&lookup).await {
            Ok(Some(entry)) if lookup.is_fresh(&entry) => {
                self.release(&lookup).await;
                Turn::Found(entry)
            }
            _ => Turn::Fetch { leased: true, stale },
        }
    }

    /// Looks at the table while somebody else fetches, for the while of [`WATCH`] or until it has
    /// a fresh answer, which is then in memory.
    async fn watch<T: DeserializeOwned>(&self, asked: Lookup<'_>, begun: Instant) {
        let end = Instant::now() + WATCH;
        while Instant::now() < end {
            sleep(PAUSE.0 + PAUSE.1.mul_f64(self.chance.draw())).await;
            let lookup = asked.after(begun.elapsed());
            match self.tabled::<T>(&lookup).await {
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

    /// If it fails, the lease runs out.
    pub(super) async fn release(&self, lookup: &Lookup<'_>) {
        let released = self.table.release(lookup.key, &self.holder).await;
        report("release", released).ok();
    }
}
