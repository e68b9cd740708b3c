//! What was found: each dependency with its state, and what that means for users.

use domain::breaker::Dependency;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// A check that takes longer than this is slow.
const SLOW_MS: u64 = 1_000;

/// The result of all checks.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) version: String,
    pub(crate) checked_at: Timestamp,
    pub(crate) checks: Vec<Check>,
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Check {
    pub(crate) name: Checked,
    pub(crate) state: State,
    pub(crate) took_ms: u64,
    /// The component and the code of the fault, without any text of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

/// What was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    StateTable,
    EphemeralTable,
    JobsQueue,
    Discord,
    Breaker(Dependency),
}

impl Checked {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::StateTable => "state table",
            Self::EphemeralTable => "ephemeral table",
            Self::JobsQueue => "jobs queue",
            Self::Discord => "discord",
            Self::Breaker(dependency) => dependency.name(),
        }
    }
}

impl Serialize for Checked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The state of a dependency, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    Works,
    Slow,
    Broken,
}

impl Check {
    pub(crate) fn new(name: Checked, took_ms: u64, fault: Option<String>) -> Self {
        let state = match fault {
            Some(_) => State::Broken,
            None if took_ms > SLOW_MS => State::Slow,
            None => State::Works,
        };
        Self { name, state, took_ms, reason: fault }
    }
}

/// A part of the bot as users know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Commands,
    LongCommands,
    Weather,
}

impl Part {
    pub(crate) const ALL: [Self; 3] = [Self::Commands, Self::LongCommands, Self::Weather];

    /// Whether this part needs what was checked.
    const fn needs(self, checked: Checked) -> bool {
        match self {
            Self::Commands => matches!(checked, Checked::StateTable | Checked::EphemeralTable),
            Self::LongCommands => matches!(checked, Checked::JobsQueue | Checked::Discord),
            Self::Weather => matches!(checked, Checked::Breaker(_)),
        }
    }
}

impl Report {
    /// Whether the bot can answer. It needs its tables and its queue; without Discord's API or the weather service it
    /// still answers in its response.
    pub(crate) fn is_ready(&self) -> bool {
        let is_needed = |check: &&Check| !matches!(check.name, Checked::Discord | Checked::Breaker(_));
        self.checks.iter().filter(is_needed).all(|check| check.state != State::Broken)
    }

    /// The worst state of what this part needs.
    pub(crate) fn state(&self, part: Part) -> State {
        let needed = self.checks.iter().filter(|check| part.needs(check.name));
        needed.map(|check| check.state).max().unwrap_or(State::Works)
    }

    /// The worst state of all.
    pub(crate) fn worst(&self) -> State {
        self.checks.iter().map(|check| check.state).max().unwrap_or(State::Works)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(broken: Option<Checked>) -> Report {
        let all = [Checked::StateTable, Checked::EphemeralTable, Checked::JobsQueue, Checked::Discord];
        let all = all.into_iter().chain(Dependency::ALL.map(Checked::Breaker));
        let checks =
            all.map(|name| Check::new(name, 5, (broken == Some(name)).then(|| "timeout".to_owned())));
        Report { version: "7".to_owned(), checked_at: Timestamp::UNIX_EPOCH, checks: checks.collect() }
    }

    #[test]
    fn the_bot_is_ready_as_long_as_it_can_answer_in_its_response() {
        assert!(report(None).is_ready());
        for needed in [Checked::StateTable, Checked::EphemeralTable, Checked::JobsQueue] {
            assert!(!report(Some(needed)).is_ready(), "{needed:?}");
        }
        for other in [Checked::Discord, Checked::Breaker(Dependency::Forecasts)] {
            assert!(report(Some(other)).is_ready(), "{other:?}");
        }
    }

    #[test]
    fn a_part_is_as_good_as_the_worst_that_it_needs() {
        let parts = |broken| Part::ALL.map(|part| report(broken).state(part));
        assert_eq!(parts(None), [State::Works; 3]);
        assert_eq!(parts(Some(Checked::EphemeralTable)), [State::Broken, State::Works, State::Works]);
        assert_eq!(parts(Some(Checked::Discord)), [State::Works, State::Broken, State::Works]);
        let geocoding = Checked::Breaker(Dependency::Geocoding);
        assert_eq!(parts(Some(geocoding)), [State::Works, State::Works, State::Broken]);
        assert_eq!(report(Some(geocoding)).worst(), State::Broken);
    }

    #[test]
    fn what_takes_longer_than_a_second_is_slow() {
        let state = |took_ms, fault: Option<&str>| {
            Check::new(Checked::Discord, took_ms, fault.map(str::to_owned)).state
        };
        assert_eq!((state(1_000, None), state(1_001, None)), (State::Works, State::Slow));
        assert_eq!(state(5, Some("timeout")), State::Broken);
    }
}
