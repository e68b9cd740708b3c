//! "Weather at home"; what it says is said in `home` and `weather`.

/// What Discord shows of it.
pub const GERMAN: &[(&str, &str)] = &[("Weather at home", "Wetter zu Hause")];
