//! The history of each interaction: injected faults for the checker, and a readable log.

use std::collections::{BTreeMap, HashMap};

use local_clock::Clock;
use parking_lot::{Mutex, MutexGuard};

use crate::faults::Fault;

/// The id of an interaction.
pub(crate) type Id = u64;

/// An event.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Milliseconds after the interaction was created.
    pub(crate) ms: i64,
    /// A description.
    pub(crate) text: String,
    /// The injected fault, if it is one.
    pub(crate) fault: Option<Fault>,
}

/// The histories of all interactions.
pub(crate) struct History {
    clock: Clock,
    state: Mutex<Recorded>,
}

#[derive(Default)]
struct Recorded {
    /// Sequence numbers, in the order of first use.
    numbers: HashMap<Id, u64>,
    events: BTreeMap<Id, Vec<Event>>,
    fault_counts: BTreeMap<&'static str, u64>,
    calls: HashMap<(u64, String), u64>,
    /// The receive count of its job.
    receives: HashMap<Id, u32>,
}

impl History {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// The sequence number of an interaction, from 1, in the order of the first calls of this function.
    pub(crate) fn number(&self, id: Id) -> u64 {
        let mut state = self.state();
        let next = state.numbers.len() as u64 + 1;
        *state.numbers.entry(id).or_insert(next)
    }

    /// Records an event for each of these interactions.
    pub(crate) fn record(&self, ids: &[Id], text: &str) {
        self.push(ids, text, None);
    }

    /// Records and counts an injected fault.
    pub(crate) fn record_fault(&self, ids: &[Id], text: &str, fault: Fault) {
        *self.state().fault_counts.entry(fault.name()).or_default() += 1;
        self.push(ids, &format!("{text}: {}", fault.name()), Some(fault));
    }

    /// Counts calls with the same arguments, from 1.
    pub(crate) fn count_call(&self, number: u64, what: &str) -> u64 {
        let mut state = self.state();
        let count = state.calls.entry((number, what.to_owned())).or_default();
        *count += 1;
        *count
    }

    /// Records the receive count of a job.
    pub(crate) fn record_receive(&self, id: Id, count: u32) {
        self.state().receives.insert(id, count);
    }

    pub(crate) fn receives(&self, id: Id) -> u32 {
        self.state().receives.get(&id).copied().unwrap_or_default()
    }

    pub(crate) fn events(&self, id: Id) -> Vec<Event> {
        self.state().events.get(&id).cloned().unwrap_or_default()
    }

    pub(crate) fn fault_counts(&self) -> BTreeMap<&'static str, u64> {
        self.state().fault_counts.clone()
    }

    fn push(&self, ids: &[Id], text: &str, fault: Option<Fault>) {
        let now = self.clock.now().as_millisecond();
        let mut state = self.state();
        for id in ids {
            let ms = now - created_ms(*id);
            state.events.entry(*id).or_default().push(Event { ms, text: text.to_owned(), fault });
        }
    }

    fn state(&self) -> MutexGuard<'_, Recorded> {
        self.state.lock()
    }
}

/// Source: Discord, "Snowflakes".
fn created_ms(id: Id) -> i64 {
    ((id >> 22) + 1_420_070_400_000).cast_signed()
}
