//! The playground's own texts, in English and German.

use super::language::Language;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $english:literal, $german:literal;)*) => {
        $($(#[$doc])* pub(super) const fn $name(language: Language) -> &'static str {
            match language {
                Language::English => $english,
                Language::German => $german,
            }
        })*
    };
}

words! {
    thinking: "Steward is thinking…", "Steward denkt nach…";
    sending: "Sending command…", "Befehl wird gesendet…";
    no_response: "The application did not respond", "Die Anwendung hat nicht reagiert";
    only_you: "Only you can see this", "Nur du kannst das sehen";
    dismiss: "Dismiss message", "Nachricht verwerfen";
    used: "used", "hat verwendet:";
    edited: "(edited)", "(bearbeitet)";
    app: "APP", "APP";
    members: "Members", "Mitglieder";
    online: "Online", "Online";
    direct: "Direct Messages", "Direktnachrichten";
    may_not_write: "You do not have permission to send messages in this channel.",
        "Du hast keine Berechtigung, in diesem Kanal Nachrichten zu senden.";
    message_to: "Message", "Nachricht an";
    send: "Send", "Senden";
    cancel: "Cancel", "Abbrechen";
    submit: "Submit", "Absenden";
    choose: "Make a selection", "Triff eine Auswahl";
    choose_file: "Choose a file", "Datei auswählen";
    apps: "Apps", "Apps";
    copy_text: "Copy text", "Text kopieren";
    copy_message: "Copy message ID", "Nachrichten-ID kopieren";
    copy_user: "Copy user ID", "Nutzer-ID kopieren";
    mention: "Mention", "Erwähnen";
    more: "More", "Mehr";
    not_fetched: "Image from another site, not loaded", "Bild von einer anderen Website, nicht geladen";
    see_message: "Click to see the message", "Zur Nachricht";
    original_gone: "The original message was deleted", "Die ursprüngliche Nachricht wurde gelöscht";
    welcome: "Welcome to", "Willkommen in";
    goes_to: "This form is sent to the app. Never enter a password.",
        "Dieses Formular wird an die App gesendet. Gib nie ein Passwort ein.";
    vote_one: "Choose one answer", "Wähle eine Antwort";
    vote_many: "Choose one or more answers", "Wähle eine oder mehrere Antworten";
    votes: "votes", "Stimmen";
    ends: "ends", "endet";
    beginning: "This is the start of", "Das ist der Anfang von";
    spoiler: "Spoiler", "Spoiler";
}
