//! Every sentence that the bot says, as a function of the language: a file for each command, and two that all
//! commands share.
#![warn(missing_docs)]

use domain::Language;
use jiff::Timestamp;

pub mod errors;
pub mod files;
pub mod upstream;

/// A file for each command, with the translations of what Discord shows of it in `GERMAN`.
macro_rules! commands {
    ($($file:ident)+) => {
        $(pub mod $file;)+

        const GERMAN: &[&[(&str, &str)]] = &[$($file::GERMAN),+];
    };
}

commands! {
    ping
    help
    weather
    home
    weather_at_home
    convert_units
    settings
}

/// What Discord shows of commands in a language other than English: the description at a path (`weather place`),
/// of a context menu its name. The English stands in the commands' own files.
pub fn translate(language: Language, path: &str) -> Option<&'static str> {
    match language {
        Language::English => None,
        Language::German => {
            let all = GERMAN.iter().copied().flatten();
            all.into_iter().find(|(of, _)| *of == path).map(|(_, text)| *text)
        }
    }
}

/// A time in the seconds in which Discord writes times, rounded up.
fn second(time: Timestamp) -> i64 {
    (time.as_millisecond() + 999).div_euclid(1_000)
}
