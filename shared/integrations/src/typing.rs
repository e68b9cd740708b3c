//! How many requests autocomplete may cause.
//!
//! Counted in each environment, as the API counts requests by address. Users' limits do not protect the
//! API: they are counted in each environment too, and many users can type at once.

use domain::gcra::{Decision, Gcra};
use jiff::Timestamp;
use parking_lot::Mutex;

/// The bucket of the requests that autocomplete has caused in this environment.
#[derive(Debug)]
pub(crate) struct TypingLimit {
    limit: Gcra,
    tat: Mutex<Option<Timestamp>>,
}

impl TypingLimit {
    pub(crate) fn new(limit: Gcra) -> Self {
        Self { limit, tat: Mutex::default() }
    }

    /// Whether a request may be sent.
    pub(crate) fn has_room(&self, now: Timestamp) -> bool {
        matches!(self.limit.decide(*self.tat.lock(), now), Decision::Allowed { .. })
    }

    /// Counts a request that is sent.
    pub(crate) fn count(&self, now: Timestamp) {
        let mut tat = self.tat.lock();
        if let Decision::Allowed { tat: next } = self.limit.decide(*tat, now) {
            *tat = Some(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::open_meteo::TYPING_LIMIT;

    /// How many requests are sent if one is wished for every 200 ms.
    fn sent(within: SignedDuration) -> u32 {
        let (limit, begin) = (TypingLimit::new(TYPING_LIMIT), Timestamp::UNIX_EPOCH);
        let mut sent = 0;
        for tick in 0..within.as_millis() / 200 {
            let now = begin + SignedDuration::from_millis(tick as i64 * 200);
            if limit.has_room(now) {
                limit.count(now);
                sent += 1;
            }
        }
        sent
    }

    #[test]
    fn a_flood_of_typing_takes_half_of_a_minutes_requests_and_half_of_a_days() {
        assert_eq!(sent(SignedDuration::from_mins(1)), 300);
        // 5,000, and what was there at the beginning.
        assert_eq!(sent(SignedDuration::from_hours(24)), 5_299);
    }
}
