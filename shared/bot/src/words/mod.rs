//! Every sentence that the bot says, as a function of the language. Nothing is said outside this folder.

use domain::Language;
use jiff::Timestamp;

pub mod files;
pub mod front_door;
pub mod outside;

/// A file for each command, with the translations of what Discord shows of it in `GERMAN`.
macro_rules! words {
    ($($(#[$when:meta])* $kind:ident $file:ident::$command:ident: $($ability:ident)+;)+) => {
        $($(#[$when])* pub mod $file;)+

        const GERMAN: &[&[(&str, &str)]] = &[$($(#[$when])* $file::GERMAN),+];
    };
}

crate::registry!(words);

/// What Discord shows while somebody types, in a language other than English: the description at a
/// path (`weather place`), of a context menu its name. The English stands in the commands' own files.
pub fn translate(language: Language, path: &str) -> Option<&'static str> {
    match language {
        Language::English => None,
        Language::German => {
            let all = GERMAN.iter().copied().flatten();
            all.into_iter().find(|(of, _)| *of == path).map(|(_, text)| *text)
        }
    }
}

/// As Discord writes times, and not one too early.
fn second(time: Timestamp) -> i64 {
    (time.as_millisecond() + 999).div_euclid(1_000)
}
