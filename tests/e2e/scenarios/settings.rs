//! `/settings`: a message with selects, a modal, and export and import as a document.

mod document;

use commands::settings::{Settings, SettingsAction, SettingsModal};
use document::{BACK, COPIED, FILE, NO_TEXT, TEXT};
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
        // The first choice, which `contracts.rs` makes in every menu: a language is checked.
        LANGUAGE,
        UNITS,
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
        SettingsModal::Edit { shown: Decided::default() },
        SettingsModal::Edit { shown: everything() },
        SettingsModal::Import,
    ];
    let mut all: Vec<Shape> = forms.iter().map(Shape::form::<Settings>).collect();
    use SettingsAction::{Copy, Edit, Features, Import, Language, Show, Units};
    let features = |off: &[Feature]| Features { off: off.iter().copied().collect() };
    let (nothing, all_of_them) = (features(&[]), features(&Feature::ALL));
    for action in [Language, Units, nothing, all_of_them, Edit, Copy, Import, Show] {
        // A new variant also needs an entry in the list above, and a sample.
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

/// A value that is already set is not changed.
const CHANGE: Effect = Effect::Counts { each: "CHANGE#", sum: "SETTINGS", field: "version", always: false };

const SHOWN: Act = Act { name: "opens the settings", does: Step::Say("/settings"), ..Act::OF_OWNER };

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_settings() {
    insta::assert_snapshot!(crate::seen::seen(&SHOWN).await, @"
    message (only you can see this)
      ### Settings for this server
      **Language** Same as Discord
      **Units** Metric (°C, km) (default)
      **Time zone** UTC (default)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: ▸ Same as Discord | English | Deutsch
      **Units**
      Units: ▸ Default | Metric (°C, km) | Imperial (°F, miles)
      **Available features**
      Available features: ▸ Weather | ▸ Unit conversion
      [Copy] [Import…]
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_settings_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&SHOWN).await, @"
    message (only you can see this)
      ### Einstellungen für diesen Server
      **Sprache** Wie in Discord
      **Einheiten** Metrisch (°C, km) (Standard)
      **Zeitzone** UTC (Standard)
      **Abgeschaltet** Nichts [Bearbeiten…]
      ───
      **Sprache**
      Sprache: ▸ Wie in Discord | English | Deutsch
      **Einheiten**
      Einheiten: ▸ Standard | Metrisch (°C, km) | Imperial (°F, Meilen)
      **Verfügbare Funktionen**
      Verfügbare Funktionen: ▸ Wetter | ▸ Einheiten umrechnen
      [Kopieren] [Importieren…]
    ");
}

/// Defaults of acts that change settings.
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

#[tokio::test(flavor = "multi_thread")]
async fn chooses_a_language() {
    insta::assert_snapshot!(crate::seen::seen(&LANGUAGE).await, @"
    updated
      ### Settings for this server
      **Language** Deutsch
      **Units** Metric (°C, km) (default)
      **Time zone** UTC (default)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: Same as Discord | English | ▸ Deutsch
      **Units**
      Units: ▸ Default | Metric (°C, km) | Imperial (°F, miles)
      **Available features**
      Available features: ▸ Weather | ▸ Unit conversion
      [Copy] [Import…]
      ───
      **Latest changes**
      <t:#:R> <@#>: Language → Deutsch
    ");
}

const UNITS: Act = Act {
    name: "chooses units",
    uses: Ability::Choose,
    does: Step::Choose(&["Units", "Einheiten"], &["{units}"]),
    blanks: &[Blank::one_of("units", &["imperial", "metric"])],
    shows: &[(1, "units")],
    often: 6,
    ..CHANGED
};

#[tokio::test(flavor = "multi_thread")]
async fn chooses_units() {
    insta::assert_snapshot!(crate::seen::seen(&UNITS).await, @"
    updated
      ### Settings for this server
      **Language** Same as Discord
      **Units** Imperial (°F, miles)
      **Time zone** UTC (default)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: ▸ Same as Discord | English | Deutsch
      **Units**
      Units: Default | Metric (°C, km) | ▸ Imperial (°F, miles)
      **Available features**
      Available features: ▸ Weather | ▸ Unit conversion
      [Copy] [Import…]
      ───
      **Latest changes**
      <t:#:R> <@#>: Units → Imperial (°F, miles)
    ");
}

const FEATURES: &[&str] = &["Available features", "Verfügbare Funktionen"];

const ONE_FEATURE: Act = Act {
    name: "turns a feature off",
    uses: Ability::Choose,
    does: Step::Choose(FEATURES, &["weather"]),
    often: 3,
    ..CHANGED
};

#[tokio::test(flavor = "multi_thread")]
async fn turns_a_feature_off() {
    insta::assert_snapshot!(crate::seen::seen(&ONE_FEATURE).await, @"
    updated
      ### Settings for this server
      **Language** Same as Discord
      **Units** Metric (°C, km) (default)
      **Time zone** UTC (default)
      **Turned off** Unit conversion [Edit…]
      ───
      **Language**
      Language: ▸ Same as Discord | English | Deutsch
      **Units**
      Units: ▸ Default | Metric (°C, km) | Imperial (°F, miles)
      **Available features**
      Available features: ▸ Weather | Unit conversion
      [Copy] [Import…]
      ───
      **Latest changes**
      <t:#:R> <@#>: Unit conversion → off
    ");
}

const ALL_FEATURES: Act = Act {
    name: "turns all features on",
    after: Some(&ONE_FEATURE),
    does: Step::Choose(FEATURES, &["weather", "conversion"]),
    ..ONE_FEATURE
};

#[tokio::test(flavor = "multi_thread")]
async fn turns_all_features_on() {
    insta::assert_snapshot!(crate::seen::seen(&ALL_FEATURES).await, @"
    updated
      ### Settings for this server
      **Language** Same as Discord
      **Units** Metric (°C, km) (default)
      **Time zone** UTC (default)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: ▸ Same as Discord | English | Deutsch
      **Units**
      Units: ▸ Default | Metric (°C, km) | Imperial (°F, miles)
      **Available features**
      Available features: ▸ Weather | ▸ Unit conversion
      [Copy] [Import…]
      ───
      **Latest changes**
      <t:#:R> <@#>: Unit conversion → on
      <t:#:R> <@#>: Unit conversion → off
    ");
}

const ASKED: Act = Act {
    name: "opens the form of the settings",
    uses: Ability::Press,
    after: Some(&SHOWN),
    does: Step::Press(&["Edit…", "Bearbeiten…"]),
    often: 0,
    ..Act::OF_OWNER
};

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_form_of_the_settings() {
    insta::assert_snapshot!(crate::seen::seen(&ASKED).await, @"
    modal: Settings for this server
      Language
        For public replies. Private replies use each member's own language.
        ▸ Same as Discord | English | Deutsch
      Units
        (x) Default | ( ) Metric (°C, km) | ( ) Imperial (°F, miles)
      Time zone (optional)
        For example Europe/Berlin or America/New_York
        [_____]
      Available features (optional)
        [x] Weather | [x] Unit conversion
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_form_of_the_settings_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&ASKED).await, @"
    modal: Einstellungen für diesen Server
      Sprache
        Für öffentliche Antworten. Private Antworten sind in der Sprache des Mitglieds.
        ▸ Wie in Discord | English | Deutsch
      Einheiten
        (x) Standard | ( ) Metrisch (°C, km) | ( ) Imperial (°F, Meilen)
      Zeitzone (optional)
        Zum Beispiel Europe/Berlin oder America/New_York
        [_____]
      Verfügbare Funktionen (optional)
        [x] Wetter | [x] Einheiten umrechnen
    ");
}

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

#[tokio::test(flavor = "multi_thread")]
async fn fills_in_the_settings() {
    insta::assert_snapshot!(crate::seen::seen(&EDITED).await, @"
    updated
      ### Settings for this server
      **Language** English
      **Units** Imperial (°F, miles)
      **Time zone** Europe/Berlin (14:00)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: Same as Discord | ▸ English | Deutsch
      **Units**
      Units: Default | Metric (°C, km) | ▸ Imperial (°F, miles)
      **Available features**
      Available features: ▸ Weather | ▸ Unit conversion
      [Copy] [Import…]
      ───
      **Latest changes**
      <t:#:R> <@#>: Language → English, Units → Imperial (°F, miles), Time zone → Europe/Berlin
    ");
}

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

#[tokio::test(flavor = "multi_thread")]
async fn fills_in_a_time_zone_that_there_is_not() {
    insta::assert_snapshot!(crate::seen::seen(&NO_ZONE).await, @"
    message (only you can see this)
      There is no time zone with that name. Try something like `Europe/Berlin`.
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn fills_in_a_time_zone_that_there_is_not_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&NO_ZONE).await, @"
    message (only you can see this)
      Diese Zeitzone gibt es nicht. Versuch es zum Beispiel mit `Europe/Berlin`.
    ");
}
