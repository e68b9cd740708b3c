//! The texts of `/ping`.

use domain::Language;

/// The German description.
pub const GERMAN: &[(&str, &str)] = &[("ping", "Zeigt, ob ich online bin und wie schnell")];

/// The reply: the version, and the milliseconds from the interaction's creation to its receipt.
pub fn pong(language: Language, version: &str, reached_in: u64) -> String {
    match language {
        Language::English => {
            format!("Pong! Steward {version} is running. Your command took {reached_in} ms to reach me.")
        }
        Language::German => {
            format!("Pong! Steward {version} läuft. Dein Befehl hat {reached_in} ms bis zu mir gebraucht.")
        }
    }
}
