//! How long an answer may take before somebody gives up on it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, TimestampArithmetic};

use crate::InteractionId;

/// From receipt until a command is handed to the queue.
const AFTER_RECEIPT: SignedDuration = SignedDuration::from_millis(2_000);
/// From Discord's own clock until then. Discord gives up after 3 seconds; what remains is one
/// SendMessage and the way back.
const AFTER_BIRTH: SignedDuration = SignedDuration::from_millis(2_300);
/// By when the queue must have taken a job, counted as the two above.
const SENT_AFTER_RECEIPT: SignedDuration = SignedDuration::from_millis(2_400);
const SENT_AFTER_BIRTH: SignedDuration = SignedDuration::from_millis(2_700);
/// How long an interaction's token lives. Source: Discord, "Receiving and Responding".
const TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// A reply must be on its way this long after the interaction's birth; a minute is kept for the way.
const REPLY_WITHIN: SignedDuration = SignedDuration::from_mins(14);
/// A watch looks this long after the interaction's birth, while it can still try a second and a third time.
const WATCHED_AFTER: SignedDuration = SignedDuration::from_secs(12 * 60 + 30);

/// Until when a command may run before it is handed over.
///
/// An interaction older than its own token (a sample event, say) tells nothing about the three
/// seconds, so only the receipt counts then.
pub fn hand_over_at(interaction: InteractionId, received: Timestamp) -> Timestamp {
    earlier_of(interaction, received, AFTER_BIRTH, AFTER_RECEIPT)
}

/// Until when the queue may take to accept a job, so that Discord still hears of it in time.
pub fn send_until(interaction: InteractionId, received: Timestamp) -> Timestamp {
    earlier_of(interaction, received, SENT_AFTER_BIRTH, SENT_AFTER_RECEIPT)
}

fn earlier_of(
    interaction: InteractionId,
    received: Timestamp,
    after_birth: SignedDuration,
    after_receipt: SignedDuration,
) -> Timestamp {
    let by_receipt = later(received, after_receipt);
    if received.duration_since(interaction.created_at()) > TOKEN_LIFE {
        return by_receipt;
    }
    by_receipt.min(later(interaction.created_at(), after_birth))
}

/// Until when a reply to this interaction can still be given.
pub fn reply_until(interaction: InteractionId) -> Timestamp {
    later(interaction.created_at(), REPLY_WITHIN)
}

/// When a watch looks whether the interaction's job has been done.
pub fn watch_at(interaction: InteractionId) -> Timestamp {
    later(interaction.created_at(), WATCHED_AFTER)
}

/// What is left of the time until `end`; zero when it has passed.
pub fn left(now: Timestamp, end: Timestamp) -> Duration {
    Duration::try_from(end.duration_since(now)).unwrap_or(Duration::ZERO)
}

/// `time` and the duration `by` more; the last moment that a timestamp can name if that is beyond it.
///
/// For a [`Duration`] or a [`SignedDuration`] that is not negative. A span of days has no length without a time
/// zone: it would give that last moment too.
pub fn later(time: Timestamp, by: impl Into<TimestampArithmetic>) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// Whole milliseconds from `since` to `now`; zero if the clock has gone back.
pub fn elapsed_ms(since: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.duration_since(since).as_millis()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interaction_born_at(ms: u64) -> InteractionId {
        InteractionId::new((ms - 1_420_070_400_000) << 22).unwrap()
    }

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_millisecond(ms as i64).unwrap()
    }

    const BIRTH: u64 = 1_800_000_000_000;

    #[test]
    fn a_fast_arrival_has_two_seconds() {
        let end = hand_over_at(interaction_born_at(BIRTH), at(BIRTH + 100));
        assert_eq!(end, at(BIRTH + 2_100));
    }

    #[test]
    fn a_slow_arrival_has_what_discord_left_of_it() {
        let end = hand_over_at(interaction_born_at(BIRTH), at(BIRTH + 1_000));
        assert_eq!(end, at(BIRTH + 2_300));
    }

    #[test]
    fn an_old_sample_is_given_two_seconds() {
        let end = hand_over_at(interaction_born_at(BIRTH), at(BIRTH + 86_400_000));
        assert_eq!(end, at(BIRTH + 86_402_000));
    }

    #[test]
    fn time_that_has_passed_leaves_nothing() {
        assert_eq!(left(at(BIRTH + 5), at(BIRTH)), Duration::ZERO);
        assert_eq!(left(at(BIRTH), at(BIRTH + 5)), Duration::from_millis(5));
    }
}
