//! Rate limits: buckets by route and top-level resource, the global limit, and the ban of those who
//! send too many invalid requests. Windows are counted by the stack clock.

use std::collections::HashMap;

use jiff::Timestamp;
use parking_lot::Mutex;

use super::Rule;
use crate::limits;

/// What a request is counted under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// Method and path, and the top-level resource that it is about.
    pub name: String,
    /// The same without the resource: what clients are told, and tell buckets apart by.
    pub route: String,
    pub rule: Rule,
    /// Interaction endpoints are outside the application's global limit.
    pub in_global: bool,
}

/// How a request fared, for the headers of its answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fare {
    pub limit: u32,
    pub remaining: u32,
    pub reset_ms: i64,
    pub reset_after_ms: i64,
}

/// Why a request is not looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limited {
    /// The bucket is empty.
    User(Fare),
    /// Others have emptied it, which is nobody's fault.
    Shared(Fare),
    /// Too many requests of any kind, for so many milliseconds.
    Global(i64),
    /// Too many invalid ones: nothing is answered as JSON for so many milliseconds.
    Banned(i64),
}

/// What was counted since this process began.
#[derive(Debug, Default)]
pub(crate) struct RateLimits {
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    buckets: HashMap<String, Window>,
    global: Window,
    invalid: Window,
    calls: Calls,
}

/// What came by REST since this process began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// Requests of any kind.
    pub all: u64,
    /// Of those, the ones that were answered with 429.
    pub limited: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Window {
    ends_ms: i64,
    used: u32,
}

impl Window {
    /// Begins anew if its time is over.
    fn renew(&mut self, now: i64, rule: Rule) {
        if now >= self.ends_ms {
            *self = Self { ends_ms: now + rule.window_ms, used: 0 };
        }
    }

    fn fare(self, now: i64, rule: Rule) -> Fare {
        Fare {
            limit: rule.limit,
            remaining: rule.limit.saturating_sub(self.used),
            reset_ms: self.ends_ms,
            reset_after_ms: self.ends_ms - now,
        }
    }
}

impl RateLimits {
    /// Counts a request, unless it is refused.
    pub(crate) fn take(&self, bucket: &Bucket, now: Timestamp) -> Result<Fare, Limited> {
        let now = now.as_millisecond();
        let mut counted = self.counted.lock();
        // What is over need not be remembered.
        if counted.buckets.len() > limits::BUCKETS_REMEMBERED {
            counted.buckets.retain(|_, window| window.ends_ms > now);
        }
        let window = counted.buckets.entry(bucket.name.clone()).or_default();
        window.renew(now, bucket.rule);
        if window.used >= bucket.rule.limit {
            return Err(Limited::User(window.fare(now, bucket.rule)));
        }
        let mut window = *window;
        if bucket.in_global {
            counted.global.renew(now, limits::GLOBAL);
            if counted.global.used >= limits::GLOBAL.limit {
                return Err(Limited::Global(counted.global.ends_ms - now));
            }
            counted.global.used += 1;
        }
        window.used += 1;
        counted.buckets.insert(bucket.name.clone(), window);
        Ok(window.fare(now, bucket.rule))
    }

    /// Counts an answer for those who want to know what came.
    pub(crate) fn count_call(&self, limited: bool) {
        let mut counted = self.counted.lock();
        counted.calls.all += 1;
        counted.calls.limited += u64::from(limited);
    }

    pub(crate) fn calls(&self) -> Calls {
        self.counted.lock().calls
    }

    /// Whether the sender is banned at this moment.
    pub(crate) fn check_ban(&self, now: Timestamp) -> Result<(), Limited> {
        let now = now.as_millisecond();
        let invalid = self.counted.lock().invalid;
        if now < invalid.ends_ms && invalid.used >= limits::INVALID.limit {
            return Err(Limited::Banned(invalid.ends_ms - now));
        }
        Ok(())
    }

    /// Counts an answer of 401, 403 or 429 of a scope other than shared.
    pub(crate) fn count_invalid(&self, now: Timestamp) {
        let mut counted = self.counted.lock();
        counted.invalid.renew(now.as_millisecond(), limits::INVALID);
        counted.invalid.used += 1;
    }
}
