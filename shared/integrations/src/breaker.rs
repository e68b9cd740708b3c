//! The circuit breaker of one API, shared by all environments.
//!
//! The rules are in [`domain::breaker`]. The shared state is loaded before a request, at most every few
//! seconds while all is well, and written when the breaker opens, is probed or closes. If the table is
//! unavailable, each environment has a breaker of its own.

use std::{sync::Arc, time::Duration};

use domain::{
    breaker::{Admission, Change, Changed, Dependency, Open, Outcome, Pass, Question},
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
    state: Mutex<State>,
    loading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    breaker: domain::breaker::Breaker,
    loaded_at: Option<Timestamp>,
    /// Whether the state known here could not be written to the table.
    is_unshared: bool,
}

impl State {
    /// Whether the loaded state is recent enough. It is not when a probe is due: another environment may be
    /// probing, or may have closed the breaker.
    fn is_enough(&self, now: Timestamp) -> bool {
        let lately = self.loaded_at.is_some_and(|loaded_at| now < later(loaded_at, RELOAD_INTERVAL));
        lately && !matches!(self.breaker.admission(now), Admission::Probe(_))
    }
}

impl<S: BreakerStore> Breaker<S> {
    /// The breaker of this dependency, shared through `store`. `holder` must be unique to this environment.
    pub fn new(of: Dependency, store: Arc<S>, holder: impl Into<String>) -> Self {
        let (state, loading) = (Mutex::default(), tokio::sync::Mutex::default());
        Self { of, store, holder: holder.into(), state, loading }
    }

    /// The name of the API, for logs.
    pub(crate) fn name(&self) -> &'static str {
        self.of.name()
    }

    /// Whether a request with this question may be sent.
    ///
    /// # Errors
    /// [`Fault::Open`] or [`Fault::Failing`] if not.
    pub async fn check(&self, question: Question, now: Timestamp) -> Result<(), Fault> {
        self.refresh(now).await;
        self.recheck(now)?;
        self.check_question(question, now)
    }

    /// Whether this question, as opposed to others, may be asked.
    pub(crate) fn check_question(&self, question: Question, now: Timestamp) -> Result<(), Fault> {
        let failing_until = self.state().breaker.failing_until(question, now);
        failing_until.map_or(Ok(()), |until| Err(Fault::Failing { dependency: self.of, until }))
    }

    /// As [`Self::check`] for any question, without loading the shared state.
    pub(crate) fn recheck(&self, now: Timestamp) -> Result<(), Fault> {
        match self.state().breaker.admission(now) {
            Admission::Wait { until } => Err(self.open_until(until)),
            Admission::Usual | Admission::Probe(_) => Ok(()),
        }
    }

    /// Permits a request, whose result the caller reports to [`Self::note`]. It is only permitted as a
    /// probe if `may_probe`.
    pub(crate) async fn admit(
        &self,
        question: Question,
        may_probe: bool,
        now: Timestamp,
    ) -> Result<Pass, Fault> {
        self.refresh(now).await;
        self.check_question(question, now)?;
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
        let mut state = self.state();
        match state.breaker.admission(now) {
            Admission::Usual => Ok(None),
            Admission::Probe(change) if may_probe => {
                state.breaker.learn(change.next);
                Ok(Some(change))
            }
            Admission::Probe(_) => Err(self.open_until(now)),
            Admission::Wait { until } => Err(self.open_until(until)),
        }
    }

    /// Records the result of a request. Logs if this opens or closes the breaker for all environments;
    /// `fault` is the reason.
    pub(crate) async fn note(
        &self,
        pass: Pass,
        question: Question,
        outcome: Outcome,
        fault: Option<Fault>,
        now: Timestamp,
    ) {
        let Some(change) = self.apply(pass, question, outcome, now) else { return };
        if matches!(self.change(change, now).await, Ok(Changed::Otherwise(_))) {
            return;
        }
        let dependency = self.of.name();
        match (change.seen, change.next) {
            (None, Some(open)) => {
                let code = fault.map(tracing::field::display);
                tracing::warn!(BreakerOpened = 1, dependency, code, until = %open.until, "breaker opened");
            }
            (Some(_), None) => tracing::info!(dependency, "breaker closed"),
            _ => {}
        }
    }

    fn apply(&self, pass: Pass, question: Question, outcome: Outcome, now: Timestamp) -> Option<Change> {
        let mut state = self.state();
        let was_throttled = state.breaker.throttled_until(now).is_some();
        let change = state.breaker.note(pass, question, outcome, now);
        if let Some(until) = state.breaker.throttled_until(now).filter(|_| !was_throttled) {
            let dependency = self.of.name();
            tracing::warn!(dependency, %until, "throttled: this environment sends no requests for now");
        }
        state.is_unshared |= change.is_some();
        if state.breaker.is_in_doubt() {
            // Other environments may have opened it for the same reason, so load the state again.
            state.loaded_at = None;
        }
        change
    }

    async fn change(&self, change: Change, now: Timestamp) -> Result<Changed, Down> {
        let changed = Box::pin(self.store.change(self.of, &self.holder, change, now)).await;
        let changed = report("breaker", changed);
        let mut state = self.state();
        state.is_unshared = changed.is_err();
        if let Ok(Changed::Otherwise(shared)) = changed {
            state.breaker.learn(shared);
        }
        changed
    }

    /// Loads the shared state if it is not recent enough. Concurrent callers share one request.
    async fn refresh(&self, now: Timestamp) {
        let _one = self.loading.lock().await;
        if self.state().is_enough(now) {
            return;
        }
        // Boxed because it is rare and large: every future that contains it would grow.
        let shared = report("breaker", Box::pin(self.store.load(self.of, now)).await);
        let mut state = self.state();
        state.loaded_at = Some(now);
        match shared {
            Ok(None) if state.is_unshared => {}
            Ok(shared) => state.breaker.learn(shared),
            Err(_) => {}
        }
    }

    fn open_until(&self, until: Timestamp) -> Fault {
        Fault::Open { dependency: self.of, until }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}
