//! The functions' trace steps, stored by interaction, so that the inspector can show a timeline.
//!
//! Every environment is a thread, and several stacks may run in one process: a thread-local note says to which
//! stack, function and environment a step belongs (`watched.rs`).

mod listener;
mod watched;

use std::{collections::VecDeque, sync::Arc};

use jiff::Timestamp;
use parking_lot::Mutex;

pub(crate) use listener::listener;
pub(crate) use watched::Watched;

use local_clock::{Clock, Notifier};
use local_discord::InteractionId;

/// How many interactions are stored.
const KEPT: usize = 200;
/// How many steps of an interaction are stored, because a job can be retried without end.
const LONGEST: usize = 500;

/// The steps of a stack. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Spans {
    kept: Arc<Mutex<Kept>>,
    clock: Clock,
    notifier: Notifier,
}

/// In the order of their first steps, not of their last.
type Kept = VecDeque<(InteractionId, Vec<Span>)>;

/// One step, by the stack's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// When the previous step of the same invocation ended.
    pub since: Timestamp,
    pub at: Timestamp,
    pub what: What,
    pub place: Place,
    /// The receive count of the message; `None` in the interactions function.
    pub receive: Option<u32>,
}

/// What it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
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
pub(crate) struct Place {
    pub function: &'static str,
    /// Counted from 0.
    pub environment: u64,
    /// Whether this was the first event of the environment.
    pub cold: bool,
}

impl Spans {
    pub(crate) fn new(clock: Clock, notifier: Notifier) -> Self {
        Self { kept: Arc::default(), clock, notifier }
    }

    /// The steps of an interaction, in the order in which they were recorded.
    pub(crate) fn of(&self, interaction: InteractionId) -> Vec<Span> {
        let kept = self.kept.lock();
        kept.iter().find(|(id, _)| *id == interaction).map(|(_, steps)| steps.clone()).unwrap_or_default()
    }

    fn keep(&self, interaction: InteractionId, step: Span) {
        self.add(interaction, step);
        self.notifier.notify();
    }

    fn add(&self, interaction: InteractionId, step: Span) {
        let mut kept = self.kept.lock();
        if let Some((_, steps)) = kept.iter_mut().rev().find(|(id, _)| *id == interaction) {
            if steps.len() < LONGEST {
                steps.push(step);
            }
            return;
        }
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((interaction, vec![step]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_interaction_is_forgotten_first() {
        let steps = Spans::new(Clock::default(), Notifier::default());
        let place = Place { function: "jobs", environment: 0, cold: true };
        let at = Timestamp::UNIX_EPOCH;
        let step = Span { since: at, at, what: What::Received, place, receive: Some(1) };
        let id = |number: u64| number.to_string().parse::<InteractionId>().unwrap();
        for number in 1..=KEPT as u64 + 1 {
            steps.keep(id(number), step.clone());
        }
        steps.keep(id(2), Span { what: What::Killed, ..step.clone() });
        let kept = [1, 2, KEPT as u64 + 1].map(|number| steps.of(id(number)).len());
        assert_eq!(kept, [0, 2, 1]);
    }
}
