//! `/home`: a message with buttons to set the home, by a modal, and to delete it.

use commands::home::{Home, HomeAction};
use engine::Ability;

use super::{Act, Blank, Effect, Scenario, Shape, Step};

pub(super) const SCENARIO: Scenario = Scenario {
    acts: &[SHOWN, ASKED, MOVED, SHOWN_AGAIN, CHANGED, NOWHERE, FORGOTTEN],
    shapes: || {
        vec![
            Shape::button::<Home>(&HomeAction::Change),
            Shape::button::<Home>(&HomeAction::Forget),
            Shape::form::<Home>(&()),
        ]
    },
};

/// The item stays when the home is deleted, so that a late modal submission cannot restore it.
pub(super) const HOME: Effect = Effect::Changes { item: "HOME" };

/// The chaos suite needs many places, because cached ones are answered at once.
pub(super) const PLACES: &[&str] =
    &["Oslo", "Paris", "Berlin", "Lima", "Cairo", "Delhi", "Tokyo", "Quito", "Nairobi", "Bergen", "Graz"];

const CHANGE: Step = Step::Press(&["Set…", "Change…", "Angeben…", "Ändern…"]);

const SHOWN: Act = Act { name: "opens the panel of the home", does: Step::Say("/home"), ..Act::OF_MEMBER };

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_panel_of_the_home() {
    insta::assert_snapshot!(crate::seen::seen(&SHOWN).await, @"
    message (only you can see this)
      ### Home
      You have not set a home yet.
      [Set…]
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_panel_of_the_home_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&SHOWN).await, @"
    message (only you can see this)
      ### Zu Hause
      Du hast noch kein Zuhause angegeben.
      [Angeben…]
    ");
}

const ASKED: Act = Act {
    name: "opens the form of the home",
    uses: Ability::Press,
    after: Some(&SHOWN),
    does: CHANGE,
    often: 0,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_form_of_the_home() {
    insta::assert_snapshot!(crate::seen::seen(&ASKED).await, @"
    modal: Where is home?
      City or place
        /weather without a place then shows the weather there, only to you.
        [_____]
      Others can see the weather there
        With “Weather at home” in your context menu. They will also see the place.
        [ ]
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_form_of_the_home_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&ASKED).await, @"
    modal: Wo bist du zu Hause?
      Stadt oder Ort
        /weather ohne Ort zeigt dann das Wetter dort an, nur für dich.
        [_____]
      Andere dürfen das Wetter dort sehen
        Mit „Wetter zu Hause“ in deinem Kontextmenü. Sie sehen dann auch den Ort.
        [ ]
    ");
}

/// With the option that others may see it.
pub(super) const MOVED: Act = Act {
    name: "moves",
    uses: Ability::Submit,
    after: Some(&ASKED),
    does: Step::Submit(&[("place", &["{place}"]), ("shared", &["{shared}"])]),
    blanks: &[Blank::free("place", PLACES), Blank::one_of("shared", &["true", "false"])],
    effect: Some(HOME),
    often: 36,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn moves() {
    insta::assert_snapshot!(crate::seen::seen(&MOVED).await, @"
    edited
      ### Home
      **Oslo, Western Cape, South Africa**
      Others can see the weather there.
      [Change…] [Delete]
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn moves_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&MOVED).await, @"
    edited
      ### Zu Hause
      **Oslo, Western Cape, South Africa**
      Andere dürfen das Wetter dort sehen.
      [Ändern…] [Löschen]
    ");
}

const SHOWN_AGAIN: Act = Act { name: "looks at the home", after: Some(&MOVED), often: 0, ..SHOWN };

#[tokio::test(flavor = "multi_thread")]
async fn looks_at_the_home() {
    insta::assert_snapshot!(crate::seen::seen(&SHOWN_AGAIN).await, @"
    message (only you can see this)
      ### Home
      **Oslo, Western Cape, South Africa**
      Others can see the weather there.
      [Change…] [Delete]
    ");
}

const ASKED_AGAIN: Act = Act { name: "opens the form of the home that is set", after: Some(&MOVED), ..ASKED };

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_form_of_the_home_that_is_set() {
    insta::assert_snapshot!(crate::seen::seen(&ASKED_AGAIN).await, @"
    modal: Where is home?
      City or place
        /weather without a place then shows the weather there, only to you.
        [Oslo, Western Cape, South Africa_____]
      Others can see the weather there
        With “Weather at home” in your context menu. They will also see the place.
        [x]
    ");
}

/// The place keeps its preset value.
const CHANGED: Act = Act {
    name: "shares the home no longer",
    uses: Ability::Submit,
    after: Some(&ASKED_AGAIN),
    does: Step::Submit(&[("shared", &["false"])]),
    blanks: &[],
    effect: Some(HOME),
    often: 0,
    ..MOVED
};

#[tokio::test(flavor = "multi_thread")]
async fn shares_the_home_no_longer() {
    insta::assert_snapshot!(crate::seen::seen(&CHANGED).await, @"
    updated
      ### Home
      **Oslo, Western Cape, South Africa**
      Only you can see this.
      [Change…] [Delete]
    ");
}

const NOWHERE: Act = Act {
    name: "moves to where there is nothing",
    does: Step::Submit(&[("place", &["zzzxyzzy"])]),
    blanks: &[],
    is_refused: true,
    effect: None,
    often: 3,
    ..MOVED
};

#[tokio::test(flavor = "multi_thread")]
async fn moves_to_where_there_is_nothing() {
    insta::assert_snapshot!(crate::seen::seen(&NOWHERE).await, @"
    follow-up (only you can see this)
      I could not find a place with that name. Try adding the country: `Paris, France`.
    ");
}

const FORGOTTEN: Act = Act {
    name: "forgets the home",
    uses: Ability::Press,
    after: Some(&MOVED),
    does: Step::Press(&["Delete", "Löschen"]),
    effect: Some(HOME),
    often: 17,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn forgets_the_home() {
    insta::assert_snapshot!(crate::seen::seen(&FORGOTTEN).await, @"
    updated
      ### Home
      You have not set a home yet.
      [Set…]
    ");
}
