//! Rejections and error messages that all commands share.

use domain::{InteractionId, Language};
use jiff::Timestamp;

use crate::second;

/// Rejection: a command or component that this version does not know.
pub fn unknown(language: Language) -> String {
    match language {
        Language::English => "This is not available right now. I may have just been updated: please try again in a minute.",
        Language::German => "Das ist gerade nicht verfügbar. Vielleicht wurde ich eben erst aktualisiert: Bitte versuch es in einer Minute noch einmal.",
    }
    .to_owned()
}

/// Rejection: options that this version of the command does not have.
pub fn options_do_not_fit(language: Language, command: &'static str) -> String {
    match language {
        Language::English => format!("`{command}` has just been updated. Please use it again."),
        Language::German => {
            format!("`{command}` wurde gerade aktualisiert. Bitte benutze den Befehl noch einmal.")
        }
    }
}

/// Rejection: a component or modal of a later version, which runs beside this one for a while.
pub fn later_component(language: Language) -> String {
    match language {
        Language::English => "I am just being updated. Please try again in a minute.",
        Language::German => "Ich werde gerade aktualisiert. Bitte versuch es in einer Minute noch einmal.",
    }
    .to_owned()
}

/// Rejection: a component or modal that is too old for this version, or whose stored state has expired.
pub fn old_component(language: Language) -> String {
    match language {
        Language::English => "This has expired. Please use the command again.",
        Language::German => "Das ist nicht mehr gültig. Bitte benutze den Befehl noch einmal.",
    }
    .to_owned()
}

/// Rejection: a component that belongs to another user.
pub fn not_yours(language: Language) -> String {
    match language {
        Language::English => "Only the person who used the command can use this.",
        Language::German => "Das kann nur die Person benutzen, die den Befehl verwendet hat.",
    }
    .to_owned()
}

/// Rejection: it is too late to open the modal.
pub fn modal_too_late(language: Language) -> String {
    match language {
        Language::English => "The form could not be opened in time. Please try again.",
        Language::German => {
            "Das Formular konnte nicht rechtzeitig geöffnet werden. Bitte versuch es noch einmal."
        }
    }
    .to_owned()
}

/// Error message: the interaction arrived after Discord had given up, so nothing was done.
pub fn too_late(language: Language) -> String {
    match language {
        Language::English => "This reached me too late, so I have done nothing. Please try again.",
        Language::German => {
            "Das hat mich zu spät erreicht, und ich habe nichts getan. Bitte versuch es noch einmal."
        }
    }
    .to_owned()
}

/// Rejection: the member lacks a permission.
pub fn not_allowed(language: Language, command: &str) -> String {
    match language {
        Language::English => format!("You are not allowed to use `{command}` here."),
        Language::German => format!("Du darfst `{command}` hier nicht benutzen."),
    }
}

/// Rejection: the bot lacks a permission.
pub fn bot_not_allowed(language: Language, command: &str) -> String {
    match language {
        Language::English => {
            format!(
                "I am missing a permission that `{command}` needs in this channel. A moderator can grant it."
            )
        }
        Language::German => {
            format!(
                "Mir fehlt in diesem Kanal eine Berechtigung, die `{command}` braucht. Die Moderation kann sie erteilen."
            )
        }
    }
}

/// Rejection: the guild has turned the feature off.
pub fn turned_off(language: Language, command: &str) -> String {
    match language {
        Language::English => format!("`{command}` is turned off in this server."),
        Language::German => format!("`{command}` ist auf diesem Server abgeschaltet."),
    }
}

/// Rejection: the command is not enabled here by its feature flag.
pub fn not_yet(language: Language, command: &str) -> String {
    match language {
        Language::English => format!("`{command}` is not available here yet."),
        Language::German => format!("`{command}` gibt es hier noch nicht."),
    }
}

/// Rejection: the user's rate limit. Discord shows `until` as a countdown.
pub fn too_often(language: Language, until: Timestamp) -> String {
    let until = second(until);
    match language {
        Language::English => format!("You are doing that too often. Please try again <t:{until}:R>."),
        Language::German => {
            format!("Das war zu oft in kurzer Zeit. Bitte versuch es <t:{until}:R> noch einmal.")
        }
    }
}

/// Rejection: the guild's rate limit. Discord shows `until` as a countdown.
pub fn too_many(language: Language, until: Timestamp) -> String {
    let until = second(until);
    match language {
        Language::English => {
            format!("There are too many requests in this server right now. Please try again <t:{until}:R>.")
        }
        Language::German => {
            format!(
                "Auf diesem Server gibt es gerade zu viele Anfragen. Bitte versuch es <t:{until}:R> noch einmal."
            )
        }
    }
}

/// Rejection: the bot gets more requests than it can count. Discord shows `until` as a countdown.
pub fn busy(language: Language, until: Timestamp) -> String {
    let until = second(until);
    match language {
        Language::English => {
            format!("I am getting too many requests at the moment. Please try again <t:{until}:R>.")
        }
        Language::German => {
            format!("Ich bekomme gerade zu viele Anfragen. Bitte versuch es <t:{until}:R> noch einmal.")
        }
    }
}

/// Error message: a fault of ours, with its reference.
pub fn failed(language: Language, reference: InteractionId) -> String {
    match language {
        Language::English => {
            format!(
                "Something went wrong on my side. If you report it, please include this reference: `{reference}`"
            )
        }
        Language::German => {
            format!(
                "Bei mir ist etwas schiefgegangen. Wenn du es meldest, gib bitte diese Nummer an: `{reference}`"
            )
        }
    }
}

/// Error message: it is unknown whether the queue has accepted a component's job, which would edit its
/// message.
pub fn perhaps_soon(language: Language, reference: InteractionId) -> String {
    match language {
        Language::English => format!(
            "I am not sure whether this worked. If nothing has changed in a moment, please try again. Reference: `{reference}`"
        ),
        Language::German => format!(
            "Ich weiß nicht, ob das geklappt hat. Wenn sich gleich nichts ändert, versuch es bitte noch einmal. Nummer: `{reference}`"
        ),
    }
}

/// Error message: it is unknown whether the queue has accepted the job.
pub fn perhaps_later(language: Language, reference: InteractionId) -> String {
    match language {
        Language::English => format!(
            "I am not sure whether this worked. If it did, the reply will appear here in a moment; if not, please try again. Reference: `{reference}`"
        ),
        Language::German => format!(
            "Ich weiß nicht, ob das geklappt hat. Wenn ja, erscheint die Antwort gleich hier; wenn nicht, versuch es bitte noch einmal. Nummer: `{reference}`"
        ),
    }
}
