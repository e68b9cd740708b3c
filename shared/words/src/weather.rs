//! The texts of the weather embed.

use std::time::Duration;

use domain::{
    Language,
    repeat::Name,
    weather::{Conditions, Day, Forecast, Hour, Light, Percent, Sky, SkyGroup, Units},
};
use jiff::{Timestamp, civil::Weekday};

/// The German descriptions.
pub const GERMAN: &[(&str, &str)] = &[
    ("weather", "Zeigt das Wetter an einem Ort"),
    ("weather place", "Stadt oder Ort (ohne Angabe: dein Zuhause)"),
    ("weather units", "Celsius oder Fahrenheit"),
];

/// Rejection: no place has this name. The name is not repeated.
pub fn no_such_place(language: Language) -> String {
    match language {
        Language::English => {
            "I could not find a place with that name. Please choose one from the list while you type."
        }
        Language::German => {
            "Ich habe keinen Ort mit diesem Namen gefunden. Bitte wähle beim Tippen einen aus der Liste."
        }
    }
    .to_owned()
}

/// The label of the refresh button.
pub fn refresh(language: Language) -> String {
    match language {
        Language::English => "Refresh",
        Language::German => "Aktualisieren",
    }
    .to_owned()
}

/// The label of the button that switches to these units.
pub const fn turn_to(units: Units) -> &'static str {
    match units {
        Units::Metric => "°C",
        Units::Imperial => "°F",
    }
}

/// The texts of an embed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbedTexts {
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// The fields: name and value.
    pub fields: Vec<(String, String)>,
    /// The footer.
    pub footer: String,
}

/// The weather at a place. `age` is the age of a stale forecast.
pub fn embed_texts(
    language: Language,
    place: &Name,
    units: Units,
    forecast: &Forecast,
    age: Option<Duration>,
    now: Timestamp,
) -> EmbedTexts {
    let hours: Vec<_> = forecast.next_hours(now).map(|at| hour(at, units)).collect();
    let days: Vec<_> = forecast.next_days(now).map(|on| day(language, on, units)).collect();
    let mut fields = Vec::new();
    if !hours.is_empty() {
        fields.push((next_hours(language).to_owned(), hours.join("\n")));
    }
    if !days.is_empty() {
        fields.push((next_days(language).to_owned(), days.join("\n")));
    }
    let text = conditions(language, &forecast.now, units);
    EmbedTexts {
        title: format!("{} {place}", picture(forecast.now.sky, forecast.now.light)),
        description: age.map_or(text.clone(), |age| format!("{text}\n{}", old(language, age))),
        fields,
        footer: source(language, &forecast.now),
    }
}

fn conditions(language: Language, now: &Conditions, units: Units) -> String {
    let unit = turn_to(units);
    let (warm, felt) = (now.temperature.degrees(units), now.feels_like.degrees(units));
    let (humidity, wind) = (now.humidity.get(), now.wind.per_hour(units));
    let sky = sky(language, now.sky);
    let speed = match units {
        Units::Metric => "km/h",
        Units::Imperial => "mph",
    };
    match language {
        Language::English => {
            format!(
                "**{warm} {unit}**, {sky}\nFeels like {felt} {unit}, humidity {humidity} %, wind {wind} {speed}"
            )
        }
        Language::German => {
            format!(
                "**{warm} {unit}**, {sky}\nGefühlt {felt} {unit}, Luftfeuchte {humidity} %, Wind {wind} {speed}"
            )
        }
    }
}

fn hour(hour: &Hour, units: Units) -> String {
    let (time, warm) = (hour.at.strftime("%H:%M"), hour.temperature.degrees(units));
    format!("`{time}` {} {warm}°{}", picture(hour.sky, hour.light), rain(hour.rain))
}

fn day(language: Language, day: &Day, units: Units) -> String {
    let (low, high) = (day.lowest.degrees(units), day.highest.degrees(units));
    let name = weekday(language, day.on.weekday());
    format!("`{name}` {} {low}° … {high}°{}", picture(day.sky, Light::Day), rain(day.rain))
}

fn rain(chance: Option<Percent>) -> String {
    match chance.map(Percent::get) {
        Some(chance) if chance > 0 => format!(" 💧 {chance} %"),
        _ => String::new(),
    }
}

const fn next_hours(language: Language) -> &'static str {
    match language {
        Language::English => "Next hours",
        Language::German => "Nächste Stunden",
    }
}

const fn next_days(language: Language) -> &'static str {
    match language {
        Language::English => "Next days",
        Language::German => "Nächste Tage",
    }
}

fn old(language: Language, age: Duration) -> String {
    let minutes = age.as_secs() / 60;
    let (hours, rest) = (minutes / 60, minutes % 60);
    let age = if hours > 0 { format!("{hours} h {rest} min") } else { format!("{minutes} min") };
    match language {
        Language::English => {
            format!("⚠️ This forecast is {age} old because the weather service is not responding.")
        }
        Language::German => {
            format!("⚠️ Diese Vorhersage ist {age} alt, weil der Wetterdienst nicht antwortet.")
        }
    }
}

/// Names Open-Meteo, as its licence (CC BY 4.0) requires.
fn source(language: Language, now: &Conditions) -> String {
    let time = now.at.strftime("%H:%M");
    match language {
        Language::English => format!("Weather data by Open-Meteo.com · local time {time}"),
        Language::German => format!("Wetterdaten von Open-Meteo.com · Ortszeit {time}"),
    }
}

const fn weekday(language: Language, day: Weekday) -> &'static str {
    match (language, day) {
        (Language::English, Weekday::Monday) => "Mon",
        (Language::English, Weekday::Tuesday) => "Tue",
        (Language::English, Weekday::Wednesday) => "Wed",
        (Language::English, Weekday::Thursday) => "Thu",
        (Language::English, Weekday::Friday) => "Fri",
        (Language::English, Weekday::Saturday) => "Sat",
        (Language::English, Weekday::Sunday) => "Sun",
        (Language::German, Weekday::Monday) => "Mo",
        (Language::German, Weekday::Tuesday) => "Di",
        (Language::German, Weekday::Wednesday) => "Mi",
        (Language::German, Weekday::Thursday) => "Do",
        (Language::German, Weekday::Friday) => "Fr",
        (Language::German, Weekday::Saturday) => "Sa",
        (Language::German, Weekday::Sunday) => "So",
    }
}

fn sky(language: Language, sky: Sky) -> &'static str {
    match (language, sky.group()) {
        (Language::English, SkyGroup::Clear) => "clear",
        (Language::English, SkyGroup::PartlyCloudy) => "partly cloudy",
        (Language::English, SkyGroup::Overcast) => "overcast",
        (Language::English, SkyGroup::Fog) => "fog",
        (Language::English, SkyGroup::Drizzle) => "drizzle",
        (Language::English, SkyGroup::Rain) => "rain",
        (Language::English, SkyGroup::Ice) => "freezing rain",
        (Language::English, SkyGroup::Snow) => "snow",
        (Language::English, SkyGroup::Showers) => "showers",
        (Language::English, SkyGroup::Thunderstorm) => "thunderstorm",
        (Language::German, SkyGroup::Clear) => "klar",
        (Language::German, SkyGroup::PartlyCloudy) => "teils bewölkt",
        (Language::German, SkyGroup::Overcast) => "bedeckt",
        (Language::German, SkyGroup::Fog) => "Nebel",
        (Language::German, SkyGroup::Drizzle) => "Nieselregen",
        (Language::German, SkyGroup::Rain) => "Regen",
        (Language::German, SkyGroup::Ice) => "gefrierender Regen",
        (Language::German, SkyGroup::Snow) => "Schnee",
        (Language::German, SkyGroup::Showers) => "Schauer",
        (Language::German, SkyGroup::Thunderstorm) => "Gewitter",
    }
}

fn picture(sky: Sky, light: Light) -> &'static str {
    match (sky.group(), light) {
        (SkyGroup::Clear, Light::Day) => "☀️",
        (SkyGroup::Clear, Light::Night) => "🌙",
        (SkyGroup::PartlyCloudy, _) => "⛅",
        (SkyGroup::Overcast, _) => "☁️",
        (SkyGroup::Fog, _) => "🌫️",
        (SkyGroup::Drizzle, _) => "🌦️",
        (SkyGroup::Rain | SkyGroup::Showers, _) => "🌧️",
        (SkyGroup::Ice, _) => "🧊",
        (SkyGroup::Snow, _) => "🌨️",
        (SkyGroup::Thunderstorm, _) => "⛈️",
    }
}

#[cfg(test)]
mod tests {
    use domain::weather::{Speed, Temperature, UtcOffset};
    use jiff::civil::{Date, date};

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn degrees(celsius: f64) -> Temperature {
        Temperature::from_celsius(celsius).unwrap()
    }

    fn forecast() -> Forecast {
        let hour = |hour: i8| Hour {
            at: TODAY.at(hour, 0, 0, 0),
            temperature: degrees(f64::from(hour) - 12.5),
            rain: Percent::try_from(i32::from(hour) * 4).ok(),
            sky: if hour < 18 { Sky::LightRain } else { Sky::Clear },
            light: if hour < 18 { Light::Day } else { Light::Night },
        };
        let day = |ahead: i8| Day {
            on: date(2026, 11, 22 + ahead),
            lowest: degrees(-3.4),
            highest: degrees(4.6),
            rain: None,
            sky: Sky::HeavySnow,
        };
        Forecast {
            now: Conditions {
                at: TODAY.at(14, 15, 0, 0),
                temperature: degrees(1.4),
                feels_like: degrees(-2.5),
                humidity: Percent::try_from(81).unwrap(),
                wind: Speed::from_kilometres_per_hour(17.6).unwrap(),
                sky: Sky::LightRain,
                light: Light::Day,
            },
            hours: (0..24).map(hour).collect(),
            days: (0..4).map(day).collect(),
            utc_offset: UtcOffset::try_from(3_600).unwrap(),
        }
    }

    fn shown(language: Language, units: Units, age: Option<Duration>) -> String {
        let now: Timestamp = "2026-11-22T13:20:00Z".parse().unwrap();
        let texts = embed_texts(language, &Name::of("Paris, France"), units, &forecast(), age, now);
        let fields = texts.fields.iter().map(|(head, text)| format!("[{head}]\n{text}"));
        let fields = fields.collect::<Vec<_>>().join("\n");
        format!("{}\n{}\n{fields}\n{}", texts.title, texts.description, texts.footer)
    }

    #[test]
    fn an_embed_in_english_and_celsius() {
        insta::assert_snapshot!(shown(Language::English, Units::Metric, None), @r"
        🌧️ Paris, France
        **1 °C**, rain
        Feels like -3 °C, humidity 81 %, wind 18 km/h
        [Next hours]
        `14:00` 🌧️ 2° 💧 56 %
        `16:00` 🌧️ 4° 💧 64 %
        `18:00` 🌙 6° 💧 72 %
        `20:00` 🌙 8° 💧 80 %
        `22:00` 🌙 10° 💧 88 %
        [Next days]
        `Mon` 🌨️ -3° … 5°
        `Tue` 🌨️ -3° … 5°
        `Wed` 🌨️ -3° … 5°
        Weather data by Open-Meteo.com · local time 14:15
        ");
    }

    #[test]
    fn an_old_forecast_in_german_and_fahrenheit() {
        let age = Some(Duration::from_secs(3 * 3_600 + 125));
        insta::assert_snapshot!(shown(Language::German, Units::Imperial, age), @r"
        🌧️ Paris, France
        **35 °F**, Regen
        Gefühlt 28 °F, Luftfeuchte 81 %, Wind 11 mph
        ⚠️ Diese Vorhersage ist 3 h 2 min alt, weil der Wetterdienst nicht antwortet.
        [Nächste Stunden]
        `14:00` 🌧️ 35° 💧 56 %
        `16:00` 🌧️ 38° 💧 64 %
        `18:00` 🌙 42° 💧 72 %
        `20:00` 🌙 46° 💧 80 %
        `22:00` 🌙 49° 💧 88 %
        [Nächste Tage]
        `Mo` 🌨️ 26° … 40°
        `Di` 🌨️ 26° … 40°
        `Mi` 🌨️ 26° … 40°
        Wetterdaten von Open-Meteo.com · Ortszeit 14:15
        ");
    }
}
