//! "Weather at home" in the context menu of a person.

use engine::Ability;

use super::{Act, Blank, Person, Scenario, Step, home::MOVED};

pub(super) const SCENARIO: Scenario = Scenario { acts: &[FETCHED, KNOWN, NOT_SHARED], shapes: Vec::new };

/// The first has a home when this is done.
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

const KNOWN: Act = Act {
    name: "looks at the weather of somebody again",
    uses: Ability::Run,
    after: Some(&FETCHED),
    often: 0,
    ..FETCHED
};

const NOT_SHARED: Act = Act {
    name: "looks at the weather of somebody who shares none",
    uses: Ability::Run,
    after: None,
    is_refused: true,
    often: 0,
    ..FETCHED
};
