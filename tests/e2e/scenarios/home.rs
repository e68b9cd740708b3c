//! `/home`: a panel, and behind its buttons a form and the end of it.

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

/// It stays when the home is forgotten, so that a slow form cannot bring it back.
pub(super) const HOME: Effect = Effect::Changes { item: "HOME" };

/// Of places where people live; chaos needs many, because what is known is answered at once.
pub(super) const PLACES: &[&str] =
    &["Oslo", "Paris", "Berlin", "Lima", "Cairo", "Delhi", "Tokyo", "Quito", "Nairobi", "Bergen", "Graz"];

const CHANGE: Step = Step::Press(&["Set…", "Change…", "Angeben…", "Ändern…"]);

const SHOWN: Act = Act { name: "opens the panel of the home", does: Step::Say("/home"), ..Act::OF_MEMBER };

const ASKED: Act = Act {
    name: "opens the form of the home",
    uses: Ability::Press,
    after: Some(&SHOWN),
    does: CHANGE,
    often: 0,
    ..Act::OF_MEMBER
};

/// Others may see it.
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

const SHOWN_AGAIN: Act = Act { name: "looks at the home", after: Some(&MOVED), often: 0, ..SHOWN };

/// The place stays as the form shows it.
const CHANGED: Act = Act {
    name: "shares the home no longer",
    uses: Ability::Submit,
    after: Some(&Act { name: "opens the form of the home that is set", after: Some(&MOVED), ..ASKED }),
    does: Step::Submit(&[("shared", &["false"])]),
    blanks: &[],
    effect: Some(HOME),
    often: 0,
    ..MOVED
};

const NOWHERE: Act = Act {
    name: "moves to where there is nothing",
    does: Step::Submit(&[("place", &["zzzxyzzy"])]),
    blanks: &[],
    is_refused: true,
    effect: None,
    often: 3,
    ..MOVED
};

const FORGOTTEN: Act = Act {
    name: "forgets the home",
    uses: Ability::Press,
    after: Some(&MOVED),
    does: Step::Press(&["Forget", "Vergessen"]),
    effect: Some(HOME),
    often: 17,
    ..Act::OF_MEMBER
};
