//! The list of a function's environments and their states, for the inspector.

use std::collections::BTreeMap;

use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};

use super::InvokeError;

/// How many dead environments are listed; the oldest are removed first.
const MAX_DEAD_LISTED: usize = 20;

/// The state of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvironmentState {
    /// It is handling an event.
    Busy,
    /// It is frozen until the next event.
    Idle,
    /// It has ended, with this error.
    Dead(InvokeError),
}

/// One environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnvironmentInfo {
    /// Counted from 0.
    pub number: u64,
    /// When it was started, by the stack's clock.
    pub started: Timestamp,
    /// How many events it has received. The first one is a cold start.
    pub events: u64,
    /// Its state.
    pub state: EnvironmentState,
    /// When that state began, by the stack's clock.
    pub since: Timestamp,
}

#[derive(Debug, Default)]
pub(super) struct EnvironmentList(Mutex<BTreeMap<u64, EnvironmentInfo>>);

impl EnvironmentList {
    pub(super) fn event_received(&self, number: u64, now: Timestamp) {
        let mut all = self.all();
        let fresh =
            EnvironmentInfo { number, started: now, events: 0, state: EnvironmentState::Busy, since: now };
        let environment = all.entry(number).or_insert(fresh);
        *environment = EnvironmentInfo {
            events: environment.events + 1,
            state: EnvironmentState::Busy,
            since: now,
            ..*environment
        };
    }

    pub(super) fn set_state(&self, number: u64, state: EnvironmentState, now: Timestamp) {
        let mut all = self.all();
        if let Some(environment) = all.get_mut(&number) {
            *environment = EnvironmentInfo { state, since: now, ..*environment };
        }
        let dead = all
            .values()
            .filter(|environment| matches!(environment.state, EnvironmentState::Dead(_)))
            .map(|environment| environment.number);
        let dead: Vec<u64> = dead.collect();
        for number in &dead[..dead.len().saturating_sub(MAX_DEAD_LISTED)] {
            all.remove(number);
        }
    }

    /// All entries, in the order in which they were started.
    pub(super) fn list(&self) -> Vec<EnvironmentInfo> {
        self.all().values().copied().collect()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<u64, EnvironmentInfo>> {
        self.0.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_living_stay_and_the_oldest_dead_are_forgotten() {
        let (environment_list, now) = (EnvironmentList::default(), Timestamp::UNIX_EPOCH);
        environment_list.event_received(0, now);
        environment_list.set_state(0, EnvironmentState::Idle, now);
        for number in 1..=MAX_DEAD_LISTED as u64 + 1 {
            environment_list.event_received(number, now);
            environment_list.set_state(number, EnvironmentState::Dead(InvokeError::TimedOut), now);
        }
        let numbers: Vec<u64> =
            environment_list.list().iter().map(|environment| environment.number).collect();
        assert_eq!((numbers.len(), numbers[0], numbers[1]), (MAX_DEAD_LISTED + 1, 0, 2));
    }
}
