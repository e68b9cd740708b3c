//! The list of a function's environments and their states, for the inspector.

use std::collections::BTreeMap;

use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};

use super::InvokeError;

/// How many dead environments are listed; the oldest are removed first.
const DEAD_KEPT: usize = 20;

/// The state of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It is handling an event.
    Busy,
    /// It is frozen until the next event.
    Idle,
    /// It has ended, with this error.
    Dead(InvokeError),
}

/// One environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Counted from 0.
    pub number: u64,
    /// When it was started, by the stack's clock.
    pub started: Timestamp,
    /// How many events it has received. The first one is a cold start.
    pub events: u64,
    /// Its state.
    pub doing: Doing,
    /// When that state began, by the stack's clock.
    pub since: Timestamp,
}

#[derive(Debug, Default)]
pub(super) struct Census(Mutex<BTreeMap<u64, Seen>>);

impl Census {
    pub(super) fn takes_an_event(&self, number: u64, now: Timestamp) {
        let mut all = self.all();
        let fresh = Seen { number, started: now, events: 0, doing: Doing::Busy, since: now };
        let seen = all.entry(number).or_insert(fresh);
        *seen = Seen { events: seen.events + 1, doing: Doing::Busy, since: now, ..*seen };
    }

    pub(super) fn is_now(&self, number: u64, doing: Doing, now: Timestamp) {
        let mut all = self.all();
        if let Some(seen) = all.get_mut(&number) {
            *seen = Seen { doing, since: now, ..*seen };
        }
        let dead = all.values().filter(|seen| matches!(seen.doing, Doing::Dead(_))).map(|seen| seen.number);
        let dead: Vec<u64> = dead.collect();
        for number in &dead[..dead.len().saturating_sub(DEAD_KEPT)] {
            all.remove(number);
        }
    }

    /// All entries, in the order in which they were started.
    pub(super) fn list(&self) -> Vec<Seen> {
        self.all().values().copied().collect()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<u64, Seen>> {
        self.0.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_living_stay_and_the_oldest_dead_are_forgotten() {
        let (census, now) = (Census::default(), Timestamp::UNIX_EPOCH);
        census.takes_an_event(0, now);
        census.is_now(0, Doing::Idle, now);
        for number in 1..=DEAD_KEPT as u64 + 1 {
            census.takes_an_event(number, now);
            census.is_now(number, Doing::Dead(InvokeError::TimedOut), now);
        }
        let numbers: Vec<u64> = census.list().iter().map(|seen| seen.number).collect();
        assert_eq!((numbers.len(), numbers[0], numbers[1]), (DEAD_KEPT + 1, 0, 2));
    }
}
