//! The circuit breaker: somebody else's API that does not answer is left alone for a while.
//!
//! Closed, everybody asks. After some failures it is open: nobody asks until a time. Then it is half-open,
//! and one asks, which is the probe: its success closes the breaker, its failure opens it for longer.
//!
//! Environments share an [`Open`], or nothing while it is closed, and change it by [`Change`], which
//! only one of several succeeds in. A probe is a change like the others: who makes it has the probe, and for all
//! others the breaker is open until the probe must have ended. So half-open is no state of its own, and a
//! prober that dies keeps nobody out for long.

use std::{collections::VecDeque, time::Duration};

use jiff::Timestamp;

use crate::retry;

#[cfg(test)]
mod tests;

/// What this depends on, each with a breaker of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dependency {
    /// Open-Meteo's search for places.
    Geocoding,
    /// Open-Meteo's forecasts.
    Forecasts,
}

impl Dependency {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Geocoding, Self::Forecasts];

    /// Its name in logs and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Geocoding => "open-meteo-geocoding",
            Self::Forecasts => "open-meteo-forecasts",
        }
    }
}

/// So many failures open it, ...
const FAILURES: usize = 5;
/// ... among so many of the latest asks: where one in two succeeds, half of the users are served.
const LATEST: usize = 10;
/// What is older than this says nothing about now.
const WINDOW: Duration = Duration::from_secs(30);

/// How long it is open the first time; twice as long after each probe that fails.
const FIRST: Duration = Duration::from_secs(10);
/// And at most so long, whatever the other side asks for: what has mended is noticed.
const LONGEST: Duration = Duration::from_secs(120);
/// A probe has ended after that, one way or another: it is one try.
const PROBE: Duration = Duration::from_secs(5);

/// An open breaker, as all environments see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// From then on one may probe.
    pub until: Timestamp,
    /// How many probes have failed.
    pub failed_probes: u32,
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer, be it a no.
    Answered,
    /// None, or one that says that there will be none for now.
    Failed {
        /// For how long, if it said so.
        retry_after: Option<Duration>,
    },
}

/// With which right somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// As everybody does.
    Usual,
    /// As the only one; all others see this.
    Probe(Open),
}

/// Whether somebody may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// As everybody does.
    Usual,
    /// As the only one, if the change to [`Change::next`] succeeds.
    Probe(Change),
    /// Not now.
    Wait {
        /// Until then.
        until: Timestamp,
    },
}

/// From what was seen to what is to be; in vain if it is something else by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is shared, as far as known.
    pub seen: Option<Open>,
    /// What shall be.
    pub next: Option<Open>,
}

/// What came of a [`Change`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was made.
    Made,
    /// Somebody else was faster, and made it this.
    Otherwise(Option<Open>),
}

impl Open {
    fn new(retry_after: Option<Duration>, failed_probes: u32, now: Timestamp) -> Self {
        let grown = FIRST.saturating_mul(2_u32.saturating_pow(failed_probes)).min(LONGEST);
        let asked = retry_after.unwrap_or_default().min(LONGEST);
        Self { until: later(now, grown.max(asked)), failed_probes }
    }

    /// Whether its time is not over.
    #[must_use]
    pub fn is_shut(self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// The breaker of one dependency, as one environment knows it.
#[derive(Debug, Default)]
pub struct Breaker {
    open: Option<Open>,
    /// When somebody asked, and whether it failed.
    latest: VecDeque<(Timestamp, bool)>,
}

impl Breaker {
    /// Whether somebody may ask now.
    #[must_use]
    pub fn ask(&self, now: Timestamp) -> Admission {
        match self.open {
            None => Admission::Usual,
            Some(open) if open.is_shut(now) => Admission::Wait { until: open.until },
            seen @ Some(open) => {
                let next = Open { until: later(now, PROBE), ..open };
                Admission::Probe(Change { seen, next: Some(next) })
            }
        }
    }

    /// Notes what came of asking. What is to change then, holds here already.
    pub fn note(&mut self, pass: Pass, outcome: Outcome, now: Timestamp) -> Option<Change> {
        let (seen, next) = match (pass, outcome) {
            (Pass::Usual, outcome) => (None, Some(self.opened(outcome, now)?)),
            (Pass::Probe(lease), Outcome::Answered) => (Some(lease), None),
            (Pass::Probe(lease), Outcome::Failed { retry_after }) => {
                (Some(lease), Some(Open::new(retry_after, lease.failed_probes.saturating_add(1), now)))
            }
        };
        self.learn(next);
        Some(Change { seen, next })
    }

    /// Learns what all environments share.
    pub fn learn(&mut self, shared: Option<Open>) {
        if self.open != shared {
            // What was before says nothing about what is to come.
            self.latest.clear();
        }
        self.open = shared;
    }

    /// What it is, as far as known here.
    #[must_use]
    pub const fn open(&self) -> Option<Open> {
        self.open
    }

    /// Whether a failure is among the latest.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        self.latest.iter().any(|(_, failed)| *failed)
    }

    /// As it is to be if this is one failure too many.
    fn opened(&mut self, outcome: Outcome, now: Timestamp) -> Option<Open> {
        if self.open.is_some() {
            // Asked before it was opened.
            return None;
        }
        let failed = matches!(outcome, Outcome::Failed { .. });
        self.latest.push_back((now, failed));
        self.latest.retain(|(at, _)| now <= later(*at, WINDOW));
        if self.latest.len() > LATEST {
            self.latest.pop_front();
        }
        let Outcome::Failed { retry_after } = outcome else { return None };
        let failures = self.latest.iter().filter(|(_, failed)| *failed).count();
        // Who is told when to come back need not find it out.
        let is_told = retry_after > Some(retry::LONGEST_WAIT);
        (is_told || failures >= FAILURES).then(|| Open::new(retry_after, 0, now))
    }
}

/// In whole milliseconds, as a table holds it.
fn later(at: Timestamp, by: Duration) -> Timestamp {
    let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(at.as_millisecond().saturating_add(by)).unwrap_or(Timestamp::MAX)
}
