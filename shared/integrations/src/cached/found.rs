//! The request to the cache, and its result.

use std::time::Duration;

use domain::{breaker::Question, deadline::later};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::{Entry, Fault};

/// A request: the key, and how old the answer may be.
#[derive(Debug, Clone, Copy)]
pub struct Lookup<'a> {
    /// The key in the table. Each key always has values of the same type.
    pub key: &'a str,
    /// How long an answer is fresh.
    pub fresh_for: Duration,
    /// How long an answer is kept, to be used as a stale one if the API fails.
    pub keep_for: Duration,
    /// The same for an answer that is an empty list.
    pub keep_empty_for: Duration,
    /// The time of the request; the cache adds the time that it takes.
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
    /// Fetched within [`Lookup::fresh_for`].
    Fresh,
    /// Older, because no fresh answer is available. The reply must show its age.
    Stale {
        /// The time since it was fetched.
        age: Duration,
    },
}

impl Lookup<'_> {
    pub(super) fn after(self, passed: Duration) -> Self {
        let now = later(self.now, passed);
        Self { now, ..self }
    }

    /// The question that a breaker recognises.
    pub(super) fn question(&self) -> Question {
        Question::of(self.key)
    }

    /// Until when an answer of now is kept; `value` is its JSON.
    pub(super) fn expires_at(&self, value: &str) -> Timestamp {
        later(self.now, if value == "[]" { self.keep_empty_for } else { self.keep_for })
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
    pub(super) fn parse(entry: &Entry, freshness: Freshness) -> Result<Self, Fault> {
        let value = serde_json::from_str(&entry.value);
        let value = value.map_err(|_| Fault::Malformed("value of ours"))?;
        Ok(Self { value, freshness })
    }
}
