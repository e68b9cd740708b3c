//! For how much of the last 30 days the bot worked, by its heartbeats.

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp};

/// How far back it looks.
const WINDOW: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The period of the values that are read. CloudWatch keeps values of a minute for 15 days only.
pub(crate) const PERIOD: Duration = Duration::from_secs(HOUR.unsigned_abs());
const HOUR: i64 = 3_600;
const MINUTE: i64 = 60;
/// How many heartbeats there are in an hour.
const HEARTBEATS_AN_HOUR: f64 = 60.0;
/// How many minutes it takes until a heartbeat is a value of CloudWatch.
const DELAY_MINUTES: i64 = 2;

/// The beginning of the hour 30 days ago. CloudWatch's periods begin with the time that it is asked for.
pub(crate) fn window_start(now: Timestamp) -> Timestamp {
    let from = now.checked_sub(WINDOW).unwrap_or(now).as_second();
    Timestamp::from_second(from - from.rem_euclid(HOUR)).unwrap_or(now)
}

/// The percentage of the minutes since the first heartbeat in which one found that the bot works. `None` without any
/// heartbeat. `hours` has the number of those heartbeats by the second in which their hour began.
///
/// Nothing is known of the minutes of the first hour without one, because it began before the stack did.
pub(crate) fn percent(hours: &BTreeMap<i64, f64>, now: Timestamp) -> Option<f64> {
    let (first, worked_in_first) = hours.first_key_value()?;
    let current = now.as_second() / HOUR;
    let later = (first / HOUR + 1..=current).map(|hour| {
        let worked = hours.get(&(hour * HOUR)).copied().unwrap_or_default();
        let expected = if hour == current { minutes_of_current_hour(now) } else { HEARTBEATS_AN_HOUR };
        // The scheduler may be a minute late, and then there is one more in the next hour.
        worked.max(expected)
    });
    let expected = worked_in_first + later.sum::<f64>();
    let worked = hours.values().sum::<f64>();
    (expected > 0.0).then(|| worked / expected * 100.0)
}

fn minutes_of_current_hour(now: Timestamp) -> f64 {
    let minutes = now.as_second() % HOUR / MINUTE - DELAY_MINUTES;
    f64::from(i32::try_from(minutes.max(0)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The percentage at this minute of hour 7.
    fn at(minute: i64, hours: &[(i64, f64)]) -> Option<String> {
        let hours = hours.iter().map(|(hour, worked)| (hour * HOUR, *worked)).collect();
        let now = Timestamp::from_second(7 * HOUR + minute * MINUTE).unwrap();
        percent(&hours, now).map(|percent| format!("{percent:.2}"))
    }

    #[test]
    fn a_minute_without_a_heartbeat_is_one_in_which_the_bot_did_not_work() {
        assert_eq!(at(0, &[]), None);
        assert_eq!(at(30, &[(7, 12.0)]).as_deref(), Some("100.00"));
        assert_eq!(at(12, &[(5, 20.0), (6, 60.0), (7, 10.0)]).as_deref(), Some("100.00"));
        // Half of hour 6 is missing, then all of it, then the end of hour 7.
        assert_eq!(at(12, &[(5, 10.0), (6, 30.0), (7, 10.0)]).as_deref(), Some("62.50"));
        assert_eq!(at(12, &[(5, 20.0), (7, 10.0)]).as_deref(), Some("33.33"));
        assert_eq!(at(42, &[(6, 20.0), (7, 10.0)]).as_deref(), Some("50.00"));
    }

    #[test]
    fn an_outage_that_goes_on_counts() {
        assert_eq!(at(2, &[(4, 60.0)]).as_deref(), Some("33.33"));
    }

    #[test]
    fn the_window_begins_with_an_hour() {
        let now = Timestamp::from_second(800 * HOUR + 59).unwrap();
        assert_eq!(window_start(now).as_second(), 80 * HOUR);
    }

    #[test]
    fn an_hour_may_have_a_heartbeat_more_than_minutes() {
        assert_eq!(at(1, &[(5, 1.0), (6, 61.0), (7, 1.0)]).as_deref(), Some("100.00"));
    }
}
