//! `GET /v1/search`: cities that begin with the name, or else invented places.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Refused,
    cities::{CITIES, City},
    climate::{hash, noise},
};

/// The supported query parameters. Names are always in English.
#[derive(Deserialize)]
pub(super) struct SearchQuery {
    pub(super) name: Option<String>,
    count: Option<usize>,
}

/// The response. As with the real service, it has no `results` field if there are none.
pub(super) fn answer(question: &SearchQuery) -> Result<Value, Refused> {
    let missing = || Refused::bad("Value required for key 'name'");
    let name = question.name.as_deref().ok_or_else(missing)?;
    let count = question.count.unwrap_or(10).min(100);
    // Autocomplete choices have the form "Paris, France".
    let name = folded(name.split(',').next().unwrap_or_default().trim());
    let mut results = found(&name);
    results.truncate(count);
    Ok(match results.is_empty() {
        true => json!({"generationtime_ms": 0.25}),
        false => json!({"results": results, "generationtime_ms": 0.25}),
    })
}

fn found(name: &str) -> Vec<Value> {
    if name.chars().count() < 2 || name.starts_with("zzz") {
        return Vec::new();
    }
    let cities = CITIES.iter().filter(|city| folded(city.name).starts_with(name));
    let known = cities.map(|city| result(city.name, city, (0.0, 0.0))).collect::<Vec<_>>();
    if known.is_empty() { invented(name) } else { known }
}

/// One to five places with this name, each within three degrees of some city.
fn invented(name: &str) -> Vec<Value> {
    let seed = hash(name.as_bytes());
    let title = titled(name);
    let draw = |n| noise(seed, n);
    let count = 1 + (draw(0) * 5.0) as i64;
    let places = (0..count).map(|n| {
        let city = &CITIES[(draw(4 * n + 1) * CITIES.len() as f64) as usize];
        let away = (draw(4 * n + 2) * 6.0 - 3.0, draw(4 * n + 3) * 6.0 - 3.0);
        result(&title, city, away)
    });
    places.collect()
}

fn result(name: &str, city: &City, (north, east): (f64, f64)) -> Value {
    let (latitude, longitude) = (decimals(city.latitude + north), decimals(city.longitude + east));
    let id = hash(format!("{name} {latitude} {longitude}").as_bytes()) % 10_000_000;
    json!({
        "id": id,
        "name": name,
        "latitude": latitude,
        "longitude": longitude,
        "elevation": (id % 400) as f64,
        "feature_code": "PPL",
        "country_code": city.country_code,
        "timezone": city.time_zone,
        "population": id,
        "country": city.country,
        "admin1": city.region,
    })
}

/// Rounded to five decimals, as from the real service.
fn decimals(degrees: f64) -> f64 {
    (degrees * 100_000.0).round() / 100_000.0
}

/// Lower case, without the accents that occur in the list of cities.
fn folded(name: &str) -> String {
    let plain = |letter| match letter {
        'ã' | 'á' | 'à' | 'ä' => 'a',
        'í' => 'i',
        'ó' | 'ö' => 'o',
        'ü' => 'u',
        other => other,
    };
    name.to_lowercase().chars().map(plain).collect()
}

fn titled(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    name.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}
