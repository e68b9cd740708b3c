//! The status page.

use domain::Language;
use jiff::Timestamp;

/// The title.
pub fn title(language: Language) -> &'static str {
    match language {
        Language::English => "Steward: status",
        Language::German => "Steward: Status",
    }
}

/// Heading: every check succeeded.
pub fn all_works(language: Language) -> &'static str {
    match language {
        Language::English => "No known problems",
        Language::German => "Keine bekannten Störungen",
    }
}

/// Heading: something is slow.
pub fn something_is_slow(language: Language) -> &'static str {
    match language {
        Language::English => "Some things are slow",
        Language::German => "Manches ist langsam",
    }
}

/// Heading: something is broken.
pub fn something_is_broken(language: Language) -> &'static str {
    match language {
        Language::English => "Some things do not work",
        Language::German => "Manches funktioniert nicht",
    }
}

/// A part: commands that answer at once.
pub fn commands(language: Language) -> &'static str {
    match language {
        Language::English => "Commands, buttons and menus",
        Language::German => "Befehle, Knöpfe und Menüs",
    }
}

/// A part: commands whose reply comes later.
pub fn long_commands(language: Language) -> &'static str {
    match language {
        Language::English => "Replies that take longer",
        Language::German => "Antworten, die länger dauern",
    }
}

/// A part: the weather.
pub fn weather(language: Language) -> &'static str {
    match language {
        Language::English => "Weather",
        Language::German => "Wetter",
    }
}

/// A part's state.
pub fn works(language: Language) -> &'static str {
    match language {
        Language::English => "works",
        Language::German => "funktioniert",
    }
}

/// A part's state.
pub fn slow(language: Language) -> &'static str {
    match language {
        Language::English => "slow",
        Language::German => "langsam",
    }
}

/// A part's state.
pub fn broken(language: Language) -> &'static str {
    match language {
        Language::English => "does not work",
        Language::German => "funktioniert nicht",
    }
}

/// The percentage of the last 30 days, or since the bot is there if that is shorter, in which it worked. Rounded down:
/// a hundred means always.
pub fn uptime(language: Language, percent: f64) -> String {
    let percent = format!("{:.2}", (percent.min(100.0) * 100.0).floor() / 100.0);
    match language {
        Language::English => format!("In the last 30 days it worked {percent} % of the time."),
        Language::German => {
            format!("In den letzten 30 Tagen funktionierte es {} % der Zeit.", percent.replace('.', ","))
        }
    }
}

/// When it was checked.
pub fn checked(language: Language, at: Timestamp) -> String {
    let time = at.strftime("%H:%M");
    match language {
        Language::English => format!("Checked at {time} UTC."),
        Language::German => format!("Geprüft um {time} UTC."),
    }
}
