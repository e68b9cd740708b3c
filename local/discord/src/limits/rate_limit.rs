//! Rate limits: buckets by route and top-level resource, the global limit, and Cloudflare's ban after too many
//! invalid requests. Windows are counted by the stack's clock.

use std::collections::HashMap;

use jiff::Timestamp;
use parking_lot::Mutex;

use super::Rule;
use crate::limits;

/// The bucket of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// Method, path and top-level resource: the key by which requests are counted.
    pub name: String,
    /// The same without the resource, from which `X-RateLimit-Bucket` is made.
    pub route: String,
    pub rule: Rule,
    /// False for interaction endpoints, to which the global limit does not apply.
    pub in_global: bool,
}

/// The state of a bucket, for the rate limit headers of a response.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BucketState {
    pub limit: u32,
    pub remaining: u32,
    pub reset_ms: i64,
    pub reset_after_ms: i64,
}

/// Why a request gets 429.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RateLimited {
    /// The bucket's limit is used up.
    User(BucketState),
    /// The limit of a shared resource is used up. It does not count as an invalid request.
    Shared(BucketState),
    /// The global limit is used up for this many milliseconds.
    Global(i64),
    /// Banned by Cloudflare for this many milliseconds because of invalid requests; the response is not JSON.
    Banned(i64),
}

/// The counters since this process started.
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

/// The number of REST calls since this process started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// Requests of any kind.
    pub all: u64,
    /// Requests that were answered with 429.
    pub limited: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Window {
    ends_ms: i64,
    used: u32,
}

impl Window {
    /// Begins a new window if this one has ended.
    fn renew(&mut self, now: i64, rule: Rule) {
        if now >= self.ends_ms {
            *self = Self { ends_ms: now + rule.window_ms, used: 0 };
        }
    }

    fn bucket_state(self, now: i64, rule: Rule) -> BucketState {
        BucketState {
            limit: rule.limit,
            remaining: rule.limit.saturating_sub(self.used),
            reset_ms: self.ends_ms,
            reset_after_ms: self.ends_ms - now,
        }
    }
}

impl RateLimits {
    /// Counts a request, unless its bucket or the global limit is used up.
    pub(crate) fn take(&self, bucket: &Bucket, now: Timestamp) -> Result<BucketState, RateLimited> {
        let now = now.as_millisecond();
        let mut counted = self.counted.lock();
        // Expired windows carry no information.
        if counted.buckets.len() > limits::MAX_BUCKETS {
            counted.buckets.retain(|_, window| window.ends_ms > now);
        }
        let window = counted.buckets.entry(bucket.name.clone()).or_default();
        window.renew(now, bucket.rule);
        if window.used >= bucket.rule.limit {
            return Err(RateLimited::User(window.bucket_state(now, bucket.rule)));
        }
        let mut window = *window;
        if bucket.in_global {
            counted.global.renew(now, limits::GLOBAL);
            if counted.global.used >= limits::GLOBAL.limit {
                return Err(RateLimited::Global(counted.global.ends_ms - now));
            }
            counted.global.used += 1;
        }
        window.used += 1;
        counted.buckets.insert(bucket.name.clone(), window);
        Ok(window.bucket_state(now, bucket.rule))
    }

    /// Counts a response for [`Discord::calls`](crate::Discord::calls).
    pub(crate) fn count_call(&self, limited: bool) {
        let mut counted = self.counted.lock();
        counted.calls.all += 1;
        counted.calls.limited += u64::from(limited);
    }

    pub(crate) fn calls(&self) -> Calls {
        self.counted.lock().calls
    }

    /// Refuses if the ban is active now.
    pub(crate) fn check_ban(&self, now: Timestamp) -> Result<(), RateLimited> {
        let now = now.as_millisecond();
        let invalid = self.counted.lock().invalid;
        if now < invalid.ends_ms && invalid.used >= limits::INVALID.limit {
            return Err(RateLimited::Banned(invalid.ends_ms - now));
        }
        Ok(())
    }

    /// Counts an invalid request: 401, 403, or 429 of a scope other than `shared`.
    pub(crate) fn count_invalid(&self, now: Timestamp) {
        let mut counted = self.counted.lock();
        counted.invalid.renew(now.as_millisecond(), limits::INVALID);
        counted.invalid.used += 1;
    }
}
