//! The circuit breaker of one API, shared by all environments.
//!
//! The rules are in [`domain::breaker`]. The shared state is loaded before a request, at most every few
//! seconds while all is well, and written when the breaker opens, is probed or closes. If the table is
//! unavailable, each environment has a breaker of its own.

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

/// How long the loaded state is used before it is loaded again.
const RELOAD_INTERVAL: Duration = Duration::from_secs(3);

/// The table that environments share for their breakers. Implementations must limit the time of a call, as
/// for [`crate::Cache`].
pub trait BreakerStore: Send + Sync {
    /// The stored state; `None` while the breaker is closed.
    ///
    /// # Errors
    /// [`Unavailable`], as for every call.
    fn load(
        &self,
        of: Dependency,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<Open>, Unavailable>> + Send;

    /// Makes a conditional write in the name of `holder`: it succeeds if the stored state is still
    /// `change.seen`.
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
    /// Whether the state known here could not be written to the table.
    is_ours_alone: bool,
}

impl Known {
    /// Whether the loaded state is recent enough. It is not when a probe is due: another environment may be
    /// probing, or may have closed the breaker.
    fn is_enough(&self, now: Timestamp) -> bool {
        let lately = self.looked.is_some_and(|looked| now < later(looked, RELOAD_INTERVAL));
        lately && !matches!(self.breaker.ask(now), Admission::Probe(_))
    }
}

impl<S: BreakerStore> Breaker<S> {
    /// The breaker of this dependency, shared through `store`. `holder` must be unique to this environment.
    pub fn new(of: Dependency, store: Arc<S>, holder: impl Into<String>) -> Self {
        let (known, looking) = (Mutex::default(), tokio::sync::Mutex::default());
        Self { of, store, holder: holder.into(), known, looking }
    }

    /// Whether a request may be sent.
    ///
    /// # Errors
    /// [`Fault::Open`] if not.
    pub async fn check(&self, now: Timestamp) -> Result<(), Fault> {
        self.look(now).await;
        self.recheck(now)
    }

    /// As [`Self::check`], without loading the shared state.
    pub(crate) fn recheck(&self, now: Timestamp) -> Result<(), Fault> {
        match self.known().breaker.ask(now) {
            Admission::Wait { until } => Err(self.open_until(until)),
            Admission::Usual | Admission::Probe(_) => Ok(()),
        }
    }

    /// Permits a request, whose result the caller reports to [`Self::note`]. It is only permitted as a
    /// probe if `may_probe`.
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

    /// The change that starts a probe, if one is due. It applies to this process at once, so that only one
    /// caller tries.
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

    /// Records the result of a request. Logs if this opens or closes the breaker for all environments;
    /// `fault` is the reason.
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
            // Other environments may have opened it for the same reason, so load the state again.
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

    /// Loads the shared state if it is not recent enough. Concurrent callers share one request.
    async fn look(&self, now: Timestamp) {
        let _one = self.looking.lock().await;
        if self.known().is_enough(now) {
            return;
        }
        // Boxed because it is rare and large: every future that contains it would grow.
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
