//! The fault plan of a seed: which faults to inject into calls, deliveries and messages.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{
    dice::Dice,
    faults::{self, Day, Fault, Service},
    fleet::{Doom, Invocation},
    story::{Id, Stories},
};

/// The fault plan, and the history so far.
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

    /// From now on, no faults are injected except permanent ones (doomed and refused interactions).
    pub(crate) fn calm_down(&self) {
        self.is_calm.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_calm(&self) -> bool {
        self.is_calm.load(Ordering::Relaxed)
    }

    /// The random value of an interaction, derived from its sequence number: ids are not stable between runs of
    /// different versions.
    pub(crate) fn of(&self, id: Id) -> Dice {
        self.dice.of("interaction", self.stories.number(id))
    }

    pub(crate) fn is_doomed(&self, id: Id) -> bool {
        faults::is_doomed(self.of(id))
    }

    pub(crate) fn is_refused(&self, id: Id) -> bool {
        faults::is_refused(self.of(id))
    }

    /// The fault to inject into a call of an environment, if any.
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
        // A fault that lasts often hits the retry too.
        let before = || self.day.call(dice(nth - 1), service, operation).filter(|fault| fault.lasts());
        fault.or_else(|| before().filter(|_| dice(nth).of("lasts", 0).strikes(6_000)))
    }

    /// A doomed job dies at its first or second call. On its second receive it dies at the first call that does not
    /// send the watchdog message.
    fn of_doom(&self, invocation: &Invocation, doom: &Doom, operation: &str) -> Option<Fault> {
        let call = doom.calls.fetch_add(1, Ordering::Relaxed);
        let sets_a_watch = invocation.receive == 2 && operation == "SendMessage";
        let dies = !sets_a_watch && (invocation.receive == 2 || call >= doom.at);
        dies.then_some(Fault::Doom)
    }

    /// Whether to inject this fault into a delivery.
    pub(crate) fn of_delivery(&self, id: Id, fault: Fault) -> bool {
        !self.is_calm() && self.day.delivery(self.of(id), fault)
    }

    /// Whether to inject this fault into this receive of a message.
    pub(crate) fn of_message(&self, id: Id, receive: u32, fault: Fault) -> bool {
        !self.is_calm() && self.day.message(self.of(id).of("receive", receive.into()), fault)
    }
}
