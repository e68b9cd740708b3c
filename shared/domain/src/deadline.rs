//! The deadlines of an interaction: Discord's three seconds, and the 15 minutes of its token.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, TimestampArithmetic};

use crate::InteractionId;

/// How long after receipt a command is handed to the queue.
const HAND_OVER_AFTER_RECEIPT: SignedDuration = SignedDuration::from_millis(2_000);
/// How long after the interaction's creation (Discord's clock) at the latest. Discord gives up after 3 s;
/// the rest is for one SendMessage and the response's way back.
const HAND_OVER_AFTER_CREATION: SignedDuration = SignedDuration::from_millis(2_300);
/// When SendMessage is given up: after receipt, and (below) after the interaction's creation.
const SEND_AFTER_RECEIPT: SignedDuration = SignedDuration::from_millis(2_400);
const SEND_AFTER_CREATION: SignedDuration = SignedDuration::from_millis(2_700);
/// How long after the interaction's creation Discord gives up. Source: Discord, "Receiving and Responding".
const ANSWER_AFTER_CREATION: SignedDuration = SignedDuration::from_millis(3_000);
/// What arrives older than this is too late for Discord. The 200 ms above its limit are for clocks that differ.
const MAX_AGE_ON_ARRIVAL: SignedDuration = SignedDuration::from_millis(3_200);
/// The least time for SendMessage, even if the command has used up its time: enough when the connection to
/// SQS is open. It is less only if Discord gives up before.
const MIN_SEND_TIMEOUT: Duration = Duration::from_millis(400);
/// How long an interaction's token lives. Source: Discord, "Receiving and Responding".
const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_mins(15);
/// How long after the interaction's creation a reply may be sent; the last minute of the token is a margin.
pub const REPLY_PERIOD: SignedDuration = SignedDuration::from_mins(14);
/// When the watchdog runs, after the interaction's creation: early enough to wait for a rate limit of Discord's.
const WATCHDOG_DELAY: SignedDuration = SignedDuration::from_secs(12 * 60 + 30);
/// From when no receive can be at a job's work any more: each begins within the reply period and lasts half
/// a minute at most.
const WORK_PERIOD: SignedDuration = SignedDuration::from_secs(14 * 60 + 30);
/// How long the watchdog tries to notify the user: until a little before the token expires.
const NOTIFY_PERIOD: SignedDuration = SignedDuration::from_secs(14 * 60 + 45);

/// When a running command is handed to the queue.
///
/// If the interaction is older than its token (a sample event, for instance), its age says nothing about
/// Discord's three seconds, so only the receipt counts.
pub fn hand_over_at(interaction: InteractionId, received: Timestamp) -> Timestamp {
    earlier_of(interaction, received, HAND_OVER_AFTER_CREATION, HAND_OVER_AFTER_RECEIPT)
}

/// When SendMessage is given up, so that the response still reaches Discord in time.
pub fn send_until(interaction: InteractionId, received: Timestamp) -> Timestamp {
    earlier_of(interaction, received, SEND_AFTER_CREATION, SEND_AFTER_RECEIPT)
}

/// The time that is left for SendMessage.
pub fn send_timeout(interaction: InteractionId, received: Timestamp, now: Timestamp) -> Duration {
    let answer_until = earlier_of(interaction, received, ANSWER_AFTER_CREATION, ANSWER_AFTER_CREATION);
    left(now, send_until(interaction, received)).max(MIN_SEND_TIMEOUT.min(left(now, answer_until)))
}

fn earlier_of(
    interaction: InteractionId,
    received: Timestamp,
    after_creation: SignedDuration,
    after_receipt: SignedDuration,
) -> Timestamp {
    let by_receipt = later(received, after_receipt);
    if is_older_than_its_token(interaction, received) {
        return by_receipt;
    }
    by_receipt.min(later(interaction.created_at(), after_creation))
}

/// Whether the interaction arrived after Discord had given up on it, so that no response reaches its user.
pub fn is_too_late(interaction: InteractionId, received: Timestamp) -> bool {
    received.duration_since(interaction.created_at()) > MAX_AGE_ON_ARRIVAL
        && !is_older_than_its_token(interaction, received)
}

/// How long the user has waited at `now`, in milliseconds: since the interaction's creation, or since its
/// receipt if it is older than its token.
pub fn age_ms(interaction: InteractionId, received: Timestamp, now: Timestamp) -> u64 {
    let since_receipt = elapsed_ms(received, now);
    if is_older_than_its_token(interaction, received) {
        return since_receipt;
    }
    // Discord's clock may be ahead of ours; the interaction is not younger than its receipt all the same.
    elapsed_ms(interaction.created_at(), now).max(since_receipt)
}

fn is_older_than_its_token(interaction: InteractionId, received: Timestamp) -> bool {
    received.duration_since(interaction.created_at()) > TOKEN_LIFETIME
}

/// Until when a reply to this interaction can be sent.
pub fn reply_until(interaction: InteractionId) -> Timestamp {
    later(interaction.created_at(), REPLY_PERIOD)
}

/// When the watchdog of the interaction's job runs.
pub fn watchdog_at(interaction: InteractionId) -> Timestamp {
    later(interaction.created_at(), WATCHDOG_DELAY)
}

/// From when no receive of the interaction's job is at work.
pub fn work_ends(interaction: InteractionId) -> Timestamp {
    later(interaction.created_at(), WORK_PERIOD)
}

/// Until when the watchdog may notify the user.
pub fn notify_until(interaction: InteractionId) -> Timestamp {
    later(interaction.created_at(), NOTIFY_PERIOD)
}

/// The time from `now` until `end`; zero if it has passed.
pub fn left(now: Timestamp, end: Timestamp) -> Duration {
    Duration::try_from(end.duration_since(now)).unwrap_or(Duration::ZERO)
}

/// `time` plus `by`, saturating at [`Timestamp::MAX`].
///
/// `by` is a [`Duration`] or a non-negative [`SignedDuration`]. A span of days has no fixed length without
/// a time zone and gives [`Timestamp::MAX`] too.
pub fn later(time: Timestamp, by: impl Into<TimestampArithmetic>) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// Whole milliseconds from `since` to `now`; zero if the clock went backwards.
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

    const CREATED_AT_MS: u64 = 1_800_000_000_000;

    #[test]
    fn a_fast_arrival_has_two_seconds() {
        let end = hand_over_at(interaction_born_at(CREATED_AT_MS), at(CREATED_AT_MS + 100));
        assert_eq!(end, at(CREATED_AT_MS + 2_100));
    }

    #[test]
    fn a_slow_arrival_has_what_discord_left_of_it() {
        let end = hand_over_at(interaction_born_at(CREATED_AT_MS), at(CREATED_AT_MS + 1_000));
        assert_eq!(end, at(CREATED_AT_MS + 2_300));
    }

    #[test]
    fn an_old_sample_is_given_two_seconds() {
        let end = hand_over_at(interaction_born_at(CREATED_AT_MS), at(CREATED_AT_MS + 86_400_000));
        assert_eq!(end, at(CREATED_AT_MS + 86_402_000));
    }

    #[test]
    fn the_queue_may_take_400_ms_longer_than_the_command() {
        let until = |after_ms| send_until(interaction_born_at(CREATED_AT_MS), at(CREATED_AT_MS + after_ms));
        assert_eq!(until(100), at(CREATED_AT_MS + 2_500));
        assert_eq!(until(1_000), at(CREATED_AT_MS + 2_700));
        assert_eq!(until(86_400_000), at(CREATED_AT_MS + 86_402_400));
    }

    #[test]
    fn the_queue_has_400_ms_in_any_case_but_none_after_discord_has_given_up() {
        let timeout = |received_after, now_after| {
            let [received, now] = [received_after, now_after].map(|after: u64| at(CREATED_AT_MS + after));
            send_timeout(interaction_born_at(CREATED_AT_MS), received, now).as_millis()
        };
        assert_eq!([timeout(100, 200), timeout(100, 2_100), timeout(100, 2_400)], [2_300, 400, 400]);
        assert_eq!([timeout(2_600, 2_600), timeout(2_750, 2_750), timeout(2_900, 3_100)], [400, 250, 0]);
        // A sample has no age; its receipt is all that counts.
        assert_eq!([timeout(86_400_000, 86_400_000), timeout(86_400_000, 86_402_800)], [2_400, 200]);
    }

    #[test]
    fn what_arrives_after_discord_has_given_up_is_too_late_until_its_token_has_expired() {
        let token_ends = 15 * 60_000;
        let is_late = |after: u64| is_too_late(interaction_born_at(CREATED_AT_MS), at(CREATED_AT_MS + after));
        assert_eq!(
            [0, 3_200, 3_201, token_ends, token_ends + 1].map(is_late),
            [false, false, true, true, false]
        );
        // Discord's clock is ahead of ours.
        assert!(!is_too_late(interaction_born_at(CREATED_AT_MS), at(CREATED_AT_MS - 5_000)));
    }

    #[test]
    fn the_age_counts_from_the_creation_or_from_the_receipt_of_a_sample() {
        let age = |received: u64, now: u64| age_ms(interaction_born_at(CREATED_AT_MS), at(received), at(now));
        assert_eq!(age(CREATED_AT_MS + 2_000, CREATED_AT_MS + 2_300), 2_300);
        assert_eq!(age(CREATED_AT_MS + 86_400_000, CREATED_AT_MS + 86_400_050), 50);
        assert_eq!(age(CREATED_AT_MS - 400, CREATED_AT_MS - 100), 300);
    }

    #[test]
    fn an_interaction_counts_as_a_sample_once_its_token_has_expired() {
        let token_ends = CREATED_AT_MS + 15 * 60_000;
        let handed_over = |received| hand_over_at(interaction_born_at(CREATED_AT_MS), at(received));
        assert_eq!(handed_over(token_ends), at(CREATED_AT_MS + 2_300));
        assert_eq!(handed_over(token_ends + 1), at(token_ends + 2_001));
    }

    #[test]
    fn the_watchdog_runs_90_seconds_before_the_last_reply_and_that_a_minute_before_the_token_expires() {
        assert_eq!(watchdog_at(interaction_born_at(CREATED_AT_MS)), at(CREATED_AT_MS + 750_000));
        assert_eq!(reply_until(interaction_born_at(CREATED_AT_MS)), at(CREATED_AT_MS + 840_000));
        assert_eq!(work_ends(interaction_born_at(CREATED_AT_MS)), at(CREATED_AT_MS + 870_000));
        assert_eq!(notify_until(interaction_born_at(CREATED_AT_MS)), at(CREATED_AT_MS + 885_000));
    }

    #[test]
    fn a_clock_that_goes_backwards_has_measured_nothing() {
        assert_eq!(elapsed_ms(at(CREATED_AT_MS), at(CREATED_AT_MS + 1_234)), 1_234);
        assert_eq!(elapsed_ms(at(CREATED_AT_MS + 1), at(CREATED_AT_MS)), 0);
    }

    #[test]
    fn time_that_has_passed_leaves_nothing() {
        assert_eq!(left(at(CREATED_AT_MS + 5), at(CREATED_AT_MS)), Duration::ZERO);
        assert_eq!(left(at(CREATED_AT_MS), at(CREATED_AT_MS + 5)), Duration::from_millis(5));
    }
}
