//! Percentiles of times.

use std::time::Duration;

use serde::Serialize;

/// Percentiles in milliseconds, by nearest rank: each is a measured value, not an interpolation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Latency {
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

impl Latency {
    /// The percentiles of these times; `None` without any.
    pub fn of(times: impl Iterator<Item = Duration>) -> Option<Self> {
        Self::of_sorted(&sorted(times))
    }

    fn of_sorted(sorted: &[f64]) -> Option<Self> {
        let at = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).max(1) - 1).copied();
        Some(Self { p50: at(50)?, p95: at(95)?, p99: at(99)?, max: at(100)? })
    }
}

/// The times in milliseconds, in ascending order.
pub(super) fn sorted(times: impl Iterator<Item = Duration>) -> Vec<f64> {
    let mut times: Vec<f64> = times.map(millis).collect();
    times.sort_by(f64::total_cmp);
    times
}

/// A time in milliseconds, with fractions.
pub(super) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(range: std::ops::RangeInclusive<u64>) -> impl Iterator<Item = Duration> {
        range.map(Duration::from_millis)
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        assert_eq!(
            Latency::of(ms(1..=200)),
            Some(Latency { p50: 100.0, p95: 190.0, p99: 198.0, max: 200.0 })
        );
        assert_eq!(Latency::of(ms(7..=7)), Some(Latency { p50: 7.0, p95: 7.0, p99: 7.0, max: 7.0 }));
        assert_eq!(Latency::of(std::iter::empty()), None);
    }
}
