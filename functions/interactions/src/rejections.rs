//! Counts rejected requests, and decides which of them get a log line. A flood of unsigned requests would otherwise
//! cost more for its log lines than for its answers.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

/// The time between two log lines of one environment.
const SAMPLE_INTERVAL: Duration = Duration::from_secs(10);

/// The rejected requests of one environment.
#[derive(Debug, Default)]
pub(crate) struct Rejections(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    /// Requests that no log line has counted yet.
    unwritten: u64,
    last_line: Option<Timestamp>,
}

impl Rejections {
    /// Counts a request. Returns how many requests its log line counts, if it gets one: the first does, and then
    /// one each ten seconds.
    pub(crate) fn count(&self, now: Timestamp) -> Option<u64> {
        self.locked(|counted| {
            counted.unwritten += 1;
            counted.take(now)
        })
    }

    /// The requests that no line has counted, if the last line is ten seconds old.
    pub(crate) fn rest(&self, now: Timestamp) -> Option<u64> {
        self.locked(|counted| counted.take(now))
    }

    fn locked<T>(&self, f: impl FnOnce(&mut Counted) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Counted {
    fn take(&mut self, now: Timestamp) -> Option<u64> {
        let is_due =
            self.last_line.is_none_or(|last| now.duration_since(last).unsigned_abs() >= SAMPLE_INTERVAL);
        if self.unwritten == 0 || !is_due {
            return None;
        }
        self.last_line = Some(now);
        Some(std::mem::take(&mut self.unwritten))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_flood_is_counted_whole_and_written_once_in_ten_seconds() {
        let rejections = Rejections::default();
        let mut lines = Vec::new();
        for request in 0..1_000 {
            lines.extend(rejections.count(at(request / 40)));
        }
        assert_eq!(lines, [1, 400, 400]);
        assert_eq!(rejections.rest(at(29)), None);
        assert_eq!(rejections.rest(at(30)), Some(199));
        assert_eq!(rejections.rest(at(60)), None, "nothing is left");
        assert_eq!(rejections.count(at(60)), Some(1));
    }
}
