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
pub fn line(name: &str, description: &str) -> String {
    format!("`/{name}` – {description}")
}

/// A command in the context menu of people.
pub fn on_user(language: Language, name: &str) -> String {
    match language {
        Language::English => format!("**{name}** – in the menu of a person, under *Apps*"),
        Language::German => format!("**{name}** – im Kontextmenü einer Person, unter *Apps*"),
    }
}

/// A command in the context menu of messages.
pub fn on_message(language: Language, name: &str) -> String {
    match language {
        Language::English => format!("**{name}** – in the menu of a message, under *Apps*"),
        Language::German => format!("**{name}** – im Kontextmenü einer Nachricht, unter *Apps*"),
    }
}
