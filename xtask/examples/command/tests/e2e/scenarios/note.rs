//! `/note`: one note, kept, shown and deleted.

use commands::note::{Note, NoteAction};
use engine::Ability;

use super::{Act, Blank, Effect, Scenario, Shape, Step};

pub(super) const SCENARIO: Scenario = Scenario {
    acts: &[NONE, KEPT, SHOWN, DELETED],
    shapes: || vec![Shape::button::<Note>(&NoteAction::Delete)],
};

const NOTE: Effect = Effect::Changes { item: "NOTE" };

const NONE: Act = Act { name: "looks for a note", does: Step::Say("/note"), ..Act::OF_MEMBER };

const KEPT: Act = Act {
    name: "keeps a note",
    does: Step::Say("/note text:{text}"),
    blanks: &[Blank::free("text", &["milk", "call Anna", "the meeting is at nine"])],
    effect: Some(NOTE),
    often: 3,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn keeps_a_note() {
    insta::assert_snapshot!(crate::seen::seen(&KEPT).await, @"
    message (only you can see this)
      Your note: milk
      [Delete]
    ");
}

const SHOWN: Act = Act { name: "looks at the note", after: Some(&KEPT), often: 0, ..NONE };

const DELETED: Act = Act {
    name: "deletes the note",
    uses: Ability::Press,
    after: Some(&KEPT),
    does: Step::Press(&["Delete", "Löschen"]),
    effect: Some(NOTE),
    often: 2,
    ..Act::OF_MEMBER
};

#[tokio::test(flavor = "multi_thread")]
async fn deletes_the_note() {
    insta::assert_snapshot!(crate::seen::seen(&DELETED).await, @"
    updated
      You have no note.
    ");
}
