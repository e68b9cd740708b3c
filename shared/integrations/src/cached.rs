//! One fetch for many callers, across environments, and a stale answer rather than none.
//!
//! An answer is looked for in this order: the memory of the process; a fetch that is under way in the process; the
//! shared table; and the API, if its breaker is not open, by the one caller that takes the lease on the key. The others
//! poll the table, and now and then try to take the lease: it is given back after a failure, and expires if its holder
//! crashed.
//!
//! Every step can be cancelled: a lease that is not given back runs out. And every step but the API
//! can fail: a table that is down costs extra fetches, not answers.

mod flight;
mod found;
mod turn;

use std::{sync::Arc, time::Duration};

use domain::deadline::later;
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

/// How long a lease lasts, if nothing else is said: longer than a fetch with its retries, short
/// enough that the askers outlive a holder that died.
pub const LEASE: Duration = Duration::from_secs(10);

/// How many answers a process remembers, if nothing else is said: 500 forecasts are about 5 MB.
pub const REMEMBERED: usize = 500;

/// Answers of an API, kept in memory and in the table `C`.
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
    /// Keeps answers in `table`, under leases of `lease` in the name of `holder`, which is unique to
    /// this environment; remembers the latest `remembered` of them.
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

    /// The answer that `lookup` asks for, fresh if it is known or can be fetched, else stale.
    ///
    /// `fetch` is polled only if nobody knows the answer, `breaker` is not open and it is ours to ask.
    /// Takes up to one and a half leases and a fetch. Cancelling it is harmless: who waits for us goes on in our place,
    /// in this process at once, in others when the lease runs out.
    ///
    /// # Errors
    /// The fault of the fetch (ours, or of the one we waited for) if there is no stale answer.
    pub async fn fetch<T: Serialize + DeserializeOwned>(
        &self,
        lookup: Lookup<'_>,
        breaker: &Breaker<impl BreakerStore>,
        fetch: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<Found<T>, Fault> {
        self.fetch_under(self.lease, lookup, breaker, fetch).await
    }

    /// As [`Self::fetch`], under a shorter lease: for a fetch that is known to end sooner, or that may
    /// be cancelled, which must not keep others waiting for the whole usual lease.
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
        if let Some(entry) = self.remembered(&lookup)
            && lookup.is_fresh(&entry)
        {
            return Found::read(&entry, Freshness::Fresh);
        }
        let found = self.find(lookup, lease, breaker, fetch);
        let (entry, freshness) = self.flights.join(lookup.key, found).await?;
        Found::read(&entry, freshness)
    }

    /// What memory and table know if it is fresh, or if `breaker` is open: then nothing better can be had.
    /// `None` if it is worth a fetch. Never asks the API, and waits for nobody.
    ///
    /// # Errors
    /// [`Fault::Open`] if it is open and nothing is known.
    pub async fn known<T: DeserializeOwned>(
        &self,
        lookup: Lookup<'_>,
        breaker: &Breaker<impl BreakerStore>,
    ) -> Result<Option<Found<T>>, Fault> {
        let known = self.peek(lookup).await;
        if known.as_ref().is_some_and(|found| found.freshness == Freshness::Fresh) {
            return Ok(known);
        }
        match breaker.check(lookup.now).await {
            Ok(()) => Ok(None),
            Err(open) => known.map(Some).ok_or(open),
        }
    }

    /// What memory and table know, fresh or stale.
    async fn peek<T: DeserializeOwned>(&self, lookup: Lookup<'_>) -> Option<Found<T>> {
        let mut known = self.remembered(&lookup);
        if !known.as_ref().is_some_and(|entry| lookup.is_fresh(entry)) {
            let tabled = self.tabled::<T>(&lookup).await.unwrap_or_default();
            known = newer(known, tabled);
        }
        let entry = known?;
        Found::read(&entry, lookup.freshness(&entry)).ok()
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
            (Ok(value), _) => Ok((self.keep(&lookup, value).await, Freshness::Fresh)),
            (Err(fault), Some(entry)) if lookup.is_usable(&entry) => {
                // Handled here, so logged here; otherwise nobody would hear of it for a day.
                if !matches!(fault, Fault::Open { .. }) {
                    tracing::warn!(%fault, "stale answer given");
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

    /// The best of memory and table. If the table is down: what memory has, as the error.
    async fn look<T: DeserializeOwned>(
        &self,
        lookup: &Lookup<'_>,
    ) -> Result<Option<Arc<Entry>>, Option<Arc<Entry>>> {
        let remembered = self.remembered(lookup);
        if remembered.as_ref().is_some_and(|entry| lookup.is_fresh(entry)) {
            return Ok(remembered);
        }
        match self.tabled::<T>(lookup).await {
            Ok(tabled) => Ok(newer(remembered, tabled)),
            Err(Down) => Err(remembered),
        }
    }

    fn remembered(&self, lookup: &Lookup<'_>) -> Option<Arc<Entry>> {
        self.memory.get(lookup.key).filter(|entry| lookup.is_usable(entry))
    }

    /// What the table has, and is readable: an entry of another version is as good as none.
    async fn tabled<T: DeserializeOwned>(&self, lookup: &Lookup<'_>) -> Result<Option<Arc<Entry>>, Down> {
        let entry = report("get", self.table.get(lookup.key).await)?;
        let entry =
            entry.filter(|entry| lookup.is_usable(entry) && serde_json::from_str::<T>(&entry.value).is_ok());
        Ok(entry.map(|entry| self.remember(lookup.key, entry)))
    }

    async fn keep(&self, lookup: &Lookup<'_>, value: String) -> Arc<Entry> {
        let entry = Entry { value, fetched_at: lookup.now, expires_at: later(lookup.now, lookup.keep_for) };
        let entry = self.remember(lookup.key, entry);
        report("put", self.table.put(lookup.key, &entry).await).ok();
        entry
    }

    /// Remembers `entry`, unless a newer one is remembered (the table may have missed it); gives the newer.
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
