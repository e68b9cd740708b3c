//! `/ping`

use super::{Act, Scenario, Step};

pub(super) const SCENARIO: Scenario = Scenario { acts: &[PING], shapes: Vec::new };

const PING: Act = Act { name: "pings", does: Step::Say("/ping"), often: 3, ..Act::OF_MEMBER };

#[tokio::test(flavor = "multi_thread")]
async fn pings() {
    insta::assert_snapshot!(crate::seen::seen(&PING).await, @"
    message (only you can see this)
      Pong! Steward # is running. Your command took # ms to reach me.
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&PING).await, @"
    message (only you can see this)
      Pong! Steward # läuft. Dein Befehl hat # ms bis zu mir gebraucht.
    ");
}
