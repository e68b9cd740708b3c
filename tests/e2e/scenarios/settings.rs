//! `/settings`: a panel with menus, a form for several things, and a document that travels.

use commands::settings::{Settings, SettingsAction, SettingsForm};
use domain::{
    Language,
    settings::{Feature, Settings as Decided, TimeZone},
    weather::Units,
};
use engine::Ability;

use super::{Act, Blank, Effect, Scenario, Shape, Step};

pub(super) const SCENARIO: Scenario = Scenario {
    acts: &[
        SHOWN,
        UNITS,
        LANGUAGE,
        ONE_FEATURE,
        ALL_FEATURES,
        ASKED,
        EDITED,
        NO_ZONE,
        COPIED,
        BACK,
        FILE,
        TEXT,
        NO_TEXT,
    ],
    shapes,
};

fn shapes() -> Vec<Shape> {
    let forms = [
        SettingsForm::Edit { shown: Decided::default() },
        SettingsForm::Edit { shown: everything() },
        SettingsForm::Import,
    ];
    let mut all: Vec<Shape> = forms.iter().map(Shape::form::<Settings>).collect();
    use SettingsAction::{Copy, Edit, Features, Import, Language, Show, Units};
    let features = |off: &[Feature]| Features { off: off.iter().copied().collect() };
    let (nothing, all_of_them) = (features(&[]), features(&Feature::ALL));
    for action in [Language, Units, nothing, all_of_them, Edit, Copy, Import, Show] {
        // What is added here needs a place in the list above, and a sample.
        all.push(match action {
            Language | Units | Features { .. } => Shape::menu::<Settings>(&action),
            Edit | Copy | Import | Show => Shape::button::<Settings>(&action),
        });
    }
    all
}

fn everything() -> Decided {
    Decided {
        language: Some(Language::German),
        units: Some(Units::Imperial),
        time_zone: Some(TimeZone::parse("America/Argentina/ComodRivadavia").unwrap()),
        off: Feature::ALL.into_iter().collect(),
    }
}

/// What is so already is not changed again.
const CHANGE: Effect = Effect::Counts { each: "CHANGE#", sum: "SETTINGS", field: "version", always: false };

const SHOWN: Act = Act { name: "opens the settings", does: Step::Say("/settings"), ..Act::OF_OWNER };

/// What each menu and form changes.
const CHANGED: Act = Act { after: Some(&SHOWN), effect: Some(CHANGE), ..Act::OF_OWNER };

const LANGUAGE: Act = Act {
    name: "chooses a language",
    uses: Ability::Choose,
    does: Step::Choose(&["Language", "Sprache"], &["{language}"]),
    blanks: &[Blank::one_of("language", &["de", "en", "none"])],
    shows: &[(0, "language")],
    often: 9,
    ..CHANGED
};

const UNITS: Act = Act {
    name: "chooses units",
    uses: Ability::Choose,
    does: Step::Choose(&["Units", "Einheiten"], &["{units}"]),
    blanks: &[Blank::one_of("units", &["imperial", "metric"])],
    shows: &[(1, "units")],
    often: 6,
    ..CHANGED
};

const FEATURES: &[&str] = &["What can be used", "Was man benutzen kann"];

const ONE_FEATURE: Act = Act {
    name: "turns a feature off",
    uses: Ability::Choose,
    does: Step::Choose(FEATURES, &["weather"]),
    often: 3,
    ..CHANGED
};

const ALL_FEATURES: Act = Act {
    name: "turns all features on",
    after: Some(&ONE_FEATURE),
    does: Step::Choose(FEATURES, &["weather", "conversion"]),
    ..ONE_FEATURE
};

const ASKED: Act = Act {
    name: "opens the form of the settings",
    uses: Ability::Press,
    after: Some(&SHOWN),
    does: Step::Press(&["Edit…", "Bearbeiten…"]),
    often: 0,
    ..Act::OF_OWNER
};

const EDITED: Act = Act {
    name: "fills in the settings",
    uses: Ability::Submit,
    after: Some(&ASKED),
    does: Step::Submit(&[
        ("language", &["{language}"]),
        ("units", &["{units}"]),
        ("time_zone", &["{zone}"]),
        ("features", &["weather", "conversion"]),
    ]),
    blanks: &[
        Blank::one_of("language", &["en", "de"]),
        Blank::one_of("units", &["imperial", "metric"]),
        Blank::one_of("zone", &["Europe/Berlin", "America/Lima", "Asia/Tokyo"]),
    ],
    shows: &[(0, "language"), (1, "units")],
    often: 6,
    ..CHANGED
};

const NO_ZONE: Act = Act {
    name: "fills in a time zone that there is not",
    does: Step::Submit(&[
        ("language", &["none"]),
        ("units", &["none"]),
        ("time_zone", &["{zone}"]),
        ("features", &["weather", "conversion"]),
    ]),
    blanks: &[Blank::free("zone", &["Europe/Atlantis"])],
    is_refused: true,
    effect: None,
    shows: &[],
    often: 0,
    ..EDITED
};

const COPIED: Act = Act {
    name: "copies the settings",
    uses: Ability::Press,
    after: Some(&SHOWN),
    does: Step::Press(&["Copy", "Kopieren"]),
    often: 0,
    ..Act::OF_OWNER
};

const BACK: Act = Act {
    name: "goes back to the settings",
    after: Some(&COPIED),
    does: Step::Press(&["Back", "Zurück"]),
    ..COPIED
};

const TO_IMPORT: Act =
    Act { name: "opens the form for a document", does: Step::Press(&["Import…", "Einlesen…"]), ..ASKED };

const DOCUMENT: &str = r#"{"steward":1,"language":"{language}","units":"{units}"}"#;

/// A file has to be fetched, in the jobs function.
const FILE: Act = Act {
    name: "imports settings from a file",
    after: Some(&TO_IMPORT),
    does: Step::Submit(&[("file", &["s.json"])]),
    uploads: Some(("s.json", DOCUMENT)),
    blanks: &[Blank::one_of("language", &["en", "de"]), Blank::one_of("units", &["imperial", "metric"])],
    often: 3,
    ..EDITED
};

const TEXT: Act = Act {
    name: "imports settings from a text",
    does: Step::Submit(&[("text", &["{text}"])]),
    uploads: None,
    blanks: &[Blank::free("text", &[r#"{"steward":1,"units":"imperial"}"#])],
    shows: &[],
    often: 0,
    ..FILE
};

const NO_TEXT: Act = Act {
    name: "imports settings that there are not",
    does: Step::Submit(&[("text", &[r#"{"steward":1,"language":"{word}","{word}":"x"}"#])]),
    blanks: &[Blank::free("word", &["Klingon"])],
    is_refused: true,
    effect: None,
    ..TEXT
};
