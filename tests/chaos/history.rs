//! The history of each interaction: injected faults for the checker, and a readable log.

use std::collections::{BTreeMap, HashMap};

use local_clock::Clock;
use parking_lot::{Mutex, MutexGuard};

use crate::{
    calls::{Call, Purpose},
    faults::Fault,
};

/// The id of an interaction.
pub(crate) type Id = u64;

/// An event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Event {
    /// Milliseconds after the interaction was created.
    pub(crate) ms: i64,
    /// A description.
    pub(crate) text: String,
    /// The injected fault, if it is one.
    pub(crate) fault: Option<Fault>,
    /// What met the fault: `door`, `job` or `watch` (a call or a message), `delivery`, `jobs` or `clock`.
    pub(crate) by: &'static str,
    /// The call, if it is one.
    pub(crate) call: Option<Call>,
    /// Whether the call took effect.
    pub(crate) is_done: bool,
}

impl Event {
    /// Whether it is a call for this purpose.
    pub(crate) fn is_for(&self, purpose: Purpose) -> bool {
        self.call.as_ref().is_some_and(|call| call.purpose == purpose)
    }

    fn of(call: Option<Call>) -> Self {
        let by = call.as_ref().map_or("", |call| call.kind);
        Self { by, call, ..Self::default() }
    }
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
        self.push(ids, &Event { text: text.to_owned(), ..Event::default() });
    }

    /// Records and counts an injected fault that is not of a call.
    pub(crate) fn record_fault(&self, ids: &[Id], by: &'static str, fault: Fault) {
        self.count(fault);
        let text = format!("{by}: {}", fault.name());
        self.push(ids, &Event { text, fault: Some(fault), by, ..Event::default() });
    }

    /// Records and counts the injected fault of a call.
    pub(crate) fn record_call_fault(&self, ids: &[Id], call: &Call, fault: Fault) {
        self.count(fault);
        let text = format!("{}: {}", call.label(), fault.name());
        let is_done = fault.hides_the_effect();
        let call = Some(call.clone());
        self.push(ids, &Event { text, fault: Some(fault), is_done, ..Event::of(call) });
    }

    /// Records a call that met no fault.
    pub(crate) fn record_call(&self, ids: &[Id], call: &Call, status: u16) {
        let text = format!("{}: {status}", call.label());
        let is_done = status < 300;
        self.push(ids, &Event { text, is_done, ..Event::of(Some(call.clone())) });
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

    fn count(&self, fault: Fault) {
        *self.state().fault_counts.entry(fault.name()).or_default() += 1;
    }

    fn push(&self, ids: &[Id], event: &Event) {
        let now = self.clock.now().as_millisecond();
        let mut state = self.state();
        for id in ids {
            let event = Event { ms: now - created_ms(*id), ..event.clone() };
            state.events.entry(*id).or_default().push(event);
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
