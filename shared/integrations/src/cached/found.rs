//! What is asked of the cache, and what comes back.

use std::time::Duration;

use domain::deadline::later;
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::{Entry, Fault};

/// What is wanted, and how old it may be.
#[derive(Debug, Clone, Copy)]
pub struct Lookup<'a> {
    /// The answer's name in the table. One key always stands for one type.
    pub key: &'a str,
    /// How long an answer counts as fresh.
    pub fresh_for: Duration,
    /// How long it is kept, to be given if the API fails.
    pub keep_for: Duration,
    /// The present; what takes time is added to it.
    pub now: Timestamp,
}

/// An answer, and whether it is fresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// The answer.
    pub value: T,
    /// Whether it is fresh.
    pub freshness: Freshness,
}

/// Whether an answer is fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Fetched just now, or recently enough.
    Fresh,
    /// Old, and the best there is: who shows it says so.
    Stale {
        /// How long ago it was fetched.
        age: Duration,
    },
}

impl Lookup<'_> {
    pub(super) fn after(self, passed: Duration) -> Self {
        let now = later(self.now, passed);
        Self { now, ..self }
    }

    pub(super) fn is_usable(&self, entry: &Entry) -> bool {
        self.now < entry.expires_at
    }

    pub(super) fn is_fresh(&self, entry: &Entry) -> bool {
        self.is_usable(entry) && self.now < later(entry.fetched_at, self.fresh_for)
    }

    pub(super) fn freshness(&self, entry: &Entry) -> Freshness {
        if self.is_fresh(entry) {
            return Freshness::Fresh;
        }
        // Negative if another environment's clock is ahead of ours.
        let age = self.now.duration_since(entry.fetched_at);
        let age = Duration::try_from(age).unwrap_or_default();
        Freshness::Stale { age }
    }
}

impl<T: DeserializeOwned> Found<T> {
    pub(super) fn read(entry: &Entry, freshness: Freshness) -> Result<Self, Fault> {
        let value = serde_json::from_str(&entry.value);
        let value = value.map_err(|_| Fault::Malformed("value of ours"))?;
        Ok(Self { value, freshness })
    }
}
