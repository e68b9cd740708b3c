//! `/weather`: of a place, at home, and without a home; the reply has two buttons.

use commands::weather::{AtHome, Weather, WeatherAction};
use engine::Ability;
use serde_json::json;

use super::{
    Act, Blank, Scenario, Shape, Step,
    home::{HOME, MOVED},
};

pub(super) const SCENARIO: Scenario = Scenario {
    acts: &[FETCHED, KNOWN, NOWHERE, TURNED, REFRESHED, TYPED, ASKED, AT_HOME, KNOWN_AT_HOME],
    shapes: || {
        vec![
            Shape::button::<Weather>(&shown("Refresh", "metric")),
            Shape::button::<Weather>(&shown("Turn", "imperial")),
            Shape::form::<Weather>(&at_home()),
        ]
    },
};

fn shown(action: &str, units: &str) -> WeatherAction {
    let shown = json!({ "at": [4885, 235], "units": units, "label": "Paris, Île-de-France, France" });
    serde_json::from_value(json!({ action: shown })).unwrap()
}

fn at_home() -> AtHome {
    serde_json::from_value(json!({ "units": "imperial" })).unwrap()
}

const PLACES: &[&str] =
    &["Paris", "Oslo", "Berlin", "Lima", "Cairo", "Delhi", "Tokyo", "Quito", "Nairobi", "Bergen", "Graz"];

/// Not cached: deferred, and fetched by the jobs function.
const FETCHED: Act = Act {
    name: "asks for the weather",
    uses: Ability::Work,
    does: Step::Say("/weather place:{place}"),
    blanks: &[Blank::free("place", PLACES)],
    is_public: true,
    often: 8,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_the_weather() {
    insta::assert_snapshot!(crate::seen::seen(&FETCHED).await, @"
    thinking…
    edited
      🌧️ Paris, Île-de-France, France
      **23 °C**, rain
      Feels like 22 °C, humidity 82 %, wind 7 km/h
      Next hours
        `13:00` 🌧️ 23° 💧 67 %
        `15:00` 🌧️ 24° 💧 58 %
        `17:00` 🌦️ 24° 💧 53 %
        `19:00` 🌦️ 23° 💧 52 %
        `21:00` 🌦️ 21° 💧 50 %
        `23:00` 🌫️ 19° 💧 49 %
      Next days
        `Sat` 🌧️ 16° … 25° 💧 80 %
        `Sun` 🌧️ 16° … 25° 💧 79 %
        `Mon` 🌧️ 17° … 25° 💧 62 %
      Weather data by Open-Meteo.com · local time 13:00
      [🔄 Refresh] [°F]
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_the_weather_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&FETCHED).await, @"
    thinking…
    edited
      🌧️ Paris, Île-de-France, France
      **23 °C**, Regen
      Gefühlt 22 °C, Luftfeuchte 82 %, Wind 7 km/h
      Nächste Stunden
        `13:00` 🌧️ 23° 💧 67 %
        `15:00` 🌧️ 24° 💧 58 %
        `17:00` 🌦️ 24° 💧 53 %
        `19:00` 🌦️ 23° 💧 52 %
        `21:00` 🌦️ 21° 💧 50 %
        `23:00` 🌫️ 19° 💧 49 %
      Nächste Tage
        `Sa` 🌧️ 16° … 25° 💧 80 %
        `So` 🌧️ 16° … 25° 💧 79 %
        `Mo` 🌧️ 17° … 25° 💧 62 %
      Wetterdaten von Open-Meteo.com · Ortszeit 13:00
      [🔄 Aktualisieren] [°F]
    ");
}

/// Cached: answered at once.
const KNOWN: Act = Act {
    name: "asks for the weather again",
    uses: Ability::Run,
    after: Some(&FETCHED),
    often: 0,
    ..FETCHED
};

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_the_weather_again() {
    insta::assert_snapshot!(crate::seen::seen(&KNOWN).await, @"
    message
      🌧️ Paris, Île-de-France, France
      **23 °C**, rain
      Feels like 22 °C, humidity 82 %, wind 7 km/h
      Next hours
        `13:00` 🌧️ 23° 💧 67 %
        `15:00` 🌧️ 24° 💧 58 %
        `17:00` 🌦️ 24° 💧 53 %
        `19:00` 🌦️ 23° 💧 52 %
        `21:00` 🌦️ 21° 💧 50 %
        `23:00` 🌫️ 19° 💧 49 %
      Next days
        `Sat` 🌧️ 16° … 25° 💧 80 %
        `Sun` 🌧️ 16° … 25° 💧 79 %
        `Mon` 🌧️ 17° … 25° 💧 62 %
      Weather data by Open-Meteo.com · local time 13:00
      [🔄 Refresh] [°F]
    ");
}

/// The deferred message is public, but the refusal is ephemeral.
const NOWHERE: Act = Act {
    name: "asks for the weather nowhere",
    does: Step::Say("/weather place:zzzxyzzy"),
    blanks: &[],
    is_refused: true,
    often: 1,
    ..FETCHED
};

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_the_weather_nowhere() {
    insta::assert_snapshot!(crate::seen::seen(&NOWHERE).await, @"
    thinking…
    deleted
    follow-up (only you can see this)
      I could not find a place with that name. Please choose one from the list while you type.
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_the_weather_nowhere_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&NOWHERE).await, @"
    thinking…
    deleted
    follow-up (only you can see this)
      Ich habe keinen Ort mit diesem Namen gefunden. Bitte wähle beim Tippen einen aus der Liste.
    ");
}

const TURNED: Act = Act {
    name: "turns the card to other units",
    uses: Ability::Press,
    after: Some(&FETCHED),
    does: Step::Press(&["°F", "°C"]),
    is_public: true,
    often: 2,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn turns_the_card_to_other_units() {
    insta::assert_snapshot!(crate::seen::seen(&TURNED).await, @"
    updated
      🌧️ Paris, Île-de-France, France
      **73 °F**, rain
      Feels like 72 °F, humidity 82 %, wind 4 mph
      Next hours
        `13:00` 🌧️ 73° 💧 67 %
        `15:00` 🌧️ 75° 💧 58 %
        `17:00` 🌦️ 76° 💧 53 %
        `19:00` 🌦️ 74° 💧 52 %
        `21:00` 🌦️ 71° 💧 50 %
        `23:00` 🌫️ 67° 💧 49 %
      Next days
        `Sat` 🌧️ 62° … 76° 💧 80 %
        `Sun` 🌧️ 61° … 77° 💧 79 %
        `Mon` 🌧️ 62° … 78° 💧 62 %
      Weather data by Open-Meteo.com · local time 13:00
      [🔄 Refresh] [°C]
    ");
}

const REFRESHED: Act =
    Act { name: "refreshes the card", does: Step::Press(&["Refresh", "Aktualisieren"]), ..TURNED };

#[tokio::test(flavor = "multi_thread")]
async fn refreshes_the_card() {
    insta::assert_snapshot!(crate::seen::seen(&REFRESHED).await, @"
    updated
      🌧️ Paris, Île-de-France, France
      **23 °C**, rain
      Feels like 22 °C, humidity 82 %, wind 7 km/h
      Next hours
        `13:00` 🌧️ 23° 💧 67 %
        `15:00` 🌧️ 24° 💧 58 %
        `17:00` 🌦️ 24° 💧 53 %
        `19:00` 🌦️ 23° 💧 52 %
        `21:00` 🌦️ 21° 💧 50 %
        `23:00` 🌫️ 19° 💧 49 %
      Next days
        `Sat` 🌧️ 16° … 25° 💧 80 %
        `Sun` 🌧️ 16° … 25° 💧 79 %
        `Mon` 🌧️ 17° … 25° 💧 62 %
      Weather data by Open-Meteo.com · local time 13:00
      [🔄 Refresh] [°F]
    ");
}

const TYPED: Act = Act {
    name: "types a place",
    uses: Ability::Complete,
    does: Step::Type("/weather place:{part}"),
    blanks: &[Blank::free("part", &["Par", "Osl", "Ber", "Lim", "Cai", "Del", "Tok", "Qui", "Nai", "zzz"])],
    often: 4,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn types_a_place() {
    insta::assert_snapshot!(crate::seen::seen(&TYPED).await, @"
    choices
      Paris, Île-de-France, France
      Paris, Texas, United States
    ");
}

const UNKNOWN: Act =
    Act { name: "asks for the weather without a place", does: Step::Say("/weather"), ..Act::OF_MEMBER };

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_the_weather_without_a_place() {
    insta::assert_snapshot!(crate::seen::seen(&UNKNOWN).await, @"
    modal: Where is home?
      City or place
        /weather without a place then shows the weather there, only to you.
        [_____]
      Others can see the weather there
        With “Weather at home” in your context menu. They will also see the place.
        [ ]
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_the_weather_without_a_place_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&UNKNOWN).await, @"
    modal: Wo bist du zu Hause?
      Stadt oder Ort
        /weather ohne Ort zeigt dann das Wetter dort an, nur für dich.
        [_____]
      Andere dürfen das Wetter dort sehen
        Mit „Wetter zu Hause“ in deinem Kontextmenü. Sie sehen dann auch den Ort.
        [ ]
    ");
}

/// Submits the modal that the command opened.
const ASKED: Act = Act {
    name: "says where the weather is wanted",
    uses: Ability::Submit,
    after: Some(&UNKNOWN),
    does: Step::Submit(&[("place", &["{place}"])]),
    blanks: &[Blank::free("place", PLACES)],
    effect: Some(HOME),
    often: 3,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn says_where_the_weather_is_wanted() {
    insta::assert_snapshot!(crate::seen::seen(&ASKED).await, @"
    thinking… (only you can see this)
    edited
      🌧️ Paris, Île-de-France, France
      **23 °C**, rain
      Feels like 22 °C, humidity 82 %, wind 7 km/h
      Next hours
        `13:00` 🌧️ 23° 💧 67 %
        `15:00` 🌧️ 24° 💧 58 %
        `17:00` 🌦️ 24° 💧 53 %
        `19:00` 🌦️ 23° 💧 52 %
        `21:00` 🌦️ 21° 💧 50 %
        `23:00` 🌫️ 19° 💧 49 %
      Next days
        `Sat` 🌧️ 16° … 25° 💧 80 %
        `Sun` 🌧️ 16° … 25° 💧 79 %
        `Mon` 🌧️ 17° … 25° 💧 62 %
      Weather data by Open-Meteo.com · local time 13:00
      [🔄 Refresh] [°F]
    ");
}

/// Ephemeral, because it shows where the user lives.
const AT_HOME: Act = Act {
    name: "asks for the weather at home",
    uses: Ability::Work,
    after: Some(&MOVED),
    often: 2,
    ..UNKNOWN
};

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_the_weather_at_home() {
    insta::assert_snapshot!(crate::seen::seen(&AT_HOME).await, @"
    thinking… (only you can see this)
    edited
      ☀️ Oslo, Western Cape, South Africa
      **23 °C**, clear
      Feels like 21 °C, humidity 54 %, wind 14 km/h
      Next hours
        `14:00` ☀️ 23°
        `16:00` ☀️ 23°
        `18:00` 🌙 23°
        `20:00` 🌙 21°
        `22:00` 🌙 19°
        `00:00` 🌙 17° 💧 4 %
      Next days
        `Sat` ⛅ 15° … 24° 💧 16 %
        `Sun` 🌫️ 14° … 23° 💧 48 %
        `Mon` ⛈️ 14° … 19° 💧 94 %
      Weather data by Open-Meteo.com · local time 14:00
      [🔄 Refresh] [°F]
    ");
}

const KNOWN_AT_HOME: Act = Act {
    name: "asks for the weather at home again",
    uses: Ability::Run,
    after: Some(&ASKED),
    often: 0,
    ..UNKNOWN
};

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_the_weather_at_home_again() {
    insta::assert_snapshot!(crate::seen::seen(&KNOWN_AT_HOME).await, @"
    message (only you can see this)
      🌧️ Paris, Île-de-France, France
      **23 °C**, rain
      Feels like 22 °C, humidity 82 %, wind 7 km/h
      Next hours
        `13:00` 🌧️ 23° 💧 67 %
        `15:00` 🌧️ 24° 💧 58 %
        `17:00` 🌦️ 24° 💧 53 %
        `19:00` 🌦️ 23° 💧 52 %
        `21:00` 🌦️ 21° 💧 50 %
        `23:00` 🌫️ 19° 💧 49 %
      Next days
        `Sat` 🌧️ 16° … 25° 💧 80 %
        `Sun` 🌧️ 16° … 25° 💧 79 %
        `Mon` 🌧️ 17° … 25° 💧 62 %
      Weather data by Open-Meteo.com · local time 13:00
      [🔄 Refresh] [°F]
    ");
}
