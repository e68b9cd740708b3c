//! The texts of `/home`, and of other commands about a home.

use domain::{Home, Language};

/// The German description.
pub const GERMAN: &[(&str, &str)] = &[("home", "Zeigt oder ändert dein Zuhause")];

/// The title of the modal.
pub fn title(language: Language) -> String {
    match language {
        Language::English => "Where is home?",
        Language::German => "Wo bist du zu Hause?",
    }
    .to_owned()
}

/// The label of the field for the place.
pub fn which_place(language: Language) -> String {
    match language {
        Language::English => "City or place",
        Language::German => "Stadt oder Ort",
    }
    .to_owned()
}

/// The description of the field for the place.
pub fn place_hint(language: Language) -> String {
    match language {
        Language::English => "/weather without a place then shows the weather there, only to you.",
        Language::German => "/weather ohne Ort zeigt dann das Wetter dort an, nur für dich.",
    }
    .to_owned()
}

/// The label of the checkbox that shares the home.
pub fn may_others(language: Language) -> String {
    match language {
        Language::English => "Others can see the weather there",
        Language::German => "Andere dürfen das Wetter dort sehen",
    }
    .to_owned()
}

/// The description of that checkbox.
pub fn others_hint(language: Language) -> String {
    match language {
        Language::English => "With “Weather at home” in your context menu. They will also see the place.",
        Language::German => "Mit „Wetter zu Hause“ in deinem Kontextmenü. Sie sehen dann auch den Ort.",
    }
    .to_owned()
}

/// The panel: the user's home and who can see it. The place's name is text of a map.
pub fn panel(language: Language, home: Option<&Home>) -> String {
    let Some(home) = home else {
        return match language {
            Language::English => "### Home\nYou have not set a home yet.",
            Language::German => "### Zu Hause\nDu hast noch kein Zuhause angegeben.",
        }
        .to_owned();
    };
    let place = home.label();
    match (language, home.shared) {
        (Language::English, true) => format!("### Home\n**{place}**\nOthers can see the weather there."),
        (Language::English, false) => format!("### Home\n**{place}**\nOnly you can see this."),
        (Language::German, true) => {
            format!("### Zu Hause\n**{place}**\nAndere dürfen das Wetter dort sehen.")
        }
        (Language::German, false) => format!("### Zu Hause\n**{place}**\nNur du kannst das sehen."),
    }
}

/// The label of the button that opens the modal.
pub fn change(language: Language, is_known: bool) -> String {
    match (language, is_known) {
        (Language::English, true) => "Change…",
        (Language::English, false) => "Set…",
        (Language::German, true) => "Ändern…",
        (Language::German, false) => "Angeben…",
    }
    .to_owned()
}

/// The label of the button that deletes the home.
pub fn forget(language: Language) -> String {
    match language {
        Language::English => "Delete",
        Language::German => "Löschen",
    }
    .to_owned()
}

/// Rejection: the user has not set a home.
pub fn none(language: Language) -> String {
    match language {
        Language::English => "You have not set a home yet. You can do that with `/home`.",
        Language::German => "Du hast noch kein Zuhause angegeben. Das geht mit `/home`.",
    }
    .to_owned()
}

/// Rejection: the other user does not share a home. It does not reveal whether they have one.
pub fn not_shared(language: Language) -> String {
    match language {
        Language::English => "This person has not shared a home. They can do that with `/home`.",
        Language::German => "Diese Person hat kein Zuhause freigegeben. Das geht mit `/home`.",
    }
    .to_owned()
}

/// Rejection: no place has this name.
pub fn no_such_place(language: Language) -> String {
    match language {
        Language::English => "I could not find a place with that name. Try adding the country: `Paris, France`.",
        Language::German => {
            "Ich habe keinen Ort mit diesem Namen gefunden. Gib am besten auch das Land an: `Paris, Frankreich`."
        }
    }
    .to_owned()
}

/// Rejection: the other user is a bot.
pub fn of_a_bot(language: Language) -> String {
    match language {
        Language::English => "Bots do not have a home.",
        Language::German => "Bots haben kein Zuhause.",
    }
    .to_owned()
}
