//! What the seed has in store: for every interaction, call, delivery and message.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{
    dice::Dice,
    faults::{self, Day, Fault, Service},
    fleet::{Doom, Invocation},
    story::{Id, Stories},
};

/// The seed, and what has happened since.
pub(crate) struct Fate {
    pub(crate) dice: Dice,
    pub(crate) day: Day,
    pub(crate) stories: Stories,
    is_calm: AtomicBool,
}

impl Fate {
    pub(crate) fn new(seed: u64, stories: Stories) -> Self {
        Self { dice: Dice::new(seed), day: Day::of(seed), stories, is_calm: AtomicBool::new(false) }
    }

    /// From now on nothing goes wrong but what was to go wrong for good.
    pub(crate) fn calm_down(&self) {
        self.is_calm.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_calm(&self) -> bool {
        self.is_calm.load(Ordering::Relaxed)
    }

    /// The throw for an interaction. It has a number, because its id would be another tomorrow.
    pub(crate) fn of(&self, id: Id) -> Dice {
        self.dice.of("interaction", self.stories.number(id))
    }

    pub(crate) fn is_doomed(&self, id: Id) -> bool {
        faults::is_doomed(self.of(id))
    }

    pub(crate) fn is_refused(&self, id: Id) -> bool {
        faults::is_refused(self.of(id))
    }

    /// What goes wrong with a call that an environment makes.
    pub(crate) fn of_call(
        &self,
        invocation: &Invocation,
        (service, operation): (Service, &str),
        whom: &[Id],
    ) -> Option<Fault> {
        let about = whom.first().copied().unwrap_or_default();
        if service == Service::Discord && operation != "GET" && self.is_refused(about) {
            return Some(Fault::Outage);
        }
        if let Some(doom) = &invocation.doom {
            return self.of_doom(invocation, doom, operation);
        }
        if invocation.is_spared || self.is_calm() {
            return None;
        }
        let number = self.stories.number(about);
        let nth = self.stories.nth(number, &format!("{} {operation}", invocation.kind));
        let dice = |nth| self.of(about).of(invocation.kind, nth).of(operation, 0);
        let fault = self.day.call(dice(nth), service, operation);
        // What fails is often still failing a moment later, when it is tried again.
        let before = || self.day.call(dice(nth - 1), service, operation).filter(|fault| fault.lasts());
        fault.or_else(|| before().filter(|_| dice(nth).of("lasts", 0).strikes(6_000)))
    }

    /// A doomed job dies at its first or second call; on its second receive as soon as its watch is set, or
    /// could have been.
    fn of_doom(&self, invocation: &Invocation, doom: &Doom, operation: &str) -> Option<Fault> {
        let call = doom.calls.fetch_add(1, Ordering::Relaxed);
        let sets_a_watch = invocation.receive == 2 && operation == "SendMessage";
        let dies = !sets_a_watch && (invocation.receive == 2 || call >= doom.at);
        dies.then_some(Fault::Doom)
    }

    /// What goes wrong with a delivery.
    pub(crate) fn of_delivery(&self, id: Id, fault: Fault) -> bool {
        !self.is_calm() && self.day.delivery(self.of(id), fault)
    }

    /// What goes wrong with a message of a queue on this receive.
    pub(crate) fn of_message(&self, id: Id, receive: u32, fault: Fault) -> bool {
        !self.is_calm() && self.day.message(self.of(id).of("receive", receive.into()), fault)
    }
}
