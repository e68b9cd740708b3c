//! What Discord shows of the commands while somebody types. The English stands in the commands' own
//! doc comments.

use domain::Language;

/// The description at a path (`weather place`) in a language other than English.
pub fn translate(language: Language, path: &str) -> Option<&'static str> {
    match language {
        Language::English => None,
        Language::German => german(path),
    }
}

fn german(path: &str) -> Option<&'static str> {
    // Nobody but a test ever reads these.
    if cfg!(feature = "rehearsal") && path.starts_with("rehearse") {
        return Some("Probe");
    }
    Some(match path {
        "help" => "Zeigt, was du hier benutzen kannst",
        "ping" => "Zeigt, ob ich da bin und wie schnell",
        "weather" => "Sagt das Wetter an einem Ort",
        "weather place" => "Stadt oder Ort",
        "weather units" => "Celsius oder Fahrenheit",
        _ => return None,
    })
}
