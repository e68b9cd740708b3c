//! The clock, as an argument.

use std::{fmt, sync::Arc};

use jiff::Timestamp;

/// Source of the current time: real time in a function, a movable clock in the local stack. `main` creates
/// it and passes it on; no other code reads the system's clock.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that reads the time from `source`.
    pub fn new(source: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[test]
    fn a_clock_asks_its_source_each_time() {
        let seconds = AtomicI64::new(1_800_000_000);
        let next = move || Timestamp::from_second(seconds.fetch_add(1, Ordering::Relaxed)).unwrap();
        let clock = Clock::new(next);
        assert_eq!(
            [clock.now(), clock.clone().now()].map(Timestamp::as_second),
            [1_800_000_000, 1_800_000_001]
        );
    }
}
