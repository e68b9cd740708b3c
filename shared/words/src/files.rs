//! Rejections of an uploaded file.

use domain::Language;

/// It is larger than `most` bytes.
pub fn too_large(language: Language, most: usize) -> String {
    let most = match most {
        0..1_024 => format!("{most} B"),
        1_024..1_048_576 => format!("{} KiB", most / 1_024),
        _ => format!("{} MiB", most / 1_048_576),
    };
    match language {
        Language::English => format!("This file is too large. The maximum is {most}."),
        Language::German => format!("Diese Datei ist zu groß. Erlaubt sind höchstens {most}."),
    }
}

/// Its content is not text, whatever its name says.
pub fn not_text(language: Language) -> String {
    match language {
        Language::English => "This file is not plain text. Please upload a text file in UTF-8.",
        Language::German => "Diese Datei ist keine Textdatei. Bitte lade eine Textdatei in UTF-8 hoch.",
    }
    .to_owned()
}
