//! `/ping`

use super::{Act, Scenario, Step};

pub(super) const SCENARIO: Scenario = Scenario { acts: &[PING], shapes: Vec::new };

const PING: Act = Act { name: "pings", does: Step::Say("/ping"), often: 3, ..Act::OF_MEMBER };
