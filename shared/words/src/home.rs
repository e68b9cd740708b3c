//! `/home`, and who is asked for a home elsewhere.

use domain::{Home, Language};

/// What Discord shows of it.
pub const GERMAN: &[(&str, &str)] = &[("home", "Zeigt oder ändert den Ort, an dem du zu Hause bist")];

/// Above the form.
pub fn title(language: Language) -> String {
    match language {
        Language::English => "Where is home?",
        Language::German => "Wo bist du zu Hause?",
    }
    .to_owned()
}

/// The first question.
pub fn which_place(language: Language) -> String {
    match language {
        Language::English => "City or place",
        Language::German => "Stadt oder Ort",
    }
    .to_owned()
}

/// Under it.
pub fn place_hint(language: Language) -> String {
    match language {
        Language::English => "Then /weather without a place tells the weather there, to you alone.",
        Language::German => "Dann sagt dir /weather ohne Ort das Wetter dort, nur dir.",
    }
    .to_owned()
}

/// The second question.
pub fn may_others(language: Language) -> String {
    match language {
        Language::English => "Others may see the weather there",
        Language::German => "Andere dürfen das Wetter dort sehen",
    }
    .to_owned()
}

/// Under it.
pub fn others_hint(language: Language) -> String {
    match language {
        Language::English => "By “Weather at home” in your context menu. It shows them the place, too.",
        Language::German => "Mit „Wetter zu Hause“ in deinem Kontextmenü. Sie sehen dann auch den Ort.",
    }
    .to_owned()
}

/// Where somebody is at home, and who sees it. The place's name is what a map says.
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
        (Language::English, true) => format!("### Home\n**{place}**\nOthers may see the weather there."),
        (Language::English, false) => format!("### Home\n**{place}**\nOnly you see it."),
        (Language::German, true) => {
            format!("### Zu Hause\n**{place}**\nAndere dürfen das Wetter dort sehen.")
        }
        (Language::German, false) => format!("### Zu Hause\n**{place}**\nNur du siehst es."),
    }
}

/// On the button that opens the form.
pub fn change(language: Language, is_known: bool) -> String {
    match (language, is_known) {
        (Language::English, true) => "Change…",
        (Language::English, false) => "Set…",
        (Language::German, true) => "Ändern…",
        (Language::German, false) => "Angeben…",
    }
    .to_owned()
}

/// On the button that forgets it.
pub fn forget(language: Language) -> String {
    match language {
        Language::English => "Forget",
        Language::German => "Vergessen",
    }
    .to_owned()
}

/// The user asks for the weather at home and has not set one.
pub fn none(language: Language) -> String {
    match language {
        Language::English => "You have not set a home yet. `/home` does that.",
        Language::German => "Du hast noch kein Zuhause angegeben. Das geht mit `/home`.",
    }
    .to_owned()
}

/// Somebody else's home is none of yours. Whether there is one is not told.
pub fn not_shared(language: Language) -> String {
    match language {
        Language::English => "They have not shared where they are at home. They can, with `/home`.",
        Language::German => "Diese Person teilt ihren Wohnort nicht. Das ginge mit `/home`.",
    }
    .to_owned()
}

/// No place has this name. A form has no list to choose from.
pub fn no_such_place(language: Language) -> String {
    match language {
        Language::English => "I know no place of that name. Try it with the country: `Paris, France`.",
        Language::German => {
            "Ich kenne keinen Ort mit diesem Namen. Versuch es mit dem Land: `Paris, Frankreich`."
        }
    }
    .to_owned()
}

/// Only people live somewhere.
pub fn of_a_bot(language: Language) -> String {
    match language {
        Language::English => "A bot is at home nowhere.",
        Language::German => "Ein Bot ist nirgends zu Hause.",
    }
    .to_owned()
}
