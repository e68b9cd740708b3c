//! Rejections and error messages that all commands share.

use domain::{InteractionId, Language};
use jiff::Timestamp;

use crate::second;

/// Rejection: a command or component that this version does not know.
pub fn unknown(language: Language) -> String {
    match language {
        Language::English => "I don't know this one. I may just have been updated: please try again in a minute.",
        Language::German => "Das kenne ich nicht. Vielleicht wurde ich gerade aktualisiert: bitte versuch es in einer Minute noch einmal.",
    }
    .to_owned()
}

/// Rejection: options that this version of the command does not have.
pub fn options_do_not_fit(language: Language, command: &'static str) -> String {
    match language {
        Language::English => format!("`{command}` has changed since you used it. Please use it again."),
        Language::German => {
            format!("`{command}` hat sich geändert, seit du es benutzt hast. Bitte benutze es noch einmal.")
        }
    }
}

/// Rejection: a component or modal of another version, or one whose stored state has expired.
pub fn old_component(language: Language) -> String {
    match language {
        Language::English => "This is too old, or from before my last update. Please use the command again.",
        Language::German => {
            "Das ist zu alt oder von vor meinem letzten Update. Bitte benutze den Befehl noch einmal."
        }
    }
    .to_owned()
}

/// Rejection: a component that belongs to another user.
pub fn not_yours(language: Language) -> String {
    match language {
        Language::English => "Only the one who used the command can use this.",
        Language::German => "Das kann nur benutzen, wer den Befehl benutzt hat.",
    }
    .to_owned()
}

/// Rejection: it is too late to open the modal.
pub fn modal_too_late(language: Language) -> String {
    match language {
        Language::English => "I was too slow to show the form. Please try again.",
        Language::German => "Ich war zu langsam, um das Formular zu zeigen. Bitte versuch es noch einmal.",
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
                "I am not allowed to do in this channel what `{command}` needs. A moderator can change that."
            )
        }
        Language::German => {
            format!(
                "Mir fehlt in diesem Kanal das Recht, das `{command}` braucht. Die Moderation kann das ändern."
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
        Language::English => format!("That was too often in a short time. Please try again <t:{until}:R>."),
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
            format!("Too many in this server are asking at once. Please try again <t:{until}:R>.")
        }
        Language::German => {
            format!(
                "Auf diesem Server fragen gerade zu viele auf einmal. Bitte versuch es <t:{until}:R> noch einmal."
            )
        }
    }
}

/// Error message: a fault of ours, with its reference.
pub fn failed(language: Language, reference: InteractionId) -> String {
    match language {
        Language::English => {
            format!("Something went wrong on my side. If you report it, give this reference: `{reference}`")
        }
        Language::German => {
            format!(
                "Bei mir ist etwas schiefgegangen. Wenn du es meldest, nenne bitte diese Nummer: `{reference}`"
            )
        }
    }
}

/// Error message: it is unknown whether the queue has accepted a component's job, which would edit its
/// message.
pub fn perhaps_soon(language: Language, reference: InteractionId) -> String {
    match language {
        Language::English => format!(
            "I am not sure that this got through. Look again in a moment, and if nothing has changed, please try again. Reference: `{reference}`"
        ),
        Language::German => format!(
            "Ich weiß nicht, ob das angekommen ist. Sieh gleich noch einmal nach, und wenn sich nichts geändert hat, versuch es bitte noch einmal. Nummer: `{reference}`"
        ),
    }
}

/// Error message: it is unknown whether the queue has accepted the job.
pub fn perhaps_later(language: Language, reference: InteractionId) -> String {
    match language {
        Language::English => format!(
            "I am not sure that this got through. If it did, the answer will appear here in a moment; if not, please try again. Reference: `{reference}`"
        ),
        Language::German => format!(
            "Ich weiß nicht, ob das angekommen ist. Wenn ja, erscheint die Antwort gleich hier; wenn nicht, versuch es bitte noch einmal. Nummer: `{reference}`"
        ),
    }
}
