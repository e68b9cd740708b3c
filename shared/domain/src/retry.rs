//! The retry policy as a pure function: a failed call goes in, a [`Verdict`] comes out.
//!
//! Each caller (external APIs, Discord's REST API) follows the verdict in one loop. A missing answer is
//! retried too, so a caller whose request must not take effect twice (a POST without an idempotency key)
//! consults it only for failures that have an answer.

use std::time::Duration;

/// Retries within one process, after the first try. Longer waits are left to the queue.
pub const QUICK_RETRIES: u32 = 2;

/// The longest `Retry-After` that is waited out in place, half of it more with [`spread`]: a job's invocation
/// lasts 30 s and may make several calls.
pub const MAX_WAIT_IN_PLACE: Duration = Duration::from_secs(2);

/// The most that [`spread`] adds to a wait.
const MAX_SPREAD: Duration = Duration::from_secs(15);

/// The wait before the first retry, in milliseconds, jittered down to a half; tripled before the second.
const BACKOFF_MS: u64 = 200;

/// The wait before the first retry for something that is about to appear, in milliseconds; tripled before
/// the second. Without jitter, because only one caller waits for one message.
const APPEARANCE_MS: u64 = 400;

/// What is known about a failed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status; `None` if there was no answer (timeout, connection refused or closed).
    pub status: Option<u16>,
    /// The value of the `Retry-After` header or field; see [`retry_after`].
    pub retry_after: Option<Duration>,
    /// What a 404 means here.
    pub absence: Absence,
}

/// The meaning of a 404, which only the caller knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// It does not exist and will not appear.
    Final,
    /// It may appear in a moment: Discord answers 404 with code 10015 when a reply is edited before it has
    /// been created.
    MayAppear,
}

/// What to do after a failed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Retry in place after this wait: at most [`MAX_WAIT_IN_PLACE`], and what [`spread`] adds to it.
    Again {
        /// The wait.
        after: Duration,
    },
    /// It may succeed later: leave it to the queue.
    Later {
        /// The earliest time, if the other side named one.
        after: Option<Duration>,
    },
    /// The same request would fail the same way.
    Never,
}

/// What to do after `failure`.
///
/// `attempt` is the number of failed tries before this one, from 0. `chance` in 0..1 is the jitter: the
/// wait is between a half (0) and the whole (1) of the backoff step, or what was asked for with [`spread`]; other
/// values are clamped.
#[must_use]
pub fn verdict(failure: Failure, attempt: u32, chance: f64) -> Verdict {
    let step = match failure.status {
        None | Some(429 | 500..=599) => jittered(grown(BACKOFF_MS, attempt), chance),
        Some(404) if failure.absence == Absence::MayAppear => grown(APPEARANCE_MS, attempt),
        Some(_) => return Verdict::Never,
    };
    let asked = failure.retry_after;
    if attempt >= QUICK_RETRIES || asked > Some(MAX_WAIT_IN_PLACE) {
        return Verdict::Later { after: asked };
    }
    // "Retry-After: 0" would otherwise send the next request without a pause.
    let after = asked.map_or(step, |asked| spread(asked, chance).max(step));
    Verdict::Again { after }
}

/// A wait that somebody else has named, and up to a half of it more, so that everything that waits for the same
/// moment does not come at that moment. `chance` is in 0..1.
#[must_use]
pub fn spread(wait: Duration, chance: f64) -> Duration {
    wait.saturating_add(part(wait.min(2 * MAX_SPREAD) / 2, chance))
}

/// Parses a `Retry-After` header or Discord's `retry_after` field: seconds, possibly with a fraction.
///
/// `None` for anything else. That includes the date form, which needs a clock; the ordinary backoff is used
/// then.
#[must_use]
pub fn retry_after(seconds: &str) -> Option<Duration> {
    let seconds: f64 = seconds.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn grown(first_ms: u64, attempt: u32) -> Duration {
    Duration::from_millis(first_ms.saturating_mul(3_u64.saturating_pow(attempt)))
}

/// Between a half and the whole of `step`.
fn jittered(step: Duration, chance: f64) -> Duration {
    step / 2 + part(step / 2, chance)
}

/// `chance` times `whole`.
fn part(whole: Duration, chance: f64) -> Duration {
    // `as` saturates and turns NaN into 0, so no value of `chance` can panic.
    let permille = (chance.clamp(0.0, 1.0) * 1000.0) as u32;
    whole.saturating_mul(permille) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn answered(status: u16) -> Failure {
        Failure { status: Some(status), retry_after: None, absence: Absence::Final }
    }

    #[test]
    fn a_busy_server_is_asked_twice_more_and_then_left_to_the_queue() {
        let waits = [0, 1, 2].map(|attempt| verdict(answered(503), attempt, 1.0));
        assert_eq!(
            waits,
            [
                Verdict::Again { after: ms(200) },
                Verdict::Again { after: ms(600) },
                Verdict::Later { after: None },
            ]
        );
        assert_eq!(verdict(answered(429), 0, 0.0), Verdict::Again { after: ms(100) });
    }

    #[test]
    fn a_short_retry_after_is_waited_out_and_a_long_one_is_the_queues() {
        let asking = |wait| Failure { retry_after: Some(wait), ..answered(429) };
        assert_eq!(verdict(asking(ms(2000)), 0, 0.0), Verdict::Again { after: ms(2000) });
        assert_eq!(verdict(asking(ms(2000)), 0, 0.5), Verdict::Again { after: ms(2500) });
        let long = ms(2001);
        assert_eq!(verdict(asking(long), 0, 0.5), Verdict::Later { after: Some(long) });
        assert_eq!(verdict(asking(ms(0)), 0, 1.0), Verdict::Again { after: ms(200) });
    }

    #[test]
    fn a_reply_that_discord_does_not_know_yet_is_waited_for() {
        let absent = Failure { absence: Absence::MayAppear, ..answered(404) };
        let waits = [0, 1, 2].map(|attempt| verdict(absent, attempt, 0.3));
        assert_eq!(
            waits,
            [
                Verdict::Again { after: ms(400) },
                Verdict::Again { after: ms(1200) },
                Verdict::Later { after: None },
            ]
        );
        assert_eq!(verdict(answered(404), 0, 0.3), Verdict::Never);
    }

    #[test]
    fn retry_after_is_read_in_seconds() {
        assert_eq!(retry_after(" 2 "), Some(ms(2000)));
        assert_eq!(retry_after("0.75"), Some(ms(750)));
        for odd in ["", "-1", "NaN", "inf", "1e300", "Wed, 21 Oct 2026 07:28:00 GMT"] {
            assert_eq!(retry_after(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn no_wait_in_place_is_longer_than_three_seconds_and_none_is_missing(
            status in proptest::option::of(any::<u16>()),
            asked in proptest::option::of(0_u64..10_000),
            attempt: u32, chance: f64, appears: bool,
        ) {
            let absence = if appears { Absence::MayAppear } else { Absence::Final };
            let asked = asked.map(ms);
            let failure = Failure { status, retry_after: asked, absence };
            match verdict(failure, attempt, chance) {
                Verdict::Again { after } => {
                    prop_assert!(attempt < QUICK_RETRIES);
                    prop_assert!(ms(100) <= after && after <= MAX_WAIT_IN_PLACE * 3 / 2);
                    prop_assert!(asked.is_none_or(|asked| asked <= after));
                }
                Verdict::Later { after } => prop_assert_eq!(after, asked),
                Verdict::Never => prop_assert!(status.is_some_and(|s| s != 429 && !(500..600).contains(&s))),
            }
        }

        #[test]
        fn what_the_caller_did_wrong_is_never_tried_again(
            status in (400_u16..500).prop_filter("429 is ours to wait out", |s| *s != 429),
            attempt in 0_u32..5, chance in 0.0..1.0,
        ) {
            prop_assert_eq!(verdict(answered(status), attempt, chance), Verdict::Never);
        }

        #[test]
        fn a_wait_that_was_asked_for_is_never_shortened_and_at_most_fifteen_seconds_longer(
            asked in 0_u64..10_000_000, chance: f64,
        ) {
            let (asked, wait) = (ms(asked), spread(ms(asked), chance));
            prop_assert!(asked <= wait && wait <= asked + (asked / 2).min(MAX_SPREAD));
        }

        #[test]
        fn jitter_stays_between_half_and_whole(chance in 0.0..=1.0, attempt in 0_u32..2) {
            let whole = grown(BACKOFF_MS, attempt);
            let wait = jittered(whole, chance);
            prop_assert!(whole / 2 <= wait && wait <= whole);
        }
    }
}
