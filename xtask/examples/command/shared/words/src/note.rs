//! `/note`.

use domain::{Language, repeat::Name};

/// What Discord shows of it.
pub const GERMAN: &[(&str, &str)] = &[
    ("note", "Speichert eine Notiz, die nur du sehen kannst"),
    ("note text", "Der Text der Notiz; ohne Text wird deine Notiz angezeigt"),
];

/// The note.
pub fn shown(language: Language, text: &Name) -> String {
    match language {
        Language::English => format!("Your note: {text}"),
        Language::German => format!("Deine Notiz: {text}"),
    }
}

/// There is none.
pub fn none(language: Language) -> String {
    match language {
        Language::English => "You have no note.",
        Language::German => "Du hast keine Notiz.",
    }
    .to_owned()
}

/// Nothing is left of the text when what must not be repeated is taken out of it.
pub fn nothing_left(language: Language) -> String {
    match language {
        Language::English => "I cannot show this text again, so I did not save it.",
        Language::German => {
            "Diesen Text kann ich nicht wieder anzeigen, deshalb habe ich ihn nicht gespeichert."
        }
    }
    .to_owned()
}

/// The button.
pub fn delete(language: Language) -> &'static str {
    match language {
        Language::English => "Delete",
        Language::German => "Löschen",
    }
}
