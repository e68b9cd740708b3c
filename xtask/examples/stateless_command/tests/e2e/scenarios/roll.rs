//! `/roll`: dice, rolled again, and replaced by others.

use commands::roll::{Dice, Roll, RollAction};
use engine::Ability;

use super::{Act, Blank, Scenario, Shape, Step};

pub(super) const SCENARIO: Scenario = Scenario {
    acts: &[ROLLED, TYPED, AGAIN, ASKED, OTHERS],
    shapes: || {
        vec![
            Shape::button::<Roll>(&RollAction::Again(Dice { count: 2, sides: 6 })),
            Shape::button::<Roll>(&RollAction::Others),
            Shape::form::<Roll>(&()),
        ]
    },
};

const ROLLED: Act = Act {
    name: "rolls dice",
    does: Step::Say("/roll dice:{dice}"),
    blanks: &[Blank::free("dice", &["2d6", "1d20"])],
    is_public: true,
    is_random: true,
    ..Act::OF_MEMBER
};

const TYPED: Act = Act {
    name: "types dice",
    uses: Ability::Complete,
    does: Step::Type("/roll dice:{part}"),
    blanks: &[Blank::one_of("part", &["1d", "2"])],
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn types_dice() {
    insta::assert_snapshot!(crate::seen::seen(&TYPED).await, @"
    choices
      1d6
      1d20
      1d100
    ");
}

const AGAIN: Act = Act {
    name: "rolls again",
    uses: Ability::Press,
    after: Some(&ROLLED),
    does: Step::Press(&["Again", "Nochmal"]),
    blanks: &[],
    ..ROLLED
};

const ASKED: Act = Act {
    name: "asks for other dice",
    uses: Ability::Press,
    after: Some(&ROLLED),
    does: Step::Press(&["Other dice…", "Andere Würfel…"]),
    often: 0,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_other_dice() {
    insta::assert_snapshot!(crate::seen::seen(&ASKED).await, @"
    modal: Other dice…
      Which dice?
        [_____]
    ");
}

const OTHERS: Act = Act {
    name: "rolls other dice",
    uses: Ability::Submit,
    after: Some(&ASKED),
    does: Step::Submit(&[("dice", &["{dice}"])]),
    ..ROLLED
};
