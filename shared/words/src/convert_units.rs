//! "Convert units".

use domain::{Language, repeat::Name};

/// What Discord shows of it.
pub const GERMAN: &[(&str, &str)] = &[("Convert units", "Einheiten umrechnen")];

/// The sign before the part that is less than one.
pub const fn decimal_sign(language: Language) -> char {
    match language {
        Language::English => '.',
        Language::German => ',',
    }
}

/// Each quantity as it was written, and as it is elsewhere.
pub fn list(lines: &[(Name, Name)]) -> String {
    let line = |(from, to): &(Name, Name)| format!("{from} = **{to}**");
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The message has no quantities.
pub fn nothing(language: Language) -> String {
    match language {
        Language::English => "I found nothing to convert in this message.",
        Language::German => "In dieser Nachricht habe ich nichts zum Umrechnen gefunden.",
    }
    .to_owned()
}

/// On the button.
pub fn share(language: Language) -> String {
    match language {
        Language::English => "Show to everybody",
        Language::German => "Allen zeigen",
    }
    .to_owned()
}
