//! The history of each interaction: injected faults for the judge, and a readable log.

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
pub(crate) struct Stories {
    clock: Clock,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Sequence numbers, in the order of first use.
    numbers: HashMap<Id, u64>,
    told: BTreeMap<Id, Vec<Event>>,
    counted: BTreeMap<&'static str, u64>,
    calls: HashMap<(u64, String), u64>,
    /// The receive count of its job.
    receives: HashMap<Id, u32>,
}

impl Stories {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, known: Mutex::default() }
    }

    /// The sequence number of an interaction, from 1, in the order of the first calls of this function.
    pub(crate) fn number(&self, id: Id) -> u64 {
        let mut known = self.known();
        let next = known.numbers.len() as u64 + 1;
        *known.numbers.entry(id).or_insert(next)
    }

    /// Records an event for each of these interactions.
    pub(crate) fn tell(&self, whom: &[Id], text: &str) {
        self.note(whom, text, None);
    }

    /// Records and counts an injected fault.
    pub(crate) fn strike(&self, whom: &[Id], text: &str, fault: Fault) {
        *self.known().counted.entry(fault.name()).or_default() += 1;
        self.note(whom, &format!("{text}: {}", fault.name()), Some(fault));
    }

    /// Counts calls with the same arguments, from 1.
    pub(crate) fn nth(&self, of: u64, what: &str) -> u64 {
        let mut known = self.known();
        let nth = known.calls.entry((of, what.to_owned())).or_default();
        *nth += 1;
        *nth
    }

    /// Records the receive count of a job.
    pub(crate) fn received(&self, id: Id, nth: u32) {
        self.known().receives.insert(id, nth);
    }

    pub(crate) fn receives(&self, id: Id) -> u32 {
        self.known().receives.get(&id).copied().unwrap_or_default()
    }

    pub(crate) fn of(&self, id: Id) -> Vec<Event> {
        self.known().told.get(&id).cloned().unwrap_or_default()
    }

    pub(crate) fn counted(&self) -> BTreeMap<&'static str, u64> {
        self.known().counted.clone()
    }

    fn note(&self, whom: &[Id], text: &str, fault: Option<Fault>) {
        let now = self.clock.now().as_millisecond();
        let mut known = self.known();
        for id in whom {
            let ms = now - born_ms(*id);
            known.told.entry(*id).or_default().push(Event { ms, text: text.to_owned(), fault });
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock()
    }
}

/// Source: Discord, "Snowflakes".
fn born_ms(id: Id) -> i64 {
    ((id >> 22) + 1_420_070_400_000).cast_signed()
}
