//! An in-memory cache of table items. Values expire after half a minute, but stay available in case the
//! table is unavailable.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use parking_lot::{Mutex, MutexGuard};

/// How long a value is fresh, and so how long a change takes to reach every environment.
const FRESH_FOR: SignedDuration = SignedDuration::from_secs(30);
/// The maximum number of entries; when it is reached, the older half is dropped.
const MAX_ENTRIES: usize = 1_000;

/// The time of the read or write, and the value.
type CachedValue<T> = (Timestamp, Arc<T>);

/// The cached values of one environment.
#[derive(Debug)]
pub(crate) struct TtlCache<K, T>(Mutex<HashMap<K, CachedValue<T>>>);

impl<K, T> Default for TtlCache<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T> TtlCache<K, T> {
    /// The value, if it is still fresh.
    pub(crate) fn fresh(&self, key: &K, now: Timestamp) -> Option<Arc<T>> {
        let entries = self.entries();
        let (at, value) = entries.get(key)?;
        (now.duration_since(*at) < FRESH_FOR).then(|| Arc::clone(value))
    }

    /// The value, however old; `None` if it was never cached.
    pub(crate) fn last(&self, key: &K) -> Option<Arc<T>> {
        self.entries().get(key).map(|(_, value)| Arc::clone(value))
    }

    /// Caches a value that has just been read or written.
    pub(crate) fn put(&self, key: K, value: T, now: Timestamp) -> Arc<T> {
        let value = Arc::new(value);
        let mut entries = self.entries();
        if entries.len() >= MAX_ENTRIES && !entries.contains_key(&key) {
            drop_older_half(&mut entries);
        }
        entries.insert(key, (now, Arc::clone(&value)));
        value
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<K, CachedValue<T>>> {
        self.0.lock()
    }
}

/// Drops the half that was read longest ago. An entry in use is read again when it is no longer fresh, so those
/// are in the newer half.
fn drop_older_half<K: Eq + Hash, T>(entries: &mut HashMap<K, CachedValue<T>>) {
    let mut by_age: Vec<_> = entries.drain().collect();
    let middle = by_age.len() / 2;
    by_age.select_nth_unstable_by_key(middle, |(_, (at, _))| *at);
    entries.extend(by_age.drain(middle..));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_fresh_for_half_a_minute_and_known_for_longer() {
        let cache = TtlCache::default();
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!((cache.fresh(&1, now), cache.last(&1)), (None, None));
        cache.put(1, "a", now);
        let later = |seconds| now + SignedDuration::from_secs(seconds);
        assert!(cache.fresh(&1, later(29)).is_some() && cache.fresh(&1, later(30)).is_none());
        assert_eq!(cache.last(&1).as_deref(), Some(&"a"));
    }

    #[test]
    fn one_value_does_not_displace_another() {
        let cache = TtlCache::default();
        let now = Timestamp::UNIX_EPOCH;
        for key in [1, 2, 1] {
            cache.put(key, key, now);
        }
        assert_eq!([1, 2].map(|key| cache.fresh(&key, now).as_deref().copied()), [Some(1), Some(2)]);
    }

    #[test]
    fn of_more_guilds_than_it_holds_those_read_last_are_kept() {
        let cache = TtlCache::default();
        let at = |key: usize| Timestamp::UNIX_EPOCH + SignedDuration::from_millis(key as i64);
        for key in 0..=MAX_ENTRIES {
            cache.put(key, (), at(key));
        }
        let kept = (0..=MAX_ENTRIES).filter(|key| cache.last(key).is_some());
        assert!(kept.eq(MAX_ENTRIES / 2..=MAX_ENTRIES));
    }

    #[test]
    fn an_entry_that_is_read_again_displaces_none() {
        let cache = TtlCache::default();
        for key in (0..MAX_ENTRIES).chain(0..MAX_ENTRIES) {
            cache.put(key, (), Timestamp::UNIX_EPOCH);
        }
        assert_eq!(cache.entries().len(), MAX_ENTRIES);
    }

    #[test]
    fn memory_is_bounded() {
        let cache = TtlCache::default();
        for key in 0..3 * MAX_ENTRIES {
            cache.put(key, (), Timestamp::UNIX_EPOCH);
            assert!(cache.entries().len() <= MAX_ENTRIES);
        }
    }
}
