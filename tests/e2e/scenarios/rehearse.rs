//! `/rehearse`, with which the tests count what was done.

use bot::Ability;

use super::{Act, Effect, Scenario, Step};

pub(super) const SCENARIO: Scenario = Scenario { acts: &[AT_ONCE, COUNTED], shapes: Vec::new };

const TALLY: Effect = Effect::Counts { each: "TALLY#", sum: "TALLY", field: "count", always: true };

const AT_ONCE: Act = Act {
    name: "rehearses an answer",
    does: Step::Say("/rehearse run:answer"),
    is_public: true,
    ..Act::OF_MEMBER
};

const COUNTED: Act = Act {
    name: "is counted",
    uses: Ability::Work,
    does: Step::Say("/rehearse tally:true"),
    is_public: true,
    effect: Some(TALLY),
    often: 22,
    ..Act::OF_MEMBER
};
