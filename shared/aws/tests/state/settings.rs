//! The stored settings of guilds, and their change log.

use std::collections::BTreeSet;

use domain::{
    Language, Settings,
    settings::{Changed, Edit, Feature, TimeZone},
    weather::Units,
};
use serde_json::{Value, json};

use crate::fixture::{Fate, Fixture, days, guild, interaction, now, user};

fn german() -> Edit {
    Changed::Language(Some(Language::German)).into()
}

fn imperial() -> Edit {
    Changed::Units(Some(Units::Imperial)).into()
}

#[tokio::test]
async fn a_guild_that_has_decided_nothing_has_version_zero() {
    let fixture = Fixture::open().await;
    assert_eq!(fixture.settings().load(guild()).await.unwrap(), steward_aws::VersionedSettings::default());
    assert_eq!(fixture.log().await, []);
}

#[tokio::test]
async fn every_setting_is_stored_and_can_be_undecided_again() {
    let fixture = Fixture::open().await;
    let all = Settings {
        language: Some(Language::German),
        units: Some(Units::Imperial),
        time_zone: Some(TimeZone::parse("Europe/Berlin").unwrap()),
        off: BTreeSet::from(Feature::ALL),
    };
    for (step, settings) in [all.clone(), Settings::default(), all].into_iter().enumerate() {
        let version = step as u64 + 1;
        let after = fixture.edit(version, &Edit::All(settings.clone())).await;
        assert_eq!(after, steward_aws::VersionedSettings { settings, version });
        assert_eq!(fixture.settings().load_for_change(guild()).await.unwrap(), after);
    }
}

#[tokio::test]
async fn the_log_tells_the_latest_changes_first_and_forgets_old_ones() {
    let fixture = Fixture::open().await;
    let settings = fixture.settings();
    // The later interaction has more digits: the order must be numeric.
    for (id, edit, at) in [(9, german(), now()), (10, imperial(), now() + days(1))] {
        settings.change(guild(), user(id), interaction(id), &edit, at).await.unwrap().unwrap();
    }
    let [german, imperial] =
        [Changed::Language(Some(Language::German)), Changed::Units(Some(Units::Imperial))];
    assert_eq!(fixture.log().await, [(10, vec![imperial.clone()]), (9, vec![german])]);
    let changes = fixture.aws().store::<domain::settings::Change>();
    let newest = changes.latest(guild(), 1, now()).await.unwrap();
    assert_eq!((newest.len(), newest[0].at), (1, now() + days(1)));
    let late = changes.latest(guild(), 25, now() + days(180)).await.unwrap();
    assert_eq!(late.into_iter().map(|change| change.what).collect::<Vec<_>>(), [[imperial]]);
}

#[tokio::test]
async fn two_who_edit_at_once_both_get_what_they_want() {
    let fixture = Fixture::open().await;
    let overtaken = fixture.settings_behind(vec![Fate::Overtaken(interaction(2), imperial())]).await;
    let after =
        overtaken.change(guild(), user(1), interaction(1), &german(), now()).await.unwrap().unwrap().after;
    assert_eq!(
        (after.settings.language, after.settings.units),
        (Some(Language::German), Some(Units::Imperial))
    );
    assert_eq!((after.version, fixture.log().await.len()), (2, 2));
    let (language, units) = (Changed::Language(None).into(), Changed::Units(None).into());
    let (one, other) = tokio::join!(fixture.edit(3, &language), fixture.edit(4, &units));
    assert_eq!(one.version.max(other.version), 4);
    assert_eq!(fixture.settings().load(guild()).await.unwrap().settings, Settings::default());
}

#[tokio::test]
async fn who_is_overtaken_three_times_is_told_so_and_has_changed_nothing() {
    let fixture = Fixture::open().await;
    let faster = [imperial(), Changed::Units(None).into(), imperial()].into_iter().zip(2..);
    let fates = faster.map(|(edit, id)| Fate::Overtaken(interaction(id), edit)).collect();
    let overtaken = fixture.settings_behind(fates).await;
    assert_eq!(overtaken.change(guild(), user(1), interaction(1), &german(), now()).await, Ok(None));
    assert_eq!(fixture.settings().load(guild()).await.unwrap().settings.language, None);
    assert_eq!(fixture.log().await.iter().map(|(by, _)| *by).collect::<Vec<_>>(), [4, 3, 2]);
}

#[tokio::test]
async fn a_repeated_interaction_changes_a_guild_once_even_after_others() {
    let fixture = Fixture::open().await;
    let first = fixture.edit(1, &german()).await;
    assert_eq!(fixture.edit(1, &german()).await, first);
    let toggled = Changed::Feature { feature: Feature::Weather, on: false }.into();
    assert_eq!(fixture.edit(1, &toggled).await, first, "one interaction makes one edit");
    let second = fixture.edit(2, &Changed::Language(None).into()).await;
    assert_eq!(fixture.edit(1, &german()).await, second, "it does not undo what came after it");
    assert_eq!((second.version, fixture.log().await.len()), (2, 2));
}

#[tokio::test]
async fn a_repetition_is_recognised_even_if_the_log_has_forgotten_who_it_was() {
    let fixture = Fixture::open().await;
    let first = fixture.edit(1, &german()).await;
    fixture.remove("CHANGE#00000000000000000001");
    assert_eq!(fixture.log().await, []);
    assert_eq!(fixture.edit(1, &imperial()).await, first);
}

#[tokio::test]
async fn an_edit_whose_answer_is_lost_is_recognised_when_it_is_repeated() {
    let fixture = Fixture::open().await;
    // The SDK makes two tries.
    let deaf = fixture.settings_behind(vec![Fate::Unheard, Fate::Unheard]).await;
    deaf.change(guild(), user(1), interaction(1), &german(), now()).await.unwrap_err();
    let after = deaf
        .change(guild(), user(1), interaction(1), &german(), now() + days(1))
        .await
        .unwrap()
        .unwrap()
        .after;
    assert_eq!((after.settings.language, after.version), (Some(Language::German), 1));
    assert_eq!(fixture.log().await.len(), 1);
}

#[tokio::test]
async fn an_edit_that_changes_nothing_leaves_no_trace() {
    let fixture = Fixture::open().await;
    assert_eq!(
        fixture.edit(1, &Changed::Units(None).into()).await,
        steward_aws::VersionedSettings::default()
    );
    assert_eq!(fixture.items(), [] as [Value; 0]);
}

#[tokio::test]
async fn the_settings_name_nobody_and_a_change_belongs_to_who_made_it() {
    let fixture = Fixture::open().await;
    fixture.edit(77, &german()).await;
    let [change, settings] = <[Value; 2]>::try_from(fixture.items()).unwrap();
    let expected = json!({
        "pk": {"S": format!("GUILD#{}", guild())}, "sk": {"S": "CHANGE#00000000000000000077"}, "v": {"N": "1"},
        "owner": {"S": "USER#77"}, "by": {"S": "77"}, "at": {"N": now().as_millisecond().to_string()},
        "what": {"S": r#"[{"language":"de"}]"#}, "expires_at": {"N": (now() + days(180)).as_second().to_string()},
    });
    assert_eq!(change, expected);
    let expected = json!({
        "pk": {"S": format!("GUILD#{}", guild())}, "sk": {"S": "SETTINGS"}, "v": {"N": "1"}, "version": {"N": "1"},
        "changed_by_interaction": {"S": "77"}, "language": {"S": "de"},
    });
    assert_eq!(settings, expected);
}

#[tokio::test]
async fn what_a_later_version_has_stored_survives_an_edit_by_this_one() {
    let fixture = Fixture::open().await;
    let stored = json!({
        "pk": {"S": format!("GUILD#{}", guild())}, "sk": {"S": "SETTINGS"}, "v": {"N": "1"}, "version": {"N": "7"},
        "language": {"S": "fr"}, "prefix": {"S": "!"}, "off": {"SS": ["dice", "weather"]},
    });
    fixture.plant(&stored);
    let after = fixture.edit(1, &Changed::Feature { feature: Feature::Conversion, on: false }.into()).await;
    let off = Feature::ALL.into_iter().collect();
    let known = Settings { language: Some(Language::English), off, ..Settings::default() };
    assert_eq!(after, steward_aws::VersionedSettings { settings: known, version: 8 });
    let settings = fixture.items().pop().unwrap();
    assert_eq!((&settings["language"], &settings["prefix"]), (&stored["language"], &stored["prefix"]));
    let off: BTreeSet<&str> =
        settings["off"]["SS"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(off, BTreeSet::from(["conversion", "dice", "weather"]));
}

#[tokio::test]
async fn a_language_of_a_later_version_is_replaced_only_by_an_edit_that_sets_the_language() {
    let english = Changed::Language(Some(Language::English));
    for (edit, stored) in [
        (imperial(), Some("fr")),
        (english.clone().into(), Some("en")),
        (german(), Some("de")),
        (Edit::All(Settings { language: Some(Language::English), ..Settings::default() }), Some("en")),
        (Edit::All(Settings::default()), None),
    ] {
        let fixture = Fixture::open().await;
        fixture.plant(&json!({
            "pk": {"S": format!("GUILD#{}", guild())}, "sk": {"S": "SETTINGS"}, "v": {"N": "1"},
            "version": {"N": "7"}, "language": {"S": "fr"},
        }));
        assert_eq!(
            fixture.settings().load(guild()).await.unwrap().settings.language,
            Some(Language::English)
        );
        let language = fixture.edit(1, &edit).await.settings.language;
        let settings = fixture.items().pop().unwrap();
        assert_eq!(settings["language"]["S"].as_str(), stored, "{edit:?}");
        let read = stored.map(|code| if code == "de" { Language::German } else { Language::English });
        assert_eq!(language, read, "{edit:?}");
    }
}

/// Two interactions: the second was made 1.5 s after the first.
const EARLY: u64 = 1_100_000_000_000_000_000;
const LATE: u64 = EARLY + (1_500 << 22);

#[tokio::test]
async fn a_choice_that_arrives_late_behind_a_newer_one_of_the_same_field_changes_nothing() {
    let fixture = Fixture::open().await;
    let newer = fixture.edit(LATE, &german()).await;
    let english = Changed::Language(Some(Language::English));
    let late = fixture.edited(EARLY, &english.clone().into()).await;
    assert_eq!((late.after, late.overruled), (newer, vec![english]));
    assert_eq!(fixture.log().await.len(), 1);
}

#[tokio::test]
async fn a_choice_that_arrives_late_behind_a_newer_one_of_another_field_holds() {
    let fixture = Fixture::open().await;
    fixture.edit(LATE, &german()).await;
    let late = fixture.edited(EARLY, &imperial()).await;
    assert_eq!((late.after.version, &late.overruled), (2, &vec![]));
    let both =
        Settings { language: Some(Language::German), units: Some(Units::Imperial), ..Settings::default() };
    assert_eq!(fixture.settings().load(guild()).await.unwrap().settings, both);
    // The older one has not hidden the newer one: another one between the two is still behind it.
    let between = fixture.edited(EARLY + 1, &Changed::Language(None).into()).await;
    assert_eq!((between.after.settings, between.overruled), (both, vec![Changed::Language(None)]));
    // And it is still recognised when it is repeated.
    assert_eq!(fixture.edited(EARLY, &Changed::Units(None).into()).await.after.version, 2);
}

#[tokio::test]
async fn an_import_changes_only_what_no_later_interaction_has_touched() {
    let fixture = Fixture::open().await;
    fixture.edit(LATE, &german()).await;
    let weather = |on| Changed::Feature { feature: Feature::Weather, on };
    fixture.edit(LATE + 1, &weather(false).into()).await;
    fixture.edit(LATE + 2, &weather(true).into()).await;
    let import = Settings {
        language: Some(Language::English),
        units: Some(Units::Imperial),
        off: BTreeSet::from(Feature::ALL),
        ..Settings::default()
    };
    let imported = fixture.edited(EARLY, &Edit::All(import)).await;
    let expected = Settings {
        language: Some(Language::German),
        units: Some(Units::Imperial),
        off: BTreeSet::from([Feature::Conversion]),
        ..Settings::default()
    };
    assert_eq!(imported.after.settings, expected);
    assert_eq!(imported.overruled, [Changed::Language(Some(Language::English)), weather(false)]);
    assert_eq!(fixture.settings().load(guild()).await.unwrap(), imported.after);
}

#[tokio::test]
async fn an_edit_that_is_overtaken_by_a_newer_one_of_the_same_field_gives_way() {
    let fixture = Fixture::open().await;
    let units = Changed::Units(Some(Units::Metric));
    let overtaken = fixture.settings_behind(vec![Fate::Overtaken(interaction(2), imperial())]).await;
    let edited = overtaken.change(guild(), user(1), interaction(1), &units.clone().into(), now()).await;
    let edited = edited.unwrap().unwrap();
    assert_eq!((edited.after.settings.units, edited.overruled), (Some(Units::Imperial), vec![units]));
}

#[tokio::test]
async fn settings_of_an_unknown_version_are_a_fault_and_are_not_overwritten() {
    let fixture = Fixture::open().await;
    let later = json!({
        "pk": {"S": format!("GUILD#{}", guild())}, "sk": {"S": "SETTINGS"}, "v": {"N": "2"}, "version": {"N": "1"},
    });
    fixture.plant(&later);
    let settings = fixture.settings();
    assert_eq!(settings.load(guild()).await.unwrap_err().code, "version 2");
    settings.change(guild(), user(1), interaction(1), &german(), now()).await.unwrap_err();
    assert_eq!(fixture.items(), [later]);
}
