//! "Weather at home", a user command.

use engine::Ability;

use super::{Act, Blank, Person, Scenario, Step, home::MOVED};

pub(super) const SCENARIO: Scenario = Scenario { acts: &[FETCHED, KNOWN, NOT_SHARED], shapes: Vec::new };

/// Only the first one has a home by then.
const PEOPLE: &[&str] = &[
    "Bartholomew Finch",
    "Ottilie Quandt",
    "Hannelore Kiesewetter",
    "Zdenka Vlasak",
    "Leocadia Brandt",
    "Emeric Vanterpool",
];

const FETCHED: Act = Act {
    name: "looks at the weather of somebody",
    uses: Ability::Work,
    by: Person::Traveller,
    after: Some(&MOVED),
    does: Step::UseOn("{whom}", "Weather at home"),
    blanks: &[Blank::one_of("whom", PEOPLE)],
    often: 4,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn looks_at_the_weather_of_somebody() {
    insta::assert_snapshot!(crate::seen::seen(&FETCHED).await, @"
    thinking… (only you can see this)
    edited
      ☀️ Oslo, Western Cape, South Africa
      **23 °C**, klar
      Gefühlt 21 °C, Luftfeuchte 54 %, Wind 14 km/h
      Nächste Stunden
        `14:00` ☀️ 23°
        `16:00` ☀️ 23°
        `18:00` 🌙 23°
        `20:00` 🌙 21°
        `22:00` 🌙 19°
        `00:00` 🌙 17° 💧 4 %
      Nächste Tage
        `Sa` ⛅ 15° … 24° 💧 16 %
        `So` 🌫️ 14° … 23° 💧 48 %
        `Mo` ⛈️ 14° … 19° 💧 94 %
      Wetterdaten von Open-Meteo.com · Ortszeit 14:00
      [🔄 Aktualisieren] [°F]
    ");
}

const KNOWN: Act = Act {
    name: "looks at the weather of somebody again",
    uses: Ability::Run,
    after: Some(&FETCHED),
    often: 0,
    ..FETCHED
};

#[tokio::test(flavor = "multi_thread")]
async fn looks_at_the_weather_of_somebody_again() {
    insta::assert_snapshot!(crate::seen::seen(&KNOWN).await, @"
    message (only you can see this)
      ☀️ Oslo, Western Cape, South Africa
      **23 °C**, klar
      Gefühlt 21 °C, Luftfeuchte 54 %, Wind 14 km/h
      Nächste Stunden
        `14:00` ☀️ 23°
        `16:00` ☀️ 23°
        `18:00` 🌙 23°
        `20:00` 🌙 21°
        `22:00` 🌙 19°
        `00:00` 🌙 17° 💧 4 %
      Nächste Tage
        `Sa` ⛅ 15° … 24° 💧 16 %
        `So` 🌫️ 14° … 23° 💧 48 %
        `Mo` ⛈️ 14° … 19° 💧 94 %
      Wetterdaten von Open-Meteo.com · Ortszeit 14:00
      [🔄 Aktualisieren] [°F]
    ");
}

const NOT_SHARED: Act = Act {
    name: "looks at the weather of somebody who shares none",
    uses: Ability::Run,
    after: None,
    is_refused: true,
    often: 0,
    ..FETCHED
};

#[tokio::test(flavor = "multi_thread")]
async fn looks_at_the_weather_of_somebody_who_shares_none() {
    insta::assert_snapshot!(crate::seen::seen(&NOT_SHARED).await, @"
    message (only you can see this)
      Diese Person hat kein Zuhause freigegeben. Das geht mit `/home`.
    ");
}
