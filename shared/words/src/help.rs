//! The texts of `/help`.

use domain::Language;

/// The German description.
pub const GERMAN: &[(&str, &str)] = &[("help", "Zeigt die Befehle, die du hier benutzen kannst")];

/// The title of the list.
pub fn title(language: Language) -> String {
    match language {
        Language::English => "Commands you can use here",
        Language::German => "Befehle, die du hier benutzen kannst",
    }
    .to_owned()
}

/// A slash command in the list.
pub fn line(command: &str, description: &str) -> String {
    format!("`/{command}` – {description}")
}

/// A user command in the list.
pub fn on_user(language: Language, command: &str) -> String {
    match language {
        Language::English => format!("**{command}** – in a user's context menu, under *Apps*"),
        Language::German => format!("**{command}** – im Kontextmenü einer Person, unter *Apps*"),
    }
}

/// A message command in the list.
pub fn on_message(language: Language, command: &str) -> String {
    match language {
        Language::English => format!("**{command}** – in a message's context menu, under *Apps*"),
        Language::German => format!("**{command}** – im Kontextmenü einer Nachricht, unter *Apps*"),
    }
}
