//! An invocation, apart from its event.

use std::{
    fmt, mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::measurement::RequestIds;
use jiff::Timestamp;

type Task = Box<dyn FnOnce(&Invocation) + Send>;

/// One invocation.
#[derive(Default)]
pub struct Invocation {
    /// When Lambda ends it, in milliseconds since the Unix epoch; 0 if unknown.
    deadline_ms: u64,
    /// Whether it is the first of its environment (a cold start), whatever came of it: a PING counts too.
    pub is_cold: bool,
    /// Lambda's request id; empty if unknown.
    request_id: String,
    /// X-Ray's header, as `Root=1-…;Parent=…;Sampled=0`.
    trace_header: Option<String>,
    after: Mutex<Vec<Task>>,
}

impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invocation").field("deadline_ms", &self.deadline_ms).finish_non_exhaustive()
    }
}

impl Invocation {
    /// `deadline_ms` is when Lambda ends it, in milliseconds since the Unix epoch.
    pub fn new(deadline_ms: u64, is_cold: bool) -> Self {
        Self { deadline_ms, is_cold, ..Self::default() }
    }

    /// With Lambda's request id and X-Ray's header.
    #[must_use]
    pub fn with_ids(self, request_id: String, trace_header: Option<String>) -> Self {
        Self { request_id, trace_header, ..self }
    }

    /// The ids for the log line; `gateway` is API Gateway's, if the event came from there.
    pub fn ids<'a>(&'a self, gateway: Option<&'a str>) -> RequestIds<'a> {
        let lambda = Some(&*self.request_id).filter(|id| !id.is_empty());
        RequestIds { gateway, lambda, trace: self.trace_header.as_deref().and_then(trace_id) }
    }

    /// When it times out. `cargo lambda watch` sends no usable deadline; then it is `timeout`, the
    /// function's own, after `now`.
    pub fn ends(&self, now: Timestamp, timeout: Duration) -> Timestamp {
        let usual = now.checked_add(timeout).unwrap_or(now);
        let told = i64::try_from(self.deadline_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        told.filter(|told| *told > now && *told <= usual).unwrap_or(usual)
    }

    /// Runs a task after the response has been sent, so that the user does not wait for the log line. It
    /// runs before the next event; if the environment is killed in between, it does not run.
    pub fn after(&self, task: impl FnOnce(&Self) + Send + 'static) {
        self.tasks().push(Box::new(task));
    }

    /// Runs the tasks of [`Invocation::after`] in order.
    pub fn run_after(&self) {
        let tasks = mem::take(&mut *self.tasks());
        tasks.into_iter().for_each(|task| task(self));
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, Vec<Task>> {
        self.after.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The trace id of X-Ray's header.
fn trace_id(header: &str) -> Option<&str> {
    header.split(';').find_map(|field| field.trim().strip_prefix("Root=")).filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    #[test]
    fn a_deadline_that_cannot_be_true_is_replaced_by_the_functions_timeout() {
        let now = Timestamp::from_second(1_000).unwrap();
        let timeout = Duration::from_secs(30);
        let ends = |deadline_ms| Invocation::new(deadline_ms, false).ends(now, timeout).as_second();
        assert_eq!(ends(1_012_000), 1_012);
        for odd in [0, 999_000, 1_031_000, u64::MAX] {
            assert_eq!(ends(odd), 1_030, "{odd}");
        }
    }

    #[test]
    fn a_log_line_has_the_ids_that_there_are() {
        let ids = |request_id: &str, header: Option<&str>| {
            let invocation = Invocation::default().with_ids(request_id.to_owned(), header.map(str::to_owned));
            let RequestIds { gateway, lambda, trace } = invocation.ids(None);
            (gateway.map(str::to_owned), lambda.map(str::to_owned), trace.map(str::to_owned))
        };
        assert_eq!(ids("", None), (None, None, None));
        let id = "1-5759e988-bd862e3fe1be46a994272793";
        for header in
            [format!("Root={id};Parent=53995c3f42cd8ad8;Sampled=0"), format!("Sampled=1; Root={id}")]
        {
            assert_eq!(
                ids("a", Some(&header)),
                (None, Some("a".to_owned()), Some(id.to_owned())),
                "{header}"
            );
        }
        assert_eq!(ids("a", Some("Parent=53995c3f42cd8ad8")).2, None);
    }

    #[test]
    fn what_was_put_off_is_run_once_and_in_order() {
        let (invocation, sum) = (Invocation::default(), Arc::new(AtomicU32::new(0)));
        for digit in 1..=3 {
            let sum = Arc::clone(&sum);
            invocation.after(move |_| {
                let before = sum.load(Ordering::Relaxed);
                sum.store(before * 10 + digit, Ordering::Relaxed);
            });
        }
        assert_eq!(sum.load(Ordering::Relaxed), 0);
        invocation.run_after();
        invocation.run_after();
        assert_eq!(sum.load(Ordering::Relaxed), 123);
    }
}
