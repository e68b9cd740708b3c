//! `/help`.

use domain::Language;

/// What Discord shows of it.
pub const GERMAN: &[(&str, &str)] = &[("help", "Zeigt, was du hier benutzen kannst")];

/// Above the list.
pub fn title(language: Language) -> String {
    match language {
        Language::English => "What you can use here",
        Language::German => "Was du hier benutzen kannst",
    }
    .to_owned()
}

/// One command in the list.
pub fn line(command: &str, description: &str) -> String {
    format!("`/{command}` – {description}")
}

/// A command in the context menu of people.
pub fn on_user(language: Language, command: &str) -> String {
    match language {
        Language::English => format!("**{command}** – in the menu of a person, under *Apps*"),
        Language::German => format!("**{command}** – im Kontextmenü einer Person, unter *Apps*"),
    }
}

/// A command in the context menu of messages.
pub fn on_message(language: Language, command: &str) -> String {
    match language {
        Language::English => format!("**{command}** – in the menu of a message, under *Apps*"),
        Language::German => format!("**{command}** – im Kontextmenü einer Nachricht, unter *Apps*"),
    }
}
