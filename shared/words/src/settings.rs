//! The texts of `/settings`.

use domain::{
    Language, Settings,
    settings::{Change, Changed, Feature, Field, SettingsError},
    weather::Units,
};
use jiff::Timestamp;

/// The German description.
pub const GERMAN: &[(&str, &str)] =
    &[("settings", "Zeigt oder ändert meine Einstellungen für diesen Server")];

/// The panel's overview of the settings.
pub fn overview(language: Language, decided: &Settings, now: Timestamp) -> String {
    let speaks = decided.language.map_or_else(|| language_of_discord(language), |it| name_of(it).to_owned());
    let measures = measures(language, decided.units);
    let clock = decided.time_zone.as_ref().map_or_else(
        || format!("UTC ({})", undecided(language)),
        |zone| format!("{} ({})", zone.name(), zone.local(now).strftime("%H:%M")),
    );
    let off: Vec<String> = decided.off.iter().map(|of| feature(language, *of)).collect();
    let off = if off.is_empty() { nothing(language) } else { off.join(", ") };
    match language {
        Language::English => format!(
            "### Settings for this server\n**Language** {speaks}\n**Units** {measures}\n**Time zone** {clock}\n**Turned off** {off}"
        ),
        Language::German => format!(
            "### Einstellungen für diesen Server\n**Sprache** {speaks}\n**Einheiten** {measures}\n**Zeitzone** {clock}\n**Abgeschaltet** {off}"
        ),
    }
}

/// The panel's change log, newest first.
pub fn last_changes(language: Language, changes: &[Change]) -> String {
    let told: Vec<String> = changes.iter().map(|it| change(language, it)).collect();
    let title = match language {
        Language::English => "Latest changes",
        Language::German => "Letzte Änderungen",
    };
    format!("**{title}**\n{}", told.join("\n"))
}

fn change(language: Language, Change { at, by, what }: &Change) -> String {
    let what: Vec<String> = what.iter().map(|changed| changed_to(language, changed)).collect();
    format!("<t:{}:R> <@{by}>: {}", at.as_second(), what.join(", "))
}

fn changed_to(language: Language, changed: &Changed) -> String {
    match changed {
        Changed::Language(to) => {
            let to = to.map_or_else(|| language_of_discord(language), |it| name_of(it).to_owned());
            format!("{} → {to}", self::language(language))
        }
        Changed::Units(to) => format!("{} → {}", units(language), measures(language, *to)),
        Changed::TimeZone(to) => {
            let to = to.as_ref().map_or_else(|| undecided(language), |zone| zone.name().to_owned());
            format!("{} → {to}", time_zone(language))
        }
        Changed::Feature { feature: of, on } => {
            let state = match (language, on) {
                (Language::English, true) => "on",
                (Language::English, false) => "off",
                (Language::German, true) => "an",
                (Language::German, false) => "aus",
            };
            format!("{} → {state}", feature(language, *of))
        }
    }
}

fn measures(language: Language, decided: Option<Units>) -> String {
    match decided {
        Some(Units::Metric) => metric(language),
        Some(Units::Imperial) => imperial(language),
        None => format!("{} ({})", metric(language), undecided(language)),
    }
}

/// The language's own name for itself.
pub const fn name_of(language: Language) -> &'static str {
    match language {
        Language::English => "English",
        Language::German => "Deutsch",
    }
}

/// The name of a feature.
pub fn feature(language: Language, feature: Feature) -> String {
    match (language, feature) {
        (Language::English, Feature::Weather) => "Weather",
        (Language::English, Feature::Conversion) => "Unit conversion",
        (Language::German, Feature::Weather) => "Wetter",
        (Language::German, Feature::Conversion) => "Einheiten umrechnen",
    }
    .to_owned()
}

/// The settings as a JSON document, for copying.
pub fn document(language: Language, decided: &Settings) -> String {
    let document = decided.to_document();
    let what = match language {
        Language::English => {
            "To use these settings on another server, choose “Import…” there and paste this text or upload it as a file."
        }
        Language::German => {
            "Um diese Einstellungen auf einem anderen Server zu übernehmen, wähle dort „Importieren…“ und füge diesen Text ein oder lade ihn als Datei hoch."
        }
    };
    format!("{what}\n```json\n{document}\n```")
}

/// Rejection: why a document is not accepted.
pub fn bad_document(language: Language, why: SettingsError) -> String {
    match why {
        SettingsError::Wrong(field) => wrong_field(language, field),
        SettingsError::Version => match language {
            Language::English => "These settings are from a different version of Steward.",
            Language::German => "Diese Einstellungen stammen aus einer anderen Version von Steward.",
        }
        .to_owned(),
        SettingsError::UnknownField => match language {
            Language::English => "These settings contain an unknown field.",
            Language::German => "Diese Einstellungen enthalten ein unbekanntes Feld.",
        }
        .to_owned(),
        SettingsError::TooLarge | SettingsError::NotJson => not_settings(language),
    }
}

fn wrong_field(language: Language, of: Field) -> String {
    let of = field(language, of);
    match language {
        Language::English => format!("These settings contain an invalid value for “{of}”."),
        Language::German => format!("Diese Einstellungen enthalten einen ungültigen Wert für „{of}“."),
    }
}

fn field(language: Language, field: Field) -> String {
    match field {
        Field::Language => self::language(language),
        Field::Units => units(language),
        Field::TimeZone => time_zone(language),
        Field::Off => features(language),
    }
}

/// The title of the modal.
pub fn title(language: Language) -> String {
    match language {
        Language::English => "Settings for this server",
        Language::German => "Einstellungen für diesen Server",
    }
    .to_owned()
}

/// The name of the language setting.
pub fn language(language: Language) -> String {
    match language {
        Language::English => "Language",
        Language::German => "Sprache",
    }
    .to_owned()
}

/// The description of the language setting.
pub fn language_hint(language: Language) -> String {
    match language {
        Language::English => "For public replies. Private replies use each member's own language.",
        Language::German => "Für öffentliche Antworten. Private Antworten sind in der Sprache des Mitglieds.",
    }
    .to_owned()
}

/// The language setting is unset: the guild's Discord locale applies.
pub fn language_of_discord(language: Language) -> String {
    match language {
        Language::English => "Same as Discord",
        Language::German => "Wie in Discord",
    }
    .to_owned()
}

/// The name of the units setting.
pub fn units(language: Language) -> String {
    match language {
        Language::English => "Units",
        Language::German => "Einheiten",
    }
    .to_owned()
}

/// The metric option.
pub fn metric(language: Language) -> String {
    match language {
        Language::English => "Metric (°C, km)",
        Language::German => "Metrisch (°C, km)",
    }
    .to_owned()
}

/// The imperial option.
pub fn imperial(language: Language) -> String {
    match language {
        Language::English => "Imperial (°F, miles)",
        Language::German => "Imperial (°F, Meilen)",
    }
    .to_owned()
}

/// The option that unsets the units.
pub fn to_decide_nothing(language: Language) -> String {
    match language {
        Language::English => "Default",
        Language::German => "Standard",
    }
    .to_owned()
}

/// The setting is unset.
pub fn undecided(language: Language) -> String {
    match language {
        Language::English => "default",
        Language::German => "Standard",
    }
    .to_owned()
}

/// The name of the time zone setting.
pub fn time_zone(language: Language) -> String {
    match language {
        Language::English => "Time zone",
        Language::German => "Zeitzone",
    }
    .to_owned()
}

/// The description of the time zone setting.
pub fn time_zone_hint(language: Language) -> String {
    match language {
        Language::English => "For example Europe/Berlin or America/New_York",
        Language::German => "Zum Beispiel Europe/Berlin oder America/New_York",
    }
    .to_owned()
}

/// The name of the features setting.
pub fn features(language: Language) -> String {
    match language {
        Language::English => "Available features",
        Language::German => "Verfügbare Funktionen",
    }
    .to_owned()
}

/// No feature is turned off.
pub fn nothing(language: Language) -> String {
    match language {
        Language::English => "Nothing",
        Language::German => "Nichts",
    }
    .to_owned()
}

/// The label of the button that opens the modal.
pub fn edit(language: Language) -> String {
    match language {
        Language::English => "Edit…",
        Language::German => "Bearbeiten…",
    }
    .to_owned()
}

/// The label of the button that shows the document.
pub fn copy(language: Language) -> String {
    match language {
        Language::English => "Copy",
        Language::German => "Kopieren",
    }
    .to_owned()
}

/// The label of the button that opens the import modal, and that modal's title.
pub fn import(language: Language) -> String {
    match language {
        Language::English => "Import…",
        Language::German => "Importieren…",
    }
    .to_owned()
}

/// The label of the button that returns to the panel.
pub fn back(language: Language) -> String {
    match language {
        Language::English => "Back",
        Language::German => "Zurück",
    }
    .to_owned()
}

/// The text of the import modal: an import replaces all settings.
pub fn import_replaces(language: Language) -> String {
    match language {
        Language::English => "The import replaces all settings of this server.",
        Language::German => "Der Import ersetzt alle Einstellungen dieses Servers.",
    }
    .to_owned()
}

/// The label of the file upload.
pub fn file(language: Language) -> String {
    match language {
        Language::English => "File",
        Language::German => "Datei",
    }
    .to_owned()
}

/// The description of the file upload.
pub fn file_hint(language: Language) -> String {
    match language {
        Language::English => "Or upload the settings as a file",
        Language::German => "Oder lade die Einstellungen als Datei hoch",
    }
    .to_owned()
}

/// Rejection: neither text nor a file was submitted.
pub fn no_file(language: Language) -> String {
    match language {
        Language::English => "Please paste the settings or upload a file.",
        Language::German => "Bitte füge die Einstellungen ein oder lade eine Datei hoch.",
    }
    .to_owned()
}

/// Rejection: the document does not contain settings.
pub fn not_settings(language: Language) -> String {
    match language {
        Language::English => "These settings are not in the right format. “Copy” shows you an example.",
        Language::German => {
            "Diese Einstellungen haben nicht das richtige Format. „Kopieren“ zeigt dir ein Beispiel."
        }
    }
    .to_owned()
}

/// Rejection: no time zone has this name.
pub fn no_such_time_zone(language: Language) -> String {
    match language {
        Language::English => "There is no time zone with that name. Try something like `Europe/Berlin`.",
        Language::German => "Diese Zeitzone gibt es nicht. Versuch es zum Beispiel mit `Europe/Berlin`.",
    }
    .to_owned()
}

/// Part of the panel: settings that stayed as they are, because they have been changed since.
pub fn overruled(language: Language, changes: &[Changed]) -> String {
    let name = |changed: &Changed| match changed {
        Changed::Feature { feature: of, .. } => feature(language, *of),
        changed => field(language, changed.field()),
    };
    let names = changes.iter().map(name).collect::<Vec<_>>().join(", ");
    match language {
        Language::English => format!("Not changed, because it has been changed since: **{names}**"),
        Language::German => format!("Nicht geändert, weil es inzwischen anders eingestellt ist: **{names}**"),
    }
}

/// Rejection: concurrent changes were faster.
pub fn overtaken(language: Language) -> String {
    match language {
        Language::English => {
            "Someone else changed the settings at the same time. Please check them and try again."
        }
        Language::German => {
            "Jemand anders hat die Einstellungen gleichzeitig geändert. Bitte prüfe sie und versuch es noch einmal."
        }
    }
    .to_owned()
}

/// The label of the text input for a document.
pub fn pasted(language: Language) -> String {
    match language {
        Language::English => "Text",
        Language::German => "Text",
    }
    .to_owned()
}

/// The description of the text input for a document.
pub fn pasted_hint(language: Language) -> String {
    match language {
        Language::English => "Paste the settings that “Copy” has shown you",
        Language::German => "Füge hier die Einstellungen ein, die „Kopieren“ anzeigt",
    }
    .to_owned()
}
