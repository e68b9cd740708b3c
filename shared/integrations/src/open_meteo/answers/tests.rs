use serde_json::{Value, json};

use super::*;

fn search_answer() -> Value {
    json!({
        "results": [
            {"id": 2988507, "name": "Paris", "latitude": 48.85341, "longitude": 2.3488, "elevation": 42.0,
             "feature_code": "PPLC", "country_code": "FR", "timezone": "Europe/Paris", "population": 2138551,
             "country": "France", "admin1": "Île-de-France"},
            {"id": 3996063, "name": "Mexico", "latitude": 23.0, "longitude": -102.0, "country": "Mexico", "admin1": ""}
        ],
        "generationtime_ms": 0.5
    })
}

fn forecast_answer() -> Value {
    json!({
        "latitude": 48.86, "longitude": 2.3399997, "generationtime_ms": 0.13, "utc_offset_seconds": 7200,
        "timezone": "Europe/Paris", "timezone_abbreviation": "GMT+2", "elevation": 38.0,
        "current_units": {"time": "iso8601", "interval": "seconds", "temperature_2m": "°C"},
        "current": {"time": "2026-07-01T13:15", "interval": 900, "temperature_2m": 24.3, "apparent_temperature": 23.9,
                    "relative_humidity_2m": 41, "is_day": 1, "weather_code": 2, "wind_speed_10m": 9.4},
        "hourly": {"time": ["2026-07-01T00:00", "2026-07-01T01:00"], "temperature_2m": [17.5, -0.1],
                   "precipitation_probability": [0, null], "weather_code": [0, 61], "is_day": [0, 0]},
        "daily": {"time": ["2026-07-01"], "weather_code": [95], "temperature_2m_max": [25.0],
                  "temperature_2m_min": [16.4], "precipitation_probability_max": [35]}
    })
}

fn read_forecast(answer: &Value) -> Result<Forecast, Fault> {
    forecast(answer.to_string().as_bytes())
}

#[test]
fn places_are_read_with_whatever_they_lack() {
    let places = places(search_answer().to_string().as_bytes()).unwrap();
    let paris = &places[0];
    assert_eq!((paris.name.as_str(), paris.at.to_string()), ("Paris", "4885:235".into()));
    assert_eq!(paris.region.as_deref(), Some("Île-de-France"));
    assert_eq!((&places[1].region, &places[1].time_zone), (&None, &None));
}

#[test]
fn an_answer_without_results_is_no_such_place_and_other_json_is_a_fault() {
    assert_eq!(places(br#"{"generationtime_ms":0.3}"#), Ok(vec![]));
    assert_eq!(places(br#"{"results":[],"generationtime_ms":0.3}"#), Ok(vec![]));
    for odd in ["{}", "[]", "null", "", "<html>", r#"{"error":true,"reason":"x"}"#, r#"{"results":{}}"#] {
        assert_eq!(places(odd.as_bytes()), Err(Fault::Malformed("search")), "{odd}");
    }
}

#[test]
fn a_forecast_is_read() {
    let forecast = read_forecast(&forecast_answer()).unwrap();
    assert_eq!(forecast.now.at.to_string(), "2026-07-01T13:15:00");
    assert_eq!((forecast.now.temperature.tenths(), forecast.now.light), (243, Light::Day));
    assert_eq!((forecast.hours[1].temperature.tenths(), forecast.hours[1].rain), (-1, None));
    assert_eq!((forecast.days[0].sky, forecast.days[0].lowest.tenths()), (Sky::Thunderstorm, 164));
    assert_eq!(forecast.utc_offset.seconds(), 7_200);
}

#[test]
fn every_needed_field_is_missed_and_every_odd_value_is_a_fault() {
    let odd = [
        ("/current/temperature_2m", vec![json!(null), json!("24"), json!(1e9)]),
        ("/current/apparent_temperature", vec![json!(null)]),
        ("/current/relative_humidity_2m", vec![json!(null), json!(101), json!(-1)]),
        ("/current/wind_speed_10m", vec![json!(null), json!(-3)]),
        ("/current/weather_code", vec![json!(null), json!(4), json!(300), json!(-1)]),
        ("/current/is_day", vec![json!(null), json!(2)]),
        ("/current/time", vec![json!("13:15"), json!("2026-02-30T00:00"), json!(0)]),
        (
            "/hourly/time",
            vec![json!([]), json!(["2026-07-01T00:00"]), json!(["2026-07-01T01:00", "2026-07-01T00:00"])],
        ),
        ("/hourly/temperature_2m", vec![json!([17.5]), json!([17.5, null]), json!([1, 2, 3])]),
        ("/hourly/precipitation_probability", vec![json!([0, 101]), json!([0])]),
        ("/hourly/weather_code", vec![json!([0]), json!([0, 4])]),
        ("/hourly/is_day", vec![json!([0, 7])]),
        ("/daily/time", vec![json!([]), json!(["2026-07-32"])]),
        ("/daily/temperature_2m_max", vec![json!([]), json!([999])]),
        ("/daily/temperature_2m_min", vec![json!([1, 2])]),
        ("/daily/weather_code", vec![json!([null])]),
        ("/daily/precipitation_probability_max", vec![json!([-5])]),
        ("/utc_offset_seconds", vec![json!(null), json!(1_000_000), json!(1.5)]),
    ];
    for (field, values) in odd {
        for value in values {
            let mut answer = forecast_answer();
            *answer.pointer_mut(field).unwrap() = value.clone();
            let read = read_forecast(&answer);
            assert!(matches!(read, Err(Fault::Malformed(_))), "{field} = {value}");
        }
        let (parent, name) = field.rsplit_once('/').unwrap();
        let mut answer = forecast_answer();
        answer.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        assert!(read_forecast(&answer).is_err(), "without {field}");
    }
}

#[test]
fn an_answer_cut_anywhere_is_a_fault_and_no_panic() {
    let whole = forecast_answer().to_string().into_bytes();
    for end in 0..whole.len() {
        assert_eq!(forecast(&whole[..end]), Err(Fault::Malformed("forecast")));
    }
}

#[test]
fn odd_places_are_faults_that_do_not_quote_them() {
    for (field, value) in [("name", json!("  ")), ("latitude", json!(90.2)), ("longitude", json!("2"))] {
        let mut answer = search_answer();
        answer["results"][0][field] = value;
        let fault = places(answer.to_string().as_bytes()).unwrap_err();
        assert!(!format!("{fault} {fault:?}").contains("Paris"));
    }
}
