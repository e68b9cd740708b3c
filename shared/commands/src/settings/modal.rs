//! The modals of `/settings`, their options, and how submitted values are read.

use std::collections::BTreeSet;

use discord::{Label, LabelComponent, Modal, ModalComponent, ModalSubmission, SelectOption, TextInputStyle};
use domain::{
    Language, Refusal, Result,
    settings::{Edit, Feature, Settings as Decided, TimeZone},
    weather::Units,
};

use super::{Settings, SettingsModal};
use engine::Context;

pub(super) const FILE_ID: &str = "file";
pub(super) const TEXT_ID: &str = "text";
const LANGUAGE_ID: &str = "language";
const UNITS_ID: &str = "units";
const TIME_ZONE_ID: &str = "time_zone";
const FEATURES_ID: &str = "features";

/// The value of the option that unsets a setting.
const UNSET_VALUE: &str = "none";
const METRIC_VALUE: &str = "metric";
const IMPERIAL_VALUE: &str = "imperial";
/// In characters. The longest name in the IANA database has 32.
const MAX_TIME_ZONE_LENGTH: u16 = 50;
/// In characters: Discord's maximum for a text input. A document is shorter than this.
const MAX_DOCUMENT_LENGTH: u16 = 4_000;

/// The modal that changes several settings.
pub(super) fn edit(decided: &Decided, cx: &Context) -> Result<Modal> {
    let say = cx.language();
    let label = |custom_id, label, description, required, component| {
        ModalComponent::Label(Label { custom_id, label, description, required, component })
    };
    let zone = decided.time_zone.as_ref().map(|zone| zone.name().to_owned()).unwrap_or_default();
    let components = vec![
        label(
            LANGUAGE_ID,
            words::settings::language(say),
            words::settings::language_hint(say),
            true,
            LabelComponent::StringSelect(languages(decided.language, say)),
        ),
        label(
            UNITS_ID,
            words::settings::units(say),
            String::new(),
            true,
            LabelComponent::RadioGroup(all_units(decided.units, say)),
        ),
        label(
            TIME_ZONE_ID,
            words::settings::time_zone(say),
            words::settings::time_zone_hint(say),
            false,
            LabelComponent::TextInput {
                style: TextInputStyle::Short,
                value: zone,
                max_length: MAX_TIME_ZONE_LENGTH,
            },
        ),
        label(
            FEATURES_ID,
            words::settings::features(say),
            String::new(),
            false,
            LabelComponent::CheckboxGroup(features(decided, say)),
        ),
    ];
    let state = SettingsModal::Edit { shown: decided.clone() };
    Ok(cx.modal::<Settings>(words::settings::title(say), components, &state)?)
}

/// The import modal.
pub(super) fn import(cx: &Context) -> Result<Modal> {
    let say = cx.language();
    let label = |custom_id, label, description, component| {
        ModalComponent::Label(Label { custom_id, label, description, required: false, component })
    };
    let text = LabelComponent::TextInput {
        style: TextInputStyle::Paragraph,
        value: String::new(),
        max_length: MAX_DOCUMENT_LENGTH,
    };
    let components = vec![
        ModalComponent::TextDisplay(words::settings::import_replaces(say)),
        label(TEXT_ID, words::settings::pasted(say), words::settings::pasted_hint(say), text),
        label(
            FILE_ID,
            words::settings::file(say),
            words::settings::file_hint(say),
            LabelComponent::FileUpload,
        ),
    ];
    Ok(cx.modal::<Settings>(words::settings::import(say), components, &SettingsModal::Import)?)
}

/// The changes between what the modal showed and what was submitted.
pub(super) fn edited(shown: &Decided, submission: &ModalSubmission, cx: &Context) -> Result<Edit> {
    let time_zone = match submission.text(TIME_ZONE_ID).trim() {
        "" => None,
        name => {
            let zone = TimeZone::parse(name);
            Some(zone.map_err(|_| Refusal(words::settings::no_such_time_zone(cx.language())))?)
        }
    };
    let wanted = Decided {
        language: language(submission.text(LANGUAGE_ID), cx)?,
        units: units(submission.text(UNITS_ID)),
        time_zone,
        off: all_but(submission.chosen(FEATURES_ID)),
    };
    Ok(Edit::Some(shown.changes(&wanted)))
}

/// The options for the language, including unset.
pub(super) fn languages(decided: Option<Language>, say: Language) -> Vec<SelectOption> {
    let undecided = (UNSET_VALUE, words::settings::language_of_discord(say), decided.is_none());
    let all = Language::ALL.into_iter();
    let all = all.map(|language| {
        (language.code(), words::settings::name_of(language).to_owned(), decided == Some(language))
    });
    options(std::iter::once(undecided).chain(all))
}

/// The language of an option's value; `None` for unset. A later version offers languages that this one cannot
/// set.
pub(super) fn language(value: &str, cx: &Context) -> Result<Option<Language>> {
    let known = Language::ALL.into_iter().find(|language| language.code() == value);
    if known.is_none() && value != UNSET_VALUE {
        return Err(Refusal(words::errors::later_component(cx.user_language())).into());
    }
    Ok(known)
}

/// The options for the units, including unset.
pub(super) fn all_units(decided: Option<Units>, say: Language) -> Vec<SelectOption> {
    options([
        (UNSET_VALUE, words::settings::to_decide_nothing(say), decided.is_none()),
        (METRIC_VALUE, words::settings::metric(say), decided == Some(Units::Metric)),
        (IMPERIAL_VALUE, words::settings::imperial(say), decided == Some(Units::Imperial)),
    ])
}

/// The units of an option's value; `None` for unset.
pub(super) fn units(value: &str) -> Option<Units> {
    match value {
        METRIC_VALUE => Some(Units::Metric),
        IMPERIAL_VALUE => Some(Units::Imperial),
        _ => None,
    }
}

/// An option per feature; those that are on are chosen.
pub(super) fn features(decided: &Decided, say: Language) -> Vec<SelectOption> {
    options(
        Feature::ALL
            .map(|feature| (feature.code(), words::settings::feature(say, feature), decided.is_on(feature))),
    )
}

/// The features that are off if only these are on.
pub(super) fn all_but(on: &[String]) -> BTreeSet<Feature> {
    Feature::ALL.into_iter().filter(|feature| !on.iter().any(|code| code == feature.code())).collect()
}

fn options<'a>(all: impl IntoIterator<Item = (&'a str, String, bool)>) -> Vec<SelectOption> {
    let option = |(value, label, chosen): (&str, String, bool)| SelectOption {
        label,
        value: value.to_owned(),
        description: String::new(),
        chosen,
    };
    all.into_iter().map(option).collect()
}
