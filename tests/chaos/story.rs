//! What happened to each interaction, as the harness knows it: excuses for the judge, and a story for people.

use std::collections::{BTreeMap, HashMap};

use local_clock::Clock;
use parking_lot::{Mutex, MutexGuard};

use crate::faults::Fault;

/// The id of an interaction.
pub(crate) type Id = u64;

/// What happened.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Milliseconds after the interaction was made.
    pub(crate) ms: i64,
    /// In words.
    pub(crate) text: String,
    /// What the harness did to it, if it did.
    pub(crate) fault: Option<Fault>,
}

/// Every interaction's story.
pub(crate) struct Stories {
    clock: Clock,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// In the order in which they came to the door.
    numbers: HashMap<Id, u64>,
    told: BTreeMap<Id, Vec<Event>>,
    counted: BTreeMap<&'static str, u64>,
    calls: HashMap<(u64, String), u64>,
    /// How often the queue has handed its job out.
    receives: HashMap<Id, u32>,
}

impl Stories {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, known: Mutex::default() }
    }

    /// The number of an interaction; the first that is asked for is 1.
    pub(crate) fn number(&self, id: Id) -> u64 {
        let mut known = self.known();
        let next = known.numbers.len() as u64 + 1;
        *known.numbers.entry(id).or_insert(next)
    }

    /// Tells something of each of these.
    pub(crate) fn tell(&self, whom: &[Id], text: &str) {
        self.note(whom, text, None);
    }

    /// Tells, and counts, what the harness does to them.
    pub(crate) fn strike(&self, whom: &[Id], text: &str, fault: Fault) {
        *self.known().counted.entry(fault.name()).or_default() += 1;
        self.note(whom, &format!("{text}: {}", fault.name()), Some(fault));
    }

    /// How often this was asked before, for the same thing.
    pub(crate) fn nth(&self, of: u64, what: &str) -> u64 {
        let mut known = self.known();
        let nth = known.calls.entry((of, what.to_owned())).or_default();
        *nth += 1;
        *nth
    }

    /// A queue has handed out a job, for the n-th time.
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
