//! The texts of "Weather at home"; most are in `home` and `weather`.

/// The German name in the context menu.
pub const GERMAN: &[(&str, &str)] = &[("Weather at home", "Wetter zu Hause")];
