//! The circuit breaker of an external API: after repeated failures, requests stop for a while.
//!
//! Closed: every request is sent. Open: none is, until a set time. Half-open: one request is sent as a
//! probe; if it succeeds, the breaker closes, if it fails, the breaker opens again for longer.
//!
//! It opens only if several different questions fail, so that a question which the API cannot answer keeps
//! nobody else out. Such a question waits by itself, see [`Breaker::failing_until`]. After 429 only the
//! environment that got it waits: the API counts requests by address, and each environment has another one.
//!
//! Environments share an [`Open`] (absent while closed) and replace it by a conditional write, [`Change`],
//! in which only one of them succeeds. A probe starts with such a write too: it moves `until` forward, so
//! for all other environments the breaker is simply open while the probe runs. Half-open therefore needs no
//! stored state, and if the probing environment dies, another one probes a few seconds later.

use std::{collections::VecDeque, time::Duration};

use jiff::Timestamp;

use crate::retry;

mod failing;
#[cfg(test)]
mod tests;
mod throttle;

use failing::FailingQuestions;
pub use failing::Question;
use throttle::Throttle;

/// An external API with a breaker of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dependency {
    /// Open-Meteo's geocoding API.
    Geocoding,
    /// Open-Meteo's forecast API.
    Forecasts,
}

impl Dependency {
    /// Every dependency.
    pub const ALL: [Self; 2] = [Self::Geocoding, Self::Forecasts];

    /// The name in logs and table keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Geocoding => "open-meteo-geocoding",
            Self::Forecasts => "open-meteo-forecasts",
        }
    }
}

/// How many failures among the latest requests open the breaker.
const FAILURE_THRESHOLD: usize = 5;
/// Of how many different questions they must be. A failed connection says nothing about the question, so
/// each counts as a different one.
const MIN_DIFFERENT_QUESTIONS: usize = 3;
/// How many of the latest requests are counted. With fewer than 5 failures in 10, at least half of the
/// users are served.
const MAX_RECENT_RESULTS: usize = 10;
/// Results older than this are not counted.
const RESULT_WINDOW: Duration = Duration::from_secs(30);

/// How long the breaker is open the first time. Doubled after each failed probe.
const INITIAL_OPEN_DURATION: Duration = Duration::from_secs(10);
/// The longest time that it is open, whatever `Retry-After` says, so that a recovery is noticed.
const MAX_OPEN_DURATION: Duration = Duration::from_secs(120);
/// How long a probe may take: it is a single try.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// A deferred job waits for a breaker that is open for at most this long. Twice the first opening, so that a
/// failed probe is waited out too; after that the user learns when to try again.
const MAX_WAIT_OF_A_JOB: Duration = Duration::from_secs(20);

/// Whether a deferred job waits until then, rather than telling its user to try again.
#[must_use]
pub fn is_waited_out(until: Timestamp, now: Timestamp) -> bool {
    until <= later(now, MAX_WAIT_OF_A_JOB)
}

/// The shared state of an open breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// From then on, one environment may probe.
    pub until: Timestamp,
    /// How many probes in a row have failed.
    pub failed_probes: u32,
}

/// The result of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The API answered, even if it refused the request.
    Answered,
    /// The API accepts no more requests from this environment for now: status 429.
    Throttled {
        /// The `Retry-After` of the answer, if it had one.
        retry_after: Option<Duration>,
    },
    /// There was no connection.
    Unreachable,
    /// No complete answer, or one that says that the API is unavailable.
    Failed {
        /// The `Retry-After` of the answer, if it had one.
        retry_after: Option<Duration>,
    },
}

/// What a request in the latest ones says about the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Recent {
    Answered,
    Unreachable,
    Failed(Question),
}

/// The kind of a permitted request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// The breaker is closed.
    Usual,
    /// A probe. The value is the shared state while it runs.
    Probe(Open),
}

/// Whether a request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Yes, the breaker is closed.
    Usual,
    /// Yes, as a probe, if this change succeeds.
    Probe(Change),
    /// No, the breaker is open.
    Wait {
        /// When it may be probed.
        until: Timestamp,
    },
}

/// A conditional write of the shared state: it fails if the stored value is not `seen` any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The value that is expected.
    pub seen: Option<Open>,
    /// The new value.
    pub next: Option<Open>,
}

/// The result of a [`Change`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The new value is stored.
    Made,
    /// Another environment was faster; this is the stored value.
    Otherwise(Option<Open>),
}

impl Open {
    fn new(retry_after: Option<Duration>, failed_probes: u32, now: Timestamp) -> Self {
        let grown =
            INITIAL_OPEN_DURATION.saturating_mul(2_u32.saturating_pow(failed_probes)).min(MAX_OPEN_DURATION);
        let asked = retry_after.unwrap_or_default().min(MAX_OPEN_DURATION);
        Self { until: later(now, grown.max(asked)), failed_probes }
    }

    /// Whether requests must still wait.
    #[must_use]
    pub fn is_shut(self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// The breaker of one dependency, as one environment sees it.
#[derive(Debug, Default)]
pub struct Breaker {
    open: Option<Open>,
    /// When each of the latest requests ended, and how.
    latest: VecDeque<(Timestamp, Recent)>,
    failing: FailingQuestions,
    throttle: Throttle,
}

impl Breaker {
    /// Whether a request may be sent now.
    #[must_use]
    pub fn admission(&self, now: Timestamp) -> Admission {
        let shared = self.open.map(|open| open.until).filter(|until| now < *until);
        if let Some(until) = shared.max(self.throttle.until(now)) {
            return Admission::Wait { until };
        }
        match self.open {
            None => Admission::Usual,
            seen @ Some(open) => {
                let next = Open { until: later(now, PROBE_TIMEOUT), ..open };
                Admission::Probe(Change { seen, next: Some(next) })
            }
        }
    }

    /// Until when this question is not asked, because it failed twice; `None` if it may be asked.
    #[must_use]
    pub fn failing_until(&self, question: Question, now: Timestamp) -> Option<Timestamp> {
        self.failing.until(question, now)
    }

    /// Until when this environment sends nothing, because the API throttles it; `None` if it may.
    #[must_use]
    pub fn throttled_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.throttle.until(now)
    }

    /// Records the result of a request. The change that it returns already applies to this environment.
    pub fn note(
        &mut self,
        pass: Pass,
        question: Question,
        outcome: Outcome,
        now: Timestamp,
    ) -> Option<Change> {
        self.throttle.note(outcome, now);
        let (seen, next) = match (pass, outcome) {
            // That is about this environment, so another one probes when the time of this probe is over.
            (_, Outcome::Throttled { .. }) => return None,
            (Pass::Usual, outcome) => (None, Some(self.opened(question, outcome, now)?)),
            (Pass::Probe(lease), Outcome::Answered) => (Some(lease), None),
            (Pass::Probe(lease), outcome) => {
                let failed_probes = lease.failed_probes.saturating_add(1);
                (Some(lease), Some(Open::new(outcome.retry_after(), failed_probes, now)))
            }
        };
        self.learn(next);
        Some(Change { seen, next })
    }

    /// Takes over the shared state.
    pub fn learn(&mut self, shared: Option<Open>) {
        if self.open != shared {
            // Results from before the change say nothing about the time after it.
            self.latest.clear();
            self.failing.clear();
        }
        self.open = shared;
    }

    /// The shared state, as last seen here.
    #[must_use]
    pub const fn open(&self) -> Option<Open> {
        self.open
    }

    /// Whether one of the latest requests failed.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        self.latest.iter().any(|(_, recent)| *recent != Recent::Answered)
    }

    /// The state to open with, if this result is one failure too many.
    fn opened(&mut self, question: Question, outcome: Outcome, now: Timestamp) -> Option<Open> {
        if self.open.is_some() {
            // The request was sent before the breaker opened.
            return None;
        }
        self.failing.note(question, outcome, now);
        let recent = match outcome {
            Outcome::Answered | Outcome::Throttled { .. } => Recent::Answered,
            Outcome::Unreachable => Recent::Unreachable,
            Outcome::Failed { .. } => Recent::Failed(question),
        };
        self.latest.push_back((now, recent));
        self.latest.retain(|(at, _)| now <= later(*at, RESULT_WINDOW));
        if self.latest.len() > MAX_RECENT_RESULTS {
            self.latest.pop_front();
        }
        let (failures, different) = self.failures();
        // An API that asks for a long wait is believed as soon as several questions have failed.
        let needed = if outcome.is_told_to_wait() { MIN_DIFFERENT_QUESTIONS } else { FAILURE_THRESHOLD };
        let opens = recent != Recent::Answered && failures >= needed && different >= MIN_DIFFERENT_QUESTIONS;
        opens.then(|| Open::new(outcome.retry_after(), 0, now))
    }

    /// How many of the latest requests failed, and of how many different questions.
    fn failures(&self) -> (usize, usize) {
        let (mut unreachable, mut questions) = (0, Vec::new());
        for (_, recent) in &self.latest {
            match recent {
                Recent::Answered => {}
                Recent::Unreachable => unreachable += 1,
                Recent::Failed(question) => questions.push(*question),
            }
        }
        let failures = unreachable + questions.len();
        questions.sort_unstable();
        questions.dedup();
        (failures, unreachable + questions.len())
    }
}

impl Outcome {
    fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Answered | Self::Unreachable => None,
            Self::Throttled { retry_after } | Self::Failed { retry_after } => retry_after,
        }
    }

    /// Whether the API asks for a wait that is too long to be waited out in place.
    fn is_told_to_wait(self) -> bool {
        self.retry_after() > Some(retry::MAX_WAIT_IN_PLACE)
    }
}

/// `at` plus `by`, in the table's resolution of whole milliseconds.
fn later(at: Timestamp, by: Duration) -> Timestamp {
    let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(at.as_millisecond().saturating_add(by)).unwrap_or(Timestamp::MAX)
}
