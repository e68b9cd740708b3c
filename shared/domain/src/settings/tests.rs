use proptest::{collection::btree_set, option, prelude::*, sample::select};

use super::*;

fn off(features: &[Feature]) -> BTreeSet<Feature> {
    features.iter().copied().collect()
}

fn decided() -> Settings {
    Settings {
        language: Some(Language::German),
        units: Some(Units::Imperial),
        time_zone: Some(TimeZone::parse("Europe/Berlin").unwrap()),
        off: off(&[Feature::Conversion]),
    }
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let database = jiff::tz::TimeZoneDatabase::bundled();
    let names = database.available().map(|name| name.to_string());
    let zones: Vec<TimeZone> = names.filter_map(|name| TimeZone::parse(&name).ok()).collect();
    let features = btree_set(select(Feature::ALL.to_vec()), 0..=Feature::ALL.len());
    let units = select(vec![Units::Metric, Units::Imperial]);
    (option::of(select(Language::ALL.to_vec())), option::of(units), option::of(select(zones)), features)
        .prop_map(|(language, units, time_zone, off)| Settings { language, units, time_zone, off })
}

#[test]
fn nothing_is_off_until_somebody_turns_it_off() {
    let settings = Settings::default();
    assert!(Feature::ALL.into_iter().all(|feature| settings.is_on(feature)));
    let settings = settings.apply(&Changed::Feature { feature: Feature::Weather, on: false }.into());
    assert!(!settings.is_on(Feature::Weather) && settings.is_on(Feature::Conversion));
}

#[test]
fn an_edit_touches_what_it_names_and_nothing_else() {
    let after = decided().apply(&Changed::Units(None).into());
    assert_eq!(after, Settings { units: None, ..decided() });
    assert_eq!(decided().apply(&Edit::All(Settings::default())), Settings::default());
}

#[test]
fn changes_say_what_holds_afterwards() {
    let after = Settings { time_zone: None, off: off(&[Feature::Weather]), ..decided() };
    assert_eq!(
        decided().changes(&after),
        [
            Changed::TimeZone(None),
            Changed::Feature { feature: Feature::Weather, on: false },
            Changed::Feature { feature: Feature::Conversion, on: true },
        ]
    );
}

#[test]
fn a_change_is_of_one_setting_and_each_feature_is_one() {
    let feature = |feature, on| Changed::Feature { feature, on };
    let changes = [
        Changed::Language(None),
        Changed::Units(None),
        Changed::TimeZone(None),
        feature(Feature::Weather, true),
        feature(Feature::Conversion, true),
    ];
    for (at, one) in changes.iter().enumerate() {
        for (other_at, other) in changes.iter().enumerate() {
            assert_eq!(one.is_of_same(other), at == other_at, "{one:?} and {other:?}");
        }
    }
    assert!(feature(Feature::Weather, true).is_of_same(&feature(Feature::Weather, false)));
    assert!(Changed::Language(Some(Language::German)).is_of_same(&Changed::Language(None)));
}

#[test]
fn a_document_can_be_read_by_people() {
    let text = r#"{
  "steward": 1,
  "language": "de",
  "units": "imperial",
  "time_zone": "Europe/Berlin",
  "off": [
    "conversion"
  ]
}"#;
    assert_eq!(decided().to_document(), text);
}

#[test]
fn what_a_document_leaves_out_is_undecided() {
    for text in [r#"{"steward":1}"#, "\u{feff} {\"off\":null,\"units\":null,\"steward\":1}\n"] {
        assert_eq!(Settings::from_document(text), Ok(Settings::default()), "{text}");
    }
}

#[test]
fn a_document_is_refused_for_what_is_wrong_with_it() {
    use SettingsError::{NotJson, TooLarge, UnknownField, Version, Wrong};
    let large = format!(r#"{{"steward":1,"off":[]}}{}"#, " ".repeat(MAX_DOCUMENT_BYTES));
    let largest = format!("{:MAX_DOCUMENT_BYTES$}", r#"{"steward":1}"#);
    assert_eq!(Settings::from_document(&largest), Ok(Settings::default()));
    let deep = format!(r#"{{"steward":1,"off":{}}}"#, "[".repeat(2_000));
    for (text, wrong) in [
        ("", NotJson),
        ("[]", NotJson),
        (r#"{"steward":1"#, NotJson),
        (r#"{"steward":1}x"#, NotJson),
        (r#"{"steward":1,"units":"metric","units":"imperial"}"#, NotJson),
        (&deep, NotJson),
        (&large, TooLarge),
        ("{}", Version),
        (r#"{"steward":2,"later":"fields"}"#, Version),
        (r#"{"steward":"1"}"#, Version),
        (r#"{"steward":1,"prefix":"!"}"#, UnknownField),
        (r#"{"steward":1,"language":"fr"}"#, Wrong(Field::Language)),
        (r#"{"steward":1,"units":1}"#, Wrong(Field::Units)),
        (r#"{"steward":1,"time_zone":"Berlin"}"#, Wrong(Field::TimeZone)),
        (r#"{"steward":1,"off":"weather"}"#, Wrong(Field::Off)),
        (r#"{"steward":1,"off":["weather","dice"]}"#, Wrong(Field::Off)),
        (r#"{"steward":1,"off":[null]}"#, Wrong(Field::Off)),
    ] {
        assert_eq!(Settings::from_document(text), Err(wrong), "{text}");
    }
}

#[test]
fn a_feature_of_a_later_version_does_not_make_stored_settings_unreadable() {
    let stored = r#"{"language":"de","off":["dice","weather"],"later":1}"#;
    let settings: Settings = serde_json::from_str(stored).unwrap();
    assert_eq!((settings.language, settings.off), (Some(Language::German), off(&[Feature::Weather])));
}

#[test]
fn a_feature_is_read_from_its_code_and_nothing_else() {
    assert_eq!(serde_json::from_str::<Feature>(r#""weather""#).unwrap(), Feature::Weather);
    let number = serde_json::from_str::<Feature>("5").unwrap_err().to_string();
    assert!(number.contains("expected the code of a feature"), "{number}");
}

proptest! {
    #[test]
    fn settings_survive_export_and_import(settings in any_settings()) {
        let document = settings.to_document();
        prop_assert!(document.len() <= MAX_DOCUMENT_BYTES);
        prop_assert_eq!(Settings::from_document(&document), Ok(settings));
    }

    #[test]
    fn settings_survive_their_codes_and_json(settings in any_settings()) {
        let mut read = Settings::default();
        for field in Field::ALL {
            for code in settings.codes(field) {
                prop_assert_eq!(read.take(field, code), Ok(()));
            }
        }
        prop_assert_eq!(&read, &settings);
        let json = serde_json::to_string(&settings).unwrap();
        prop_assert_eq!(serde_json::from_str::<Settings>(&json).unwrap(), settings);
    }

    #[test]
    fn there_are_changes_if_and_only_if_something_differs(before in any_settings(), after in any_settings()) {
        prop_assert_eq!(before.changes(&after).is_empty(), before == after);
        prop_assert_eq!(before.apply(&Edit::Some(before.changes(&after))), after.clone());
        prop_assert_eq!(before.apply(&Edit::All(after.clone())), after);
    }

    #[test]
    fn changes_survive_json(before in any_settings(), after in any_settings()) {
        let changes = before.changes(&after);
        let json = serde_json::to_string(&changes).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Changed>>(&json).unwrap(), changes);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC*") {
        let _ = Settings::from_document(&text);
    }
}
