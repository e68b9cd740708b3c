//! `/weather`: of a place, at home, and of who has none yet; a card with two buttons.

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

/// From the service, in the jobs function.
const FETCHED: Act = Act {
    name: "asks for the weather",
    uses: Ability::Work,
    does: Step::Say("/weather place:{place}"),
    blanks: &[Blank::free("place", PLACES)],
    is_public: true,
    often: 8,
    ..Act::OF_MEMBER
};

/// From the table, at once.
const KNOWN: Act = Act {
    name: "asks for the weather again",
    uses: Ability::Run,
    after: Some(&FETCHED),
    often: 0,
    ..FETCHED
};

/// Everybody saw that it was asked; only the user sees the answer.
const NOWHERE: Act = Act {
    name: "asks for the weather nowhere",
    does: Step::Say("/weather place:zzzxyzzy"),
    blanks: &[],
    is_refused: true,
    often: 1,
    ..FETCHED
};

const TURNED: Act = Act {
    name: "turns the card to other units",
    uses: Ability::Press,
    after: Some(&FETCHED),
    does: Step::Press(&["°F", "°C"]),
    is_public: true,
    often: 2,
    ..Act::OF_MEMBER
};

const REFRESHED: Act =
    Act { name: "refreshes the card", does: Step::Press(&["Refresh", "Aktualisieren"]), ..TURNED };

const TYPED: Act = Act {
    name: "types a place",
    uses: Ability::Complete,
    does: Step::Type("/weather place:{part}"),
    blanks: &[Blank::free("part", &["Par", "Osl", "Ber", "Lim", "Cai", "Del", "Tok", "Qui", "Nai", "zzz"])],
    often: 4,
    ..Act::OF_MEMBER
};

const UNKNOWN: Act =
    Act { name: "asks for the weather without a place", does: Step::Say("/weather"), ..Act::OF_MEMBER };

/// The form that the command has opened.
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

/// Where somebody lives is for nobody else.
const AT_HOME: Act = Act {
    name: "asks for the weather at home",
    uses: Ability::Work,
    after: Some(&MOVED),
    often: 2,
    ..UNKNOWN
};

const KNOWN_AT_HOME: Act = Act {
    name: "asks for the weather at home again",
    uses: Ability::Run,
    after: Some(&ASKED),
    often: 0,
    ..UNKNOWN
};
