//! A cache with single flight across environments, which prefers a stale answer to none.
//!
//! An answer is searched in this order: the memory of the process; a fetch that is under way in the
//! process; the shared table; and the API, if its breaker is not open, by the caller that holds the lease
//! on the key. The other callers poll the table, and now and then try to take the lease: it is released
//! after a failure, and expires if its holder crashed.
//!
//! Every step can be cancelled, because an unreleased lease expires. Every step except the API can fail:
//! without the table there are more fetches, but the answers are the same.

mod flight;
mod found;
mod turn;

use std::{sync::Arc, time::Duration};

use quick_cache::sync::Cache as Memory;
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::Instant;

use crate::{
    Breaker, BreakerStore, Cache, Chance, Entry, Fault,
    cache::{Down, report},
};
use flight::Flights;
pub use found::{Found, Freshness, Lookup};
use turn::Turn;

/// The default duration of a lease: longer than a fetch with its retries, and short enough for waiting
/// callers to outlast a crashed holder.
pub const LEASE_DURATION: Duration = Duration::from_secs(10);

/// The default number of answers in memory: 500 forecasts are about 5 MB.
pub const MAX_MEMORY_ENTRIES: usize = 500;

/// Answers of an API, cached in memory and in the table `C`.
#[derive(Debug)]
pub struct Cached<C> {
    table: Arc<C>,
    memory: Memory<String, Arc<Entry>>,
    flights: Flights<Result<(Arc<Entry>, Freshness), Fault>>,
    holder: String,
    lease: Duration,
    chance: Chance,
}

impl<C: Cache> Cached<C> {
    /// Caches answers in `table` and the latest `remembered` ones in memory. Leases last `lease` and are
    /// held in the name of `holder`, which must be unique to this environment.
    pub fn new(
        table: Arc<C>,
        holder: impl Into<String>,
        lease: Duration,
        remembered: usize,
        chance: Chance,
    ) -> Self {
        let (memory, flights, holder) = (Memory::new(remembered), Flights::new(), holder.into());
        Self { table, memory, flights, holder, lease, chance }
    }

    /// The answer for `lookup`: fresh if it is cached or can be fetched, otherwise stale.
    ///
    /// `fetch` is polled only if no fresh answer is cached, `breaker` is not open and this caller may
    /// fetch. Takes up to one and a half leases plus a fetch. Cancelling is harmless: a waiting caller
    /// takes over, in this process at once, in others when the lease expires.
    ///
    /// # Errors
    /// The fault of the fetch (of this caller, or of the one that it waited for) if there is no stale
    /// answer.
    pub async fn fetch<T: Serialize + DeserializeOwned>(
        &self,
        lookup: Lookup<'_>,
        breaker: &Breaker<impl BreakerStore>,
        fetch: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<Found<T>, Fault> {
        self.fetch_under(self.lease, lookup, breaker, fetch).await
    }

    /// As [`Self::fetch`], with a shorter lease: for a fetch that ends sooner or may be cancelled, so that
    /// others do not wait for a whole default lease.
    ///
    /// # Errors
    /// As [`Self::fetch`].
    pub async fn fetch_under<T: Serialize + DeserializeOwned>(
        &self,
        lease: Duration,
        lookup: Lookup<'_>,
        breaker: &Breaker<impl BreakerStore>,
        fetch: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<Found<T>, Fault> {
        if let Some(entry) = self.in_memory(&lookup)
            && lookup.is_fresh(&entry)
        {
            return Found::parse(&entry, Freshness::Fresh);
        }
        let found = self.find(lookup, lease, breaker, fetch);
        let (entry, freshness) = self.flights.join(lookup.key, found).await?;
        Found::parse(&entry, freshness)
    }

    /// The cached answer if it is fresh, or if `breaker` permits no request. `None` if
    /// a fetch may be worthwhile. Never calls the API, and does not wait for other callers.
    ///
    /// # Errors
    /// [`Fault::Open`] or [`Fault::Failing`] if the breaker permits no request and nothing is cached.
    pub async fn get<T: DeserializeOwned>(
        &self,
        lookup: Lookup<'_>,
        breaker: &Breaker<impl BreakerStore>,
    ) -> Result<Option<Found<T>>, Fault> {
        let known = self.peek(lookup).await;
        if known.as_ref().is_some_and(|found| found.freshness == Freshness::Fresh) {
            return Ok(known);
        }
        match breaker.check(lookup.question(), lookup.now).await {
            Ok(()) => Ok(None),
            Err(open) => known.map(Some).ok_or(open),
        }
    }

    /// The answer that this process remembers, if it is fresh.
    pub(crate) fn remembered<T: DeserializeOwned>(&self, lookup: Lookup<'_>) -> Option<T> {
        let entry = self.in_memory(&lookup).filter(|entry| lookup.is_fresh(entry))?;
        serde_json::from_str(&entry.value).ok()
    }

    /// The cached answer, fresh or stale.
    async fn peek<T: DeserializeOwned>(&self, lookup: Lookup<'_>) -> Option<Found<T>> {
        let mut known = self.in_memory(&lookup);
        if !known.as_ref().is_some_and(|entry| lookup.is_fresh(entry)) {
            let tabled = self.in_table::<T>(&lookup).await.unwrap_or_default();
            known = newer(known, tabled);
        }
        let entry = known?;
        Found::parse(&entry, lookup.freshness(&entry)).ok()
    }

    async fn find<T: Serialize + DeserializeOwned>(
        &self,
        lookup: Lookup<'_>,
        lease: Duration,
        breaker: &Breaker<impl BreakerStore>,
        fetch: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<(Arc<Entry>, Freshness), Fault> {
        let begun = Instant::now();
        let (leased, stale) = match self.turn::<T, _>(lookup, lease, breaker, begun).await {
            Turn::Found(entry) => return Ok((entry, Freshness::Fresh)),
            Turn::Stale(entry) => {
                let freshness = lookup.after(begun.elapsed()).freshness(&entry);
                return Ok((entry, freshness));
            }
            Turn::Refused(fault) => return Err(fault),
            Turn::Fetch { leased, stale } => (leased, stale),
        };
        let fetched = fetch
            .await
            .and_then(|value| serde_json::to_string(&value).map_err(|_| Fault::Malformed("value of ours")));
        let lookup = lookup.after(begun.elapsed());
        let outcome = match (fetched, stale) {
            (Ok(value), _) => Ok((self.store(&lookup, value).await, Freshness::Fresh)),
            (Err(fault), Some(entry)) if lookup.is_usable(&entry) => {
                // The fault is handled here, so it is logged here; otherwise an outage would go unnoticed
                // while stale answers last.
                if !matches!(fault, Fault::Open { .. } | Fault::Failing { .. }) {
                    tracing::warn!(%fault, "stale response used");
                }
                let freshness = lookup.freshness(&entry);
                Ok((entry, freshness))
            }
            (Err(fault), _) => Err(fault),
        };
        if leased {
            self.release(&lookup).await;
        }
        outcome
    }

    /// The newer answer of memory and table. If the table is unavailable, the error is the answer in
    /// memory.
    async fn find_cached<T: DeserializeOwned>(
        &self,
        lookup: &Lookup<'_>,
    ) -> Result<Option<Arc<Entry>>, Option<Arc<Entry>>> {
        let remembered = self.in_memory(lookup);
        if remembered.as_ref().is_some_and(|entry| lookup.is_fresh(entry)) {
            return Ok(remembered);
        }
        match self.in_table::<T>(lookup).await {
            Ok(tabled) => Ok(newer(remembered, tabled)),
            Err(Down) => Err(remembered),
        }
    }

    fn in_memory(&self, lookup: &Lookup<'_>) -> Option<Arc<Entry>> {
        self.memory.get(lookup.key).filter(|entry| lookup.is_usable(entry))
    }

    /// The answer in the table, if it is readable: one of another version is ignored.
    async fn in_table<T: DeserializeOwned>(&self, lookup: &Lookup<'_>) -> Result<Option<Arc<Entry>>, Down> {
        let entry = report("get", self.table.get(lookup.key).await)?;
        let entry =
            entry.filter(|entry| lookup.is_usable(entry) && serde_json::from_str::<T>(&entry.value).is_ok());
        Ok(entry.map(|entry| self.remember(lookup.key, entry)))
    }

    async fn store(&self, lookup: &Lookup<'_>, value: String) -> Arc<Entry> {
        let expires_at = lookup.expires_at(&value);
        let entry = Entry { value, fetched_at: lookup.now, expires_at };
        let entry = self.remember(lookup.key, entry);
        report("put", self.table.put(lookup.key, &entry).await).ok();
        entry
    }

    /// Stores `entry` in memory, unless a newer one is there. Returns the newer one.
    fn remember(&self, key: &str, entry: Entry) -> Arc<Entry> {
        let known = self.memory.get(key);
        if let Some(known) = known.filter(|known| known.fetched_at > entry.fetched_at) {
            return known;
        }
        let entry = Arc::new(entry);
        self.memory.insert(key.to_owned(), Arc::clone(&entry));
        entry
    }
}

fn newer(one: Option<Arc<Entry>>, other: Option<Arc<Entry>>) -> Option<Arc<Entry>> {
    one.into_iter().chain(other).max_by_key(|entry| entry.fetched_at)
}
