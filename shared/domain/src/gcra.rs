//! The generic cell rate algorithm (GCRA): a token bucket that stores a single time.
//!
//! That time, the theoretical arrival time (`tat`), is when the bucket will be empty again without further
//! requests. A request adds one period to it; if `tat` is too far ahead of now for the burst, the request
//! has to wait. All times are in whole milliseconds, as the table stores them.

use jiff::Timestamp;

/// A limit: `burst` requests at once, then one per period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gcra {
    burst: u32,
    period_ms: u32,
}

/// The decision about one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Let in; store `tat` in the bucket.
    Allowed {
        /// The new theoretical arrival time.
        tat: Timestamp,
    },
    /// Refused; the bucket is unchanged.
    Wait {
        /// When the next request is let in.
        until: Timestamp,
    },
}

impl Gcra {
    /// `burst` requests at once, then one every `period_ms` milliseconds. Both must be at least 1.
    #[must_use]
    pub const fn new(burst: u32, period_ms: u32) -> Self {
        assert!(
            burst > 0 && period_ms > 0,
            "a rate limit must allow at least one request, and its period must be at least 1 ms"
        );
        Self { burst, period_ms }
    }

    /// Decides about a request at `now`. `tat` is the stored time; `None` for a new bucket.
    #[must_use]
    pub fn decide(self, tat: Option<Timestamp>, now: Timestamp) -> Decision {
        let now = now.as_millisecond();
        let from = tat.map_or(now, |tat| tat.as_millisecond().max(now));
        if from > now.saturating_add(self.ahead_ms()) {
            return Decision::Wait { until: at(from - self.ahead_ms()) };
        }
        Decision::Allowed { tat: at(from.saturating_add(self.period_ms())) }
    }

    /// A limit that allows one part in `parts` of this one: of the burst (but at least one request), and of the
    /// rate.
    #[must_use]
    pub const fn part(self, parts: u32) -> Self {
        let burst = self.burst / parts;
        Self::new(if burst == 0 { 1 } else { burst }, self.period_ms.saturating_mul(parts))
    }

    /// The number of requests in a bucket with this `tat`.
    #[must_use]
    pub fn level(self, tat: Timestamp, now: Timestamp) -> u32 {
        let ahead = tat.as_millisecond().saturating_sub(now.as_millisecond()).max(0);
        u32::try_from(ahead.saturating_add(self.period_ms() - 1) / self.period_ms()).unwrap_or(u32::MAX)
    }

    /// The `tat` of a bucket that lets the next request in at `until`.
    #[must_use]
    pub fn full_until(self, until: Timestamp) -> Timestamp {
        at(until.as_millisecond().saturating_add(self.ahead_ms()))
    }

    /// One period, in milliseconds.
    #[must_use]
    pub const fn period_ms(self) -> i64 {
        self.period_ms as i64
    }

    /// How far `tat` may be ahead of now for a request to be let in, in milliseconds.
    #[must_use]
    pub const fn ahead_ms(self) -> i64 {
        (self.burst as i64 - 1).saturating_mul(self.period_ms as i64)
    }
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    const BEGIN: i64 = 1_800_000_000_000;

    fn any_limit() -> impl Strategy<Value = Gcra> {
        (1..20_u32, 1..5_000_u32).prop_map(|(burst, period)| Gcra::new(burst, period))
    }

    /// The times at which requests were let in, when there is one after each of these pauses.
    fn let_in(limit: Gcra, pauses: &[i64]) -> Vec<i64> {
        let (mut now, mut tat, mut times) = (BEGIN, None, Vec::new());
        for pause in pauses {
            now += pause;
            if let Decision::Allowed { tat: next } = limit.decide(tat, at(now)) {
                assert!(tat.is_none_or(|tat| tat < next), "the bucket only fills");
                tat = Some(next);
                times.push(now);
            }
        }
        times
    }

    #[test]
    fn a_burst_is_let_in_and_then_one_in_each_period() {
        let limit = Gcra::new(3, 1_000);
        let pauses = [0, 0, 0, 0, 999, 1, 0, 1_000, 60_000, 0, 0, 0];
        let expected = [0, 0, 0, 1_000, 2_000, 62_000, 62_000, 62_000];
        assert_eq!(let_in(limit, &pauses), expected.map(|after| BEGIN + after));
    }

    #[test]
    fn nothing_overflows_at_the_ends_of_time() {
        let widest = Gcra::new(u32::MAX, u32::MAX);
        for limit in [widest, Gcra::new(1, 1), Gcra::new(1, u32::MAX)] {
            for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
                for tat in [None, Some(Timestamp::MIN), Some(Timestamp::MAX)] {
                    let _ = (limit.decide(tat, now), limit.full_until(now));
                }
            }
        }
    }

    #[test]
    fn a_part_of_a_limit_allows_a_part_of_the_burst_and_of_the_rate_and_at_least_one() {
        let limit = Gcra::new(200, 50);
        assert_eq!(limit.part(50), Gcra::new(4, 2_500));
        assert_eq!(Gcra::new(20, 6_000).part(50), Gcra::new(1, 300_000));
    }

    #[test]
    fn the_level_is_what_has_not_drained_yet() {
        let limit = Gcra::new(4, 100);
        let levels = [-1, 0, 1, 100, 101, 400].map(|ahead| limit.level(at(BEGIN + ahead), at(BEGIN)));
        assert_eq!(levels, [0, 0, 1, 1, 2, 4]);
    }

    proptest! {
        #[test]
        fn never_more_than_the_burst_and_the_rate_in_any_window(
            limit in any_limit(), pauses in vec(0..6_000_i64, 1..200),
        ) {
            let times = let_in(limit, &pauses);
            for (first, from) in times.iter().enumerate() {
                for (last, to) in times.iter().enumerate().skip(first) {
                    let most = i64::from(limit.burst) + (to - from) / limit.period_ms();
                    let let_in = times[first..=last].len() as i64;
                    prop_assert!(let_in <= most, "{first}..={last} of {times:?}");
                }
            }
        }

        #[test]
        fn who_waits_as_long_as_told_is_let_in_and_nobody_is_before(
            limit in any_limit(), ahead in 0..100_000_i64, earlier in 1..100_000_i64,
        ) {
            let tat = Some(at(BEGIN + ahead));
            if let Decision::Wait { until } = limit.decide(tat, at(BEGIN)) {
                let early = at((until.as_millisecond() - earlier).max(BEGIN));
                prop_assert!(until > at(BEGIN));
                prop_assert_eq!(limit.decide(tat, early), Decision::Wait { until });
                let allowed = matches!(limit.decide(tat, until), Decision::Allowed { .. });
                prop_assert!(allowed);
                prop_assert_eq!(Some(limit.full_until(until)), tat);
            }
        }

        #[test]
        fn the_later_is_never_worse_off(
            limit in any_limit(), ahead in 0..100_000_i64, pause in 0..100_000_i64,
        ) {
            let tat = Some(at(BEGIN + ahead));
            if let Decision::Allowed { tat: now } = limit.decide(tat, at(BEGIN)) {
                let Decision::Allowed { tat: later } = limit.decide(tat, at(BEGIN + pause)) else {
                    return Err(TestCaseError::fail("had to wait"));
                };
                prop_assert!(later >= now);
            }
        }
    }
}
