//! The fault plan of a seed: which faults to inject into calls, deliveries and messages.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::Request;
use local_clock::Clock;

use crate::{
    calls::{Call, is_to_webhook},
    environments::{Invocation, ScheduledKill},
    faults::{self, Fault, FaultRates, Service},
    history::{History, Id},
    outages::Outages,
    rng::Rng,
};

/// The fault plan, and the history so far.
pub(crate) struct FaultPlan {
    pub(crate) rng: Rng,
    pub(crate) rates: FaultRates,
    pub(crate) history: History,
    pub(crate) outages: Outages,
    is_stopped: AtomicBool,
}

impl FaultPlan {
    pub(crate) fn new(seed: u64, clock: &Clock) -> Self {
        let rng = Rng::new(seed);
        Self {
            rng,
            rates: FaultRates::for_seed(seed),
            history: History::new(clock.clone()),
            outages: Outages::for_seed(seed, rng, clock),
            is_stopped: AtomicBool::new(false),
        }
    }

    /// From now on, no faults are injected except permanent ones (see [`Self::is_always_killed`],
    /// [`Self::is_always_refused`] and [`Self::is_never_known`]) and lasting ones (see [`Outages`]).
    pub(crate) fn stop_transient_faults(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// The random value of an interaction, derived from its sequence number: ids are not stable between runs of
    /// different versions.
    pub(crate) fn rng_of(&self, id: Id) -> Rng {
        self.rng.derive("interaction", self.history.number(id))
    }

    pub(crate) fn is_always_killed(&self, id: Id) -> bool {
        faults::is_always_killed(self.rng_of(id))
    }

    pub(crate) fn is_always_refused(&self, id: Id) -> bool {
        faults::is_always_refused(self.rng_of(id))
    }

    pub(crate) fn is_never_known(&self, id: Id) -> bool {
        faults::is_never_known(self.rng_of(id))
    }

    /// The fault to inject into a call of an environment, if any.
    pub(crate) fn call_fault(
        &self,
        invocation: &Invocation,
        (call, request): (&Call, &Request<Bytes>),
        ids: &[Id],
    ) -> Option<Fault> {
        let id = ids.first().copied().unwrap_or_default();
        let (service, operation) = (call.service, call.operation.as_str());
        if service == Service::Discord && operation != "GET" && self.is_always_refused(id) {
            return Some(Fault::Outage);
        }
        if is_to_webhook(request) && self.is_never_known(id) {
            return Some(Fault::NeverKnown);
        }
        if let Some(kill) = &invocation.scheduled_kill {
            return self.scheduled_kill(invocation, kill, operation);
        }
        if let Some(fault) = self.outages.call_fault(call, request) {
            return Some(fault);
        }
        // With random faults of other places, the breaker would open by right.
        if service == Service::Weather && self.outages.failing_place.is_some() {
            return None;
        }
        if invocation.is_without_faults || self.is_stopped() {
            return None;
        }
        let number = self.history.number(id);
        let nth = self.history.count_call(number, &format!("{} {operation}", invocation.kind));
        let rng = |nth| self.rng_of(id).derive(invocation.kind, nth).derive(operation, 0);
        let is_possible = |fault: &Fault| *fault != Fault::UnknownWebhook || is_to_webhook(request);
        let fault = self.rates.call_fault(rng(nth), service, operation).filter(is_possible);
        // A fault that lasts often hits the retry too.
        let before = || {
            self.rates
                .call_fault(rng(nth - 1), service, operation)
                .filter(|fault| fault.is_lasting() && is_possible(fault))
        };
        fault.or_else(|| before().filter(|_| rng(nth).derive("lasts", 0).happens(6_000)))
    }

    /// A job that is always killed dies at its first or second call. On its second receive it dies at the first call that does not
    /// send the watchdog message.
    fn scheduled_kill(
        &self,
        invocation: &Invocation,
        kill: &ScheduledKill,
        operation: &str,
    ) -> Option<Fault> {
        let call = kill.calls.fetch_add(1, Ordering::Relaxed);
        let sends_watchdog = invocation.receive == 2 && operation == "SendMessage";
        let dies = !sends_watchdog && (invocation.receive == 2 || call >= kill.at_call);
        dies.then_some(Fault::AlwaysKilled)
    }

    /// Whether to inject this fault into a delivery.
    pub(crate) fn hits_delivery(&self, id: Id, fault: Fault) -> bool {
        !self.is_stopped() && self.rates.hits_delivery(self.rng_of(id), fault)
    }

    /// Whether to inject this fault into this receive of a message.
    pub(crate) fn hits_message(&self, id: Id, receive: u32, fault: Fault) -> bool {
        !self.is_stopped()
            && self.rates.hits_message(self.rng_of(id).derive("receive", receive.into()), fault)
    }
}
