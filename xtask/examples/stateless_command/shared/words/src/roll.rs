//! The texts of `/roll`.

use domain::Language;

/// The German descriptions.
pub const GERMAN: &[(&str, &str)] =
    &[("roll", "Würfelt"), ("roll dice", "Die Anzahl der Würfel und ihrer Seiten, zum Beispiel 2d6")];

/// The result.
pub fn rolled(count: u8, sides: u16, sum: u64) -> String {
    format!("🎲 {count}d{sides}: **{sum}**")
}

/// The label of the button that rolls again.
pub fn again(language: Language) -> String {
    match language {
        Language::English => "Again",
        Language::German => "Nochmal",
    }
    .to_owned()
}

/// The label of the button that opens the modal, and the modal's title.
pub fn others(language: Language) -> String {
    match language {
        Language::English => "Other dice…",
        Language::German => "Andere Würfel…",
    }
    .to_owned()
}

/// The label of the field in the modal.
pub fn which(language: Language) -> String {
    match language {
        Language::English => "Which dice?",
        Language::German => "Welche Würfel?",
    }
    .to_owned()
}

/// Rejection: the text does not describe dice.
pub fn not_dice(language: Language) -> String {
    match language {
        Language::English => "These are not dice that I can roll. Try `2d6`: two dice with six sides.",
        Language::German => {
            "Solche Würfel kann ich nicht werfen. Versuch es mit `2d6`: zwei Würfel mit sechs Seiten."
        }
    }
    .to_owned()
}
