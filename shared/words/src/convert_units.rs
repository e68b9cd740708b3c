//! The texts of "Convert units".

use domain::{Language, repeat::Name};

/// The German name in the context menu.
pub const GERMAN: &[(&str, &str)] = &[("Convert units", "Einheiten umrechnen")];

/// The decimal separator.
pub const fn decimal_sign(language: Language) -> char {
    match language {
        Language::English => '.',
        Language::German => ',',
    }
}

/// Each quantity as it was written, with its conversion.
pub fn list(lines: &[(Name, Name)]) -> String {
    let line = |(from, to): &(Name, Name)| format!("{from} = **{to}**");
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Rejection: the message contains no quantities.
pub fn nothing(language: Language) -> String {
    match language {
        Language::English => "I found nothing to convert in this message.",
        Language::German => "In dieser Nachricht habe ich nichts zum Umrechnen gefunden.",
    }
    .to_owned()
}

/// The label of the button that posts the list publicly.
pub fn share(language: Language) -> String {
    match language {
        Language::English => "Show to everyone",
        Language::German => "Allen zeigen",
    }
    .to_owned()
}
