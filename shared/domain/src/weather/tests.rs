use jiff::{ToSpan, civil::date};

use super::*;

fn temperature(celsius: f64) -> Temperature {
    Temperature::from_celsius(celsius).unwrap()
}

/// Four days from 1 July 2026, two hours east of UTC.
fn forecast() -> Forecast {
    let midnight = date(2026, 7, 1).at(0, 0, 0, 0);
    let hours = (0..96).map(|n: i64| Hour {
        at: midnight + n.hours(),
        temperature: temperature(n as f64 / 10.0),
        rain: None,
        sky: Sky::Clear,
        light: Light::Day,
    });
    let days = (0..4).map(|n: i64| Day {
        on: midnight.date() + n.days(),
        lowest: temperature(8.0),
        highest: temperature(20.0),
        rain: Percent::try_from(20).ok(),
        sky: Sky::Rain,
    });
    Forecast {
        now: Conditions {
            at: midnight + 13.hours(),
            temperature: temperature(18.0),
            feels_like: temperature(17.2),
            humidity: Percent::try_from(60).unwrap(),
            wind: Speed::from_kilometres_per_hour(12.0).unwrap(),
            sky: Sky::PartlyCloudy,
            light: Light::Day,
        },
        hours: hours.collect(),
        days: days.collect(),
        utc_offset: UtcOffset::try_from(7_200).unwrap(),
    }
}

fn hours_shown(now: &str) -> Vec<i8> {
    forecast().next_hours(now.parse().unwrap()).map(|hour| hour.at.hour()).collect()
}

#[test]
fn the_next_hours_begin_with_the_present_local_hour() {
    assert_eq!(hours_shown("2026-07-01T11:00:00Z"), [13, 15, 17, 19, 21, 23]);
    assert_eq!(hours_shown("2026-07-01T18:59:59Z"), [20, 22, 0, 2, 4, 6]);
}

#[test]
fn an_old_forecast_shows_what_is_left_of_it() {
    assert_eq!(hours_shown("2026-07-04T18:30:00Z"), [20, 22]);
    assert!(hours_shown("2026-07-04T22:00:00Z").is_empty());
    let now = "2026-07-02T22:30:00Z".parse().unwrap();
    let forecast = forecast();
    assert_eq!(forecast.today(now).unwrap().on, date(2026, 7, 3));
    let next = forecast.next_days(now).map(|day| day.on).collect::<Vec<_>>();
    assert_eq!(next, [date(2026, 7, 4)]);
}

#[test]
fn the_next_days_are_the_three_after_the_local_today() {
    let now = "2026-06-30T22:00:00Z".parse().unwrap();
    let forecast = forecast();
    let next = forecast.next_days(now).map(|day| day.on.day()).collect::<Vec<_>>();
    assert_eq!(next, [2, 3, 4]);
}

#[test]
fn an_offset_is_less_than_a_day_and_two_hours() {
    for seconds in [-93_599, -3_600, 0, 7_200, 93_599] {
        assert_eq!(UtcOffset::try_from(seconds).map(UtcOffset::seconds), Ok(seconds));
    }
    for seconds in [-93_600, 93_600] {
        assert!(UtcOffset::try_from(seconds).is_err(), "{seconds}");
    }
}

#[test]
fn a_forecast_survives_the_cache_and_a_forged_one_does_not_enter() {
    let json = serde_json::to_string(&forecast()).unwrap();
    assert_eq!(serde_json::from_str::<Forecast>(&json).unwrap(), forecast());
    for (from, to) in [("\"humidity\":60", "\"humidity\":160"), ("7200", "720000")] {
        assert!(json.contains(from));
        assert!(serde_json::from_str::<Forecast>(&json.replace(from, to)).is_err());
    }
}
