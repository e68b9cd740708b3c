//! Counts invalid requests: 401, 403, and 429 except those of scope `shared`. 10,000 of them in ten minutes
//! ban the IP address. Source: Discord, "Rate Limits".

use jiff::{SignedDuration, Timestamp};

const INVALID_REQUEST_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// The number within ten minutes from which a warning is logged.
pub const WARN_INVALID_REQUESTS: u64 = 2_000;
/// The number within ten minutes from which nothing is sent until the window ends. Any ten minutes overlap
/// two of our windows, so it is less than half of Discord's limit, with a margin for requests under way.
pub const MAX_INVALID_REQUESTS: u64 = 4_500;

/// The count of the current ten-minute window.
#[derive(Debug)]
pub(super) struct Invalid {
    ends: Timestamp,
    /// In all environments, as far as known here.
    counted: u64,
    /// Those that have not been added to the shared count yet.
    unshared: u64,
}

impl Default for Invalid {
    fn default() -> Self {
        Self { ends: Timestamp::UNIX_EPOCH, counted: 0, unshared: 0 }
    }
}

impl Invalid {
    pub(super) fn count(&mut self, now: Timestamp) {
        self.renew(now);
        self.counted += 1;
        self.unshared += 1;
    }

    /// Takes the number to add to the shared count, with the end of its window. If that fails, call
    /// [`Invalid::give_back`].
    pub(super) fn take_unshared(&mut self) -> (Timestamp, u64) {
        (self.ends, std::mem::take(&mut self.unshared))
    }

    pub(super) fn give_back(&mut self, (ends, unshared): (Timestamp, u64)) {
        if ends == self.ends {
            self.unshared += unshared;
        }
    }

    /// Takes over the shared count of the window with this end.
    pub(super) fn learn(&mut self, ends: Timestamp, sum: u64, now: Timestamp) {
        self.renew(now);
        if ends == self.ends {
            self.counted = self.counted.max(sum + self.unshared);
        }
    }

    pub(super) fn closed_until(&self, now: Timestamp) -> Option<Timestamp> {
        (now < self.ends && self.counted >= MAX_INVALID_REQUESTS).then_some(self.ends)
    }

    /// Starts a new window when the old one has ended. Windows are aligned to the clock, so they are the
    /// same in all environments.
    fn renew(&mut self, now: Timestamp) {
        let since = now.as_second().div_euclid(INVALID_REQUEST_WINDOW.as_secs());
        let ends =
            Timestamp::from_second((since + 1) * INVALID_REQUEST_WINDOW.as_secs()).unwrap_or(Timestamp::MAX);
        if ends != self.ends {
            *self = Self { ends, counted: 0, unshared: 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn who_has_sent_too_many_waits_until_the_ten_minutes_are_over() {
        let mut invalid = Invalid::default();
        for _ in 1..MAX_INVALID_REQUESTS {
            invalid.count(at(60));
        }
        assert_eq!(invalid.closed_until(at(60)), None);
        invalid.count(at(599));
        assert_eq!(invalid.closed_until(at(599)), Some(at(600)));
        assert_eq!(invalid.closed_until(at(600)), None);
        invalid.count(at(600));
        assert_eq!((invalid.closed_until(at(600)), invalid.counted), (None, 1));
    }

    #[test]
    fn what_others_have_sent_counts_and_nothing_counts_twice() {
        let mut invalid = Invalid::default();
        invalid.count(at(60));
        let taken = invalid.take_unshared();
        assert_eq!(taken, (at(600), 1));
        // The sum of the table includes it.
        invalid.learn(at(600), MAX_INVALID_REQUESTS - 1, at(61));
        assert_eq!(invalid.closed_until(at(61)), None);
        invalid.count(at(62));
        assert_eq!(invalid.closed_until(at(62)), Some(at(600)));
    }

    #[test]
    fn what_has_not_been_told_yet_is_added_to_the_sum_of_others() {
        let mut invalid = Invalid::default();
        invalid.count(at(60));
        invalid.learn(at(600), MAX_INVALID_REQUESTS - 1, at(61));
        assert_eq!(invalid.closed_until(at(61)), Some(at(600)));
    }

    #[test]
    fn what_could_not_be_told_is_told_with_the_next_unless_its_time_is_over() {
        let mut invalid = Invalid::default();
        invalid.count(at(60));
        let taken = invalid.take_unshared();
        invalid.give_back(taken);
        invalid.count(at(61));
        let taken = invalid.take_unshared();
        assert_eq!(taken, (at(600), 2));
        invalid.count(at(600));
        invalid.give_back(taken);
        assert_eq!(invalid.take_unshared(), (at(1_200), 1));
    }

    #[test]
    fn any_ten_minutes_stay_below_what_bans() {
        const { assert!(2 * MAX_INVALID_REQUESTS < 10_000 && WARN_INVALID_REQUESTS < MAX_INVALID_REQUESTS) }
    }

    #[test]
    fn an_old_sum_of_others_is_not_of_these_ten_minutes() {
        let mut invalid = Invalid::default();
        invalid.learn(at(600), MAX_INVALID_REQUESTS, at(601));
        assert_eq!(invalid.closed_until(at(601)), None);
    }
}
