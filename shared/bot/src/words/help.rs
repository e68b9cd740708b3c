//! `/help`.

use domain::Language;

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
