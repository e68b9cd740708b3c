//! "Convert units" on a message, and its button that makes the result public.

use commands::convert_units::{ConvertAction, ConvertUnits};
use domain::repeat::Name;
use engine::Ability;

use super::{Act, Blank, Person, Scenario, Shape, Step};

pub(super) const SCENARIO: Scenario = Scenario {
    acts: &[CONVERTED, SHARED, LONG, LONG_SHARED, WORDS, WORDS_SHARED, NOTHING],
    shapes: || vec![Shape::button::<ConvertUnits>(&share(1)), Shape::button::<ConvertUnits>(&share(10))],
};

/// Ten lines do not fit a custom id.
fn share(lines: usize) -> ConvertAction {
    ConvertAction::Share { lines: vec![(Name::of("10 miles"), Name::of("16 km")); lines] }
}

const COMMAND: &str = "Convert units";
const SHARE: Step = Step::Press(&["Show to everyone", "Allen zeigen"]);

const CONVERTED: Act = Act {
    name: "converts units",
    does: Step::UseOnText("It is {miles} miles to there, at {degrees} °F.", COMMAND),
    blanks: &[
        Blank::one_of("miles", &["5", "17", "120", "333", "899"]),
        Blank::one_of("degrees", &["68", "0", "31", "99"]),
    ],
    often: 3,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn converts_units() {
    insta::assert_snapshot!(crate::seen::seen(&CONVERTED).await, @"
    message (only you can see this)
      5 miles = **8 km**
      68 °F = **20 °C**
      [Show to everyone]
    ");
}

const SHARED: Act = Act {
    name: "shares what was converted",
    uses: Ability::Press,
    after: Some(&CONVERTED),
    does: SHARE,
    is_public: true,
    blanks: &[],
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn shares_what_was_converted() {
    insta::assert_snapshot!(crate::seen::seen(&SHARED).await, @"
    message
      5 miles = **8 km**
      68 °F = **20 °C**
    ");
}

/// Too much for a custom id: the button's state is in the table.
const LONG: Act = Act {
    name: "converts many units",
    does: Step::UseOnText(
        "100 miles, 200 miles, 300 miles, 400 miles, 500 miles, 600 miles, \
         700 miles, 800 miles, 900 miles, 1000 miles, 1100 miles, 1200 miles",
        COMMAND,
    ),
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn converts_many_units() {
    insta::assert_snapshot!(crate::seen::seen(&LONG).await, @"
    message (only you can see this)
      100 miles = **161 km**
      200 miles = **322 km**
      300 miles = **483 km**
      400 miles = **644 km**
      500 miles = **805 km**
      600 miles = **966 km**
      700 miles = **1130 km**
      800 miles = **1290 km**
      900 miles = **1450 km**
      1000 miles = **1610 km**
      1100 miles = **1770 km**
      1200 miles = **1930 km**
      [Show to everyone]
    ");
}

const LONG_SHARED: Act = Act { name: "shares many units", after: Some(&LONG), ..SHARED };

#[tokio::test(flavor = "multi_thread")]
async fn shares_many_units() {
    insta::assert_snapshot!(crate::seen::seen(&LONG_SHARED).await, @"
    message
      100 miles = **161 km**
      200 miles = **322 km**
      300 miles = **483 km**
      400 miles = **644 km**
      500 miles = **805 km**
      600 miles = **966 km**
      700 miles = **1130 km**
      800 miles = **1290 km**
      900 miles = **1450 km**
      1000 miles = **1610 km**
      1100 miles = **1770 km**
      1200 miles = **1930 km**
    ");
}

/// Only the quantities of a message are repeated, not its text.
const WORDS: Act = Act {
    name: "converts what stands among words",
    by: Person::Traveller,
    does: Step::UseOnText("{words} 5 miles {words}", COMMAND),
    blanks: &[Blank::free("words", &["It is"])],
    often: 0,
    ..CONVERTED
};

#[tokio::test(flavor = "multi_thread")]
async fn converts_what_stands_among_words() {
    insta::assert_snapshot!(crate::seen::seen(&WORDS).await, @"
    message (only you can see this)
      5 miles = **8 km**
      [Allen zeigen]
    ");
}

const WORDS_SHARED: Act = Act {
    name: "shares what stood among words",
    by: Person::Traveller,
    after: Some(&WORDS),
    often: 0,
    ..SHARED
};

#[tokio::test(flavor = "multi_thread")]
async fn shares_what_stood_among_words() {
    insta::assert_snapshot!(crate::seen::seen(&WORDS_SHARED).await, @"
    message
      5 miles = **8 km**
    ");
}

const NOTHING: Act = Act {
    name: "converts a message without units",
    does: Step::UseOnText("3 in a row, and 5m people", COMMAND),
    is_refused: true,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn converts_a_message_without_units() {
    insta::assert_snapshot!(crate::seen::seen(&NOTHING).await, @"
    message (only you can see this)
      I found nothing to convert in this message.
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn converts_a_message_without_units_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&NOTHING).await, @"
    message (only you can see this)
      In dieser Nachricht habe ich nichts zum Umrechnen gefunden.
    ");
}
