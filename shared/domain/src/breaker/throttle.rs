//! The pause of one environment that an API throttles (429), of which the others need not know.

use jiff::Timestamp;

use super::{Open, Outcome};

/// How many refusals in a row pause this environment: a request and its retries in place.
const MAX_REFUSALS: u32 = 3;

/// Whether and until when this environment pauses.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    refusals: u32,
    /// The pause, which grows as that of a breaker if the first request after it is refused too.
    pause: Option<Open>,
}

impl Throttle {
    /// The end of the pause; `None` if there is none now.
    pub(super) fn until(&self, now: Timestamp) -> Option<Timestamp> {
        self.pause.map(|pause| pause.until).filter(|until| now < *until)
    }

    /// Records the result of a request.
    pub(super) fn note(&mut self, outcome: Outcome, now: Timestamp) {
        if self.until(now).is_some() {
            // The request was sent before the pause.
            return;
        }
        match outcome {
            Outcome::Throttled { retry_after } => {
                self.refusals = self.refusals.saturating_add(1);
                self.pause = match self.pause {
                    Some(pause) => Some(Open::new(retry_after, pause.failed_probes.saturating_add(1), now)),
                    None if outcome.is_told_to_wait() || self.refusals >= MAX_REFUSALS => {
                        Some(Open::new(retry_after, 0, now))
                    }
                    None => None,
                };
            }
            Outcome::Answered => *self = Self::default(),
            Outcome::Unreachable | Outcome::Failed { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::SignedDuration;

    use super::*;

    const REFUSED: Outcome = Outcome::Throttled { retry_after: None };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap() + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn the_third_refusal_in_a_row_pauses_for_ten_seconds_and_each_after_it_for_longer() {
        let mut throttle = Throttle::default();
        for outcome in [REFUSED, REFUSED, Outcome::Answered, REFUSED, REFUSED] {
            throttle.note(outcome, at(0));
            assert_eq!(throttle.until(at(0)), None);
        }
        throttle.note(REFUSED, at(0));
        throttle.note(REFUSED, at(1));
        throttle.note(Outcome::Answered, at(2));
        assert_eq!(throttle.until(at(2)), Some(at(10)), "those were sent before");
        assert_eq!(throttle.until(at(10)), None);
        let mut now = 10;
        for seconds in [20, 40, 80, 120, 120] {
            throttle.note(REFUSED, at(now));
            now += seconds;
            assert_eq!(throttle.until(at(now - 1)), Some(at(now)));
        }
        throttle.note(Outcome::Answered, at(now));
        throttle.note(REFUSED, at(now));
        assert_eq!(throttle.until(at(now)), None, "it begins anew");
    }

    #[test]
    fn a_long_retry_after_pauses_at_once() {
        for (asked, until) in [(2, None), (3, Some(10)), (60, Some(60)), (86_400, Some(120))] {
            let mut throttle = Throttle::default();
            let retry_after = Some(Duration::from_secs(asked));
            throttle.note(Outcome::Throttled { retry_after }, at(0));
            assert_eq!(throttle.until(at(0)), until.map(at), "{asked} s");
        }
    }

    #[test]
    fn other_failures_pause_nothing() {
        let mut throttle = Throttle::default();
        for _ in 0..9 {
            throttle.note(Outcome::Failed { retry_after: Some(Duration::from_secs(60)) }, at(0));
            throttle.note(Outcome::Unreachable, at(0));
        }
        assert_eq!(throttle.until(at(0)), None);
    }
}
