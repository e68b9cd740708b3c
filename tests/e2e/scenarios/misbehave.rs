//! `/misbehave`, whose effect tests can count.

use engine::Ability;

use tests::commands::misbehave::{Misbehave, MisbehaveAction};

use super::{Act, Effect, Scenario, Shape, Step};

pub(super) const SCENARIO: Scenario = Scenario {
    acts: &[AT_ONCE, COUNTED, WITH_BUTTON, PRESSED],
    shapes: || vec![Shape::button::<Misbehave>(&MisbehaveAction::Say { times: 3 })],
};

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

const WITH_BUTTON: Act = Act {
    name: "shows a button",
    does: Step::Say("/misbehave run:button"),
    is_public: true,
    often: 0,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn shows_a_button() {
    insta::assert_snapshot!(crate::seen::seen(&WITH_BUTTON).await, @"
    message
      There is a button.
      [Press]
    ");
}

const PRESSED: Act = Act {
    name: "presses the button",
    uses: Ability::Press,
    after: Some(&WITH_BUTTON),
    does: Step::Press(&["Press"]),
    is_public: true,
    often: 0,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn presses_the_button() {
    insta::assert_snapshot!(crate::seen::seen(&PRESSED).await, @"
    updated
      Said 3 times.
    ");
}
