//! Checks of localizations, objects with a text for each locale.

use serde_json::Value;

use super::{FormErrors, join};

/// Discord's locales.
const LOCALES: [&str; 32] = [
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl",
    "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja",
    "zh-TW", "ko",
];

/// The texts of `{key}_localizations` with their paths.
pub(super) fn texts<'v>(at: &str, body: &'v Value, key: &str) -> Vec<(String, &'v str)> {
    let all = format!("{key}_localizations");
    let path = join(at, &all);
    let texts = body[&all].as_object().into_iter().flatten();
    texts.filter_map(|(locale, text)| Some((join(&path, locale), text.as_str()?))).collect()
}

/// Each locale must be one of Discord's, and each text must have 1 to `most` characters.
pub(super) fn check(errors: &mut FormErrors, at: &str, body: &Value, key: &str, most: usize) {
    let all = format!("{key}_localizations");
    let path = join(at, &all);
    let texts = match &body[&all] {
        Value::Null => return,
        Value::Object(texts) => texts,
        _ => {
            errors.report(&path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
            return;
        }
    };
    for (locale, text) in texts {
        if !LOCALES.contains(&locale.as_str()) {
            errors.not_one_of(&join(&path, locale), &LOCALES.join(", "));
        } else if !text.is_null() {
            errors.required_text(&path, &body[&all], locale, most);
        }
    }
}
