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
