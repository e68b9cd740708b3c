//! For how much of the last 30 days the bot worked, by its heartbeats.

use std::{collections::BTreeMap, time::Duration};

use aws::Values;
use jiff::SignedDuration;

/// How far back it looks.
pub(crate) const WINDOW: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The period of the values that are read. CloudWatch keeps values of a minute for 15 days only.
pub(crate) const PERIOD: Duration = Duration::from_secs(3_600);
/// How many heartbeats there are in an hour.
const HEARTBEATS_AN_HOUR: f64 = 60.0;
/// The value of a heartbeat that found that the bot works.
const WORKS: f64 = 100.0;

/// The percentage of the minutes since the first heartbeat in which one found that the bot works. `None` without any
/// heartbeat.
///
/// A minute without one counts as one in which the bot did not work; but not in the first hour, which began before the
/// stack did, nor in the last, which is not over.
pub(crate) fn percent(hours: &BTreeMap<i64, Values>) -> Option<f64> {
    let (first, last) = (*hours.first_key_value()?.0, *hours.last_key_value()?.0);
    let step = i64::try_from(PERIOD.as_secs()).ok()?;
    let between = (first / step + 1..last / step).map(|hour| {
        let count = hours.get(&(hour * step)).map_or(0.0, |values| values.count);
        count.max(HEARTBEATS_AN_HOUR)
    });
    let ends = if first == last { hours[&first].count } else { hours[&first].count + hours[&last].count };
    let expected = ends + between.sum::<f64>();
    let worked = hours.values().map(|values| values.sum / WORKS).sum::<f64>();
    (expected > 0.0).then(|| worked / expected * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;

    fn hours(hours: &[(i64, f64, f64)]) -> BTreeMap<i64, Values> {
        hours
            .iter()
            .map(|(hour, good, count)| (hour * HOUR, Values { sum: good * 100.0, count: *count }))
            .collect()
    }

    fn rounded(percent: Option<f64>) -> Option<String> {
        percent.map(|percent| format!("{percent:.2}"))
    }

    #[test]
    fn it_is_the_part_of_the_heartbeats_that_were_good() {
        let of = |given: &[(i64, f64, f64)]| rounded(percent(&hours(given)));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(5, 12.0, 12.0)]).as_deref(), Some("100.00"));
        assert_eq!(of(&[(5, 12.0, 12.0), (6, 60.0, 60.0), (7, 3.0, 3.0)]).as_deref(), Some("100.00"));
        assert_eq!(of(&[(5, 30.0, 30.0), (6, 30.0, 60.0), (7, 10.0, 10.0)]).as_deref(), Some("70.00"));
    }

    #[test]
    fn a_minute_without_a_heartbeat_is_one_in_which_the_bot_did_not_work() {
        let of = |given: &[(i64, f64, f64)]| rounded(percent(&hours(given)));
        // Half of the hour is missing, then all of it.
        assert_eq!(of(&[(5, 20.0, 20.0), (6, 30.0, 30.0), (7, 20.0, 20.0)]).as_deref(), Some("70.00"));
        assert_eq!(of(&[(5, 20.0, 20.0), (7, 20.0, 20.0)]).as_deref(), Some("40.00"));
    }

    #[test]
    fn an_hour_may_have_a_heartbeat_more_than_minutes() {
        let of = rounded(percent(&hours(&[(5, 1.0, 1.0), (6, 61.0, 61.0), (7, 1.0, 1.0)])));
        assert_eq!(of.as_deref(), Some("100.00"));
    }
}
