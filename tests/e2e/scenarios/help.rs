//! `/help`

use super::{Act, Scenario, Step};

pub(super) const SCENARIO: Scenario = Scenario { acts: &[HELP], shapes: Vec::new };

const HELP: Act = Act { name: "asks for help", does: Step::Say("/help"), often: 2, ..Act::OF_MEMBER };
