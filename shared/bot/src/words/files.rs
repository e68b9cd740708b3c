//! Files that a command cannot take.

use domain::Language;

/// It is larger than so many bytes.
pub fn too_large(language: Language, most: usize) -> String {
    let most = match most {
        0..1_024 => format!("{most} B"),
        1_024..1_048_576 => format!("{} KiB", most / 1_024),
        _ => format!("{} MiB", most / 1_048_576),
    };
    match language {
        Language::English => format!("This file is too large: I take at most {most} here."),
        Language::German => format!("Diese Datei ist zu groß: Ich nehme hier höchstens {most}."),
    }
}

/// It is no text, whatever it is called.
pub fn not_text(language: Language) -> String {
    match language {
        Language::English => "This file is no text: I read only plain text (UTF-8) here.",
        Language::German => "Diese Datei ist kein Text: Ich lese hier nur reinen Text (UTF-8).",
    }
    .to_owned()
}

/// It is no picture, whatever it is called.
pub fn not_a_picture(language: Language) -> String {
    match language {
        Language::English => "This file is no picture that I know: I take PNG, JPEG, GIF and WebP.",
        Language::German => "Diese Datei ist kein Bild, das ich kenne: Ich nehme PNG, JPEG, GIF und WebP.",
    }
    .to_owned()
}

/// It would have more pixels than so many.
pub fn too_many_pixels(language: Language, most: u64) -> String {
    let most = most / 1_000_000;
    match language {
        Language::English => format!("This picture is too large: I take at most {most} megapixels."),
        Language::German => format!("Dieses Bild ist zu groß: Ich nehme höchstens {most} Megapixel."),
    }
}
