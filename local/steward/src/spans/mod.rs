//! The functions' trace steps, stored by interaction, so that the inspector can show a timeline.
//!
//! Every environment is a thread, and several stacks may run in one process: a thread-local note says to which
//! stack, function and environment a step belongs (`traced.rs`).

mod listener;
mod traced;

use std::{collections::VecDeque, sync::Arc};

use jiff::Timestamp;
use parking_lot::Mutex;

pub(crate) use listener::listener;
pub(crate) use traced::TracedHandler;

use local_clock::{Clock, Notifier};
use local_discord::InteractionId;

/// How many interactions are stored.
const MAX_INTERACTIONS: usize = 200;
/// How many steps of an interaction are stored, because a job can be retried without end.
const MAX_SPANS_PER_INTERACTION: usize = 500;

/// The steps of a stack. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Spans {
    recorded: Arc<Mutex<Recorded>>,
    clock: Clock,
    notifier: Notifier,
}

/// In the order of their first steps, not of their last.
type Recorded = VecDeque<(InteractionId, Vec<Span>)>;

/// One step, by the stack's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// When the previous step of the same invocation ended.
    pub since: Timestamp,
    pub at: Timestamp,
    pub what: SpanKind,
    pub source: SpanSource,
    /// The receive count of the message; `None` in the interactions function.
    pub receive: Option<u32>,
}

/// What it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SpanKind {
    /// The function received the interaction or the job.
    Received,
    /// A step is done; its name is that of a [`domain::measurement::Step`].
    Done(String),
    /// The function finished, with this outcome.
    Ended(String),
    /// The environment died before the function finished.
    Killed,
}

/// Which environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SpanSource {
    pub function: &'static str,
    /// Counted from 0.
    pub environment: u64,
    /// Whether this was the first event of the environment.
    pub cold: bool,
}

impl Spans {
    pub(crate) fn new(clock: Clock, notifier: Notifier) -> Self {
        Self { recorded: Arc::default(), clock, notifier }
    }

    /// The steps of an interaction, in the order in which they were recorded.
    pub(crate) fn of_interaction(&self, interaction: InteractionId) -> Vec<Span> {
        let recorded = self.recorded.lock();
        recorded.iter().find(|(id, _)| *id == interaction).map(|(_, steps)| steps.clone()).unwrap_or_default()
    }

    fn record(&self, interaction: InteractionId, step: Span) {
        self.add(interaction, step);
        self.notifier.notify();
    }

    fn add(&self, interaction: InteractionId, step: Span) {
        let mut recorded = self.recorded.lock();
        if let Some((_, steps)) = recorded.iter_mut().rev().find(|(id, _)| *id == interaction) {
            if steps.len() < MAX_SPANS_PER_INTERACTION {
                steps.push(step);
            }
            return;
        }
        if recorded.len() == MAX_INTERACTIONS {
            recorded.pop_front();
        }
        recorded.push_back((interaction, vec![step]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_interaction_is_forgotten_first() {
        let steps = Spans::new(Clock::default(), Notifier::default());
        let source = SpanSource { function: "jobs", environment: 0, cold: true };
        let at = Timestamp::UNIX_EPOCH;
        let step = Span { since: at, at, what: SpanKind::Received, source, receive: Some(1) };
        let id = |number: u64| number.to_string().parse::<InteractionId>().unwrap();
        for number in 1..=MAX_INTERACTIONS as u64 + 1 {
            steps.record(id(number), step.clone());
        }
        steps.record(id(2), Span { what: SpanKind::Killed, ..step.clone() });
        let recorded =
            [1, 2, MAX_INTERACTIONS as u64 + 1].map(|number| steps.of_interaction(id(number)).len());
        assert_eq!(recorded, [0, 2, 1]);
    }
}
