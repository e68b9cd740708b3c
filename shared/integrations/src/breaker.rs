//! The circuit breaker of one API, whose state all environments share.
//!
//! The rules are in [`domain::breaker`]. What is shared is read before a question leaves the process, at
//! most every few seconds while all is well, and written when the breaker opens, is probed or closes. A
//! table that is down keeps nobody out: then each environment has a breaker of its own.

use std::{sync::Arc, time::Duration};

use domain::{
    breaker::{Admission, Change, Changed, Dependency, Open, Outcome, Pass},
    deadline::later,
};
use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};

use crate::{
    Fault, Unavailable,
    cache::{Down, report},
};

/// How long what is shared counts as known.
const KNOWN_FOR: Duration = Duration::from_secs(3);

/// What this crate needs of a table that all environments share, for its breakers. As for
/// [`crate::Cache`], calls end by themselves.
pub trait BreakerStore: Send + Sync {
    /// What is stored; `None` while it is closed.
    ///
    /// # Errors
    /// [`Unavailable`]; so for every call.
    fn load(
        &self,
        of: Dependency,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<Open>, Unavailable>> + Send;

    /// Makes a change in the name of `holder`, if what is stored is still what was seen.
    fn change(
        &self,
        of: Dependency,
        holder: &str,
        change: Change,
        now: Timestamp,
    ) -> impl Future<Output = Result<Changed, Unavailable>> + Send;
}

/// The breaker of one API.
#[derive(Debug)]
pub struct Breaker<S> {
    of: Dependency,
    store: Arc<S>,
    holder: String,
    known: Mutex<Known>,
    looking: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    breaker: domain::breaker::Breaker,
    looked: Option<Timestamp>,
    /// Others do not know yet what is known here.
    is_ours_alone: bool,
}

impl Known {
    /// Whether what is shared was read lately, and is not about to change: of a breaker whose time is over
    /// somebody else may have the probe, or have had it.
    fn is_enough(&self, now: Timestamp) -> bool {
        let lately = self.looked.is_some_and(|looked| now < later(looked, KNOWN_FOR));
        lately && !matches!(self.breaker.ask(now), Admission::Probe(_))
    }
}

impl<S: BreakerStore> Breaker<S> {
    /// Of this dependency, shared by `store` in the name of `holder`, which is unique to this environment.
    pub fn new(of: Dependency, store: Arc<S>, holder: impl Into<String>) -> Self {
        let (known, looking) = (Mutex::default(), tokio::sync::Mutex::default());
        Self { of, store, holder: holder.into(), known, looking }
    }

    /// Whether it is worth asking.
    ///
    /// # Errors
    /// [`Fault::Open`] if it is not.
    pub async fn check(&self, now: Timestamp) -> Result<(), Fault> {
        self.look(now).await;
        self.recheck(now)
    }

    /// As [`Self::check`], as far as known here.
    pub(crate) fn recheck(&self, now: Timestamp) -> Result<(), Fault> {
        match self.known().breaker.ask(now) {
            Admission::Wait { until } => Err(self.open_until(until)),
            Admission::Usual | Admission::Probe(_) => Ok(()),
        }
    }

    /// Lets somebody ask, who then notes the outcome; as a probe only who `may_probe`.
    pub(crate) async fn admit(&self, may_probe: bool, now: Timestamp) -> Result<Pass, Fault> {
        self.look(now).await;
        loop {
            let change = match self.begin(may_probe, now)? {
                None => return Ok(Pass::Usual),
                Some(change) => change,
            };
            match (self.change(change, now).await, change.next) {
                (Ok(Changed::Otherwise(_)), _) | (_, None) => {}
                (Ok(Changed::Made) | Err(_), Some(lease)) => return Ok(Pass::Probe(lease)),
            }
        }
    }

    /// The change to make for a probe, if that is what it is time for. In this process it holds at once, so
    /// that only one goes for it.
    fn begin(&self, may_probe: bool, now: Timestamp) -> Result<Option<Change>, Fault> {
        let mut known = self.known();
        match known.breaker.ask(now) {
            Admission::Usual => Ok(None),
            Admission::Probe(change) if may_probe => {
                known.breaker.learn(change.next);
                Ok(Some(change))
            }
            Admission::Probe(_) => Err(self.open_until(now)),
            Admission::Wait { until } => Err(self.open_until(until)),
        }
    }

    /// Notes what came of asking; logs if it opens or closes the breaker for all. `fault` is what went wrong.
    pub(crate) async fn note(&self, pass: Pass, outcome: Outcome, fault: Option<Fault>, now: Timestamp) {
        let Some(change) = self.noted(pass, outcome, now) else { return };
        if matches!(self.change(change, now).await, Ok(Changed::Otherwise(_))) {
            return;
        }
        let dependency = self.of.name();
        match (change.seen, change.next) {
            (None, Some(open)) => {
                let code = fault.map(tracing::field::display);
                tracing::warn!(dependency, code, until = %open.until, "breaker opened");
            }
            (Some(_), None) => tracing::info!(dependency, "breaker closed"),
            _ => {}
        }
    }

    fn noted(&self, pass: Pass, outcome: Outcome, now: Timestamp) -> Option<Change> {
        let mut known = self.known();
        let change = known.breaker.note(pass, outcome, now);
        known.is_ours_alone |= change.is_some();
        if known.breaker.is_in_doubt() {
            // Others may have opened it for the same reason.
            known.looked = None;
        }
        change
    }

    async fn change(&self, change: Change, now: Timestamp) -> Result<Changed, Down> {
        let changed = Box::pin(self.store.change(self.of, &self.holder, change, now)).await;
        let changed = report("breaker", changed);
        let mut known = self.known();
        known.is_ours_alone = changed.is_err();
        if let Ok(Changed::Otherwise(shared)) = changed {
            known.breaker.learn(shared);
        }
        changed
    }

    /// Learns what all environments share, if that is not known well enough. One looks for all.
    async fn look(&self, now: Timestamp) {
        let _one = self.looking.lock().await;
        if self.known().is_enough(now) {
            return;
        }
        // Boxed, as the change is: rare and large, and every future around it would hold it.
        let shared = report("breaker", Box::pin(self.store.load(self.of, now)).await);
        let mut known = self.known();
        known.looked = Some(now);
        match shared {
            Ok(None) if known.is_ours_alone => {}
            Ok(shared) => known.breaker.learn(shared),
            Err(_) => {}
        }
    }

    fn open_until(&self, until: Timestamp) -> Fault {
        Fault::Open { dependency: self.of, until }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock()
    }
}
