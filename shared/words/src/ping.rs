//! `/ping`.

use domain::Language;

/// What Discord shows of it.
pub const GERMAN: &[(&str, &str)] = &[("ping", "Zeigt, ob ich da bin und wie schnell")];

/// The version, and how long the interaction took to reach us, in milliseconds.
pub fn pong(language: Language, version: &str, reached_in: u64) -> String {
    match language {
        Language::English => {
            format!("Pong! Steward {version} is here. Your message took {reached_in} ms to reach me.")
        }
        Language::German => {
            format!("Pong! Steward {version} ist da. Deine Nachricht brauchte {reached_in} ms zu mir.")
        }
    }
}
