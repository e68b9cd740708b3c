//! Every sentence of the bot, as a function of the language: a file per command, and files for what
//! commands share.
#![warn(missing_docs)]

use domain::Language;
use jiff::Timestamp;

pub mod errors;
pub mod files;
pub mod status;
pub mod upstream;

/// Declares a file per command; its `GERMAN` has the translations of the command's names and descriptions.
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

/// The translation for a path of a command's definition (`weather place`): a description, or the name of a
/// context menu command. English is in the command's own file.
pub fn translate(language: Language, path: &str) -> Option<&'static str> {
    match language {
        Language::English => None,
        Language::German => {
            let all = GERMAN.iter().copied().flatten();
            all.into_iter().find(|(of, _)| *of == path).map(|(_, text)| *text)
        }
    }
}

/// A time in Unix seconds, rounded up, for Discord's timestamps.
fn second(time: Timestamp) -> i64 {
    (time.as_millisecond() + 999).div_euclid(1_000)
}
