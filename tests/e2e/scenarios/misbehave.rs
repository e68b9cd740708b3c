//! `/misbehave`, whose effect tests can count.

use engine::Ability;

use super::{Act, Effect, Scenario, Step};

pub(super) const SCENARIO: Scenario = Scenario { acts: &[AT_ONCE, COUNTED], shapes: Vec::new };

const TALLY: Effect = Effect::Lists { item: "TALLY", ids: "counted", count: "count" };

const AT_ONCE: Act = Act {
    name: "misbehaves with an answer",
    does: Step::Say("/misbehave run:answer"),
    is_public: true,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn misbehaves_with_an_answer() {
    insta::assert_snapshot!(crate::seen::seen(&AT_ONCE).await, @"
    message
      The first half is done.
    ");
}

const COUNTED: Act = Act {
    name: "is counted",
    uses: Ability::Work,
    does: Step::Say("/misbehave tally:true"),
    is_public: true,
    effect: Some(TALLY),
    often: 22,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn is_counted() {
    insta::assert_snapshot!(crate::seen::seen(&COUNTED).await, @"
    thinking…
    edited
      Counted: 1.
    ");
}
