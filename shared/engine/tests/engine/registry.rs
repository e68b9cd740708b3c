//! The registry, as the macro makes it of its lines.

use discord::{CommandKind, Permissions, definition::Contexts};
use domain::{Language, settings::Feature};
use steward_engine::{
    Ability, AllowedUser, Class, ComponentPolicy, Registry, UpdateMode, Visibility,
    registry::{is_free_of_settings, is_runnable},
};

use crate::commands::Commands;

#[test]
fn every_line_is_a_command_that_is_found_by_its_name() {
    let names: Vec<_> = Commands::commands().map(|entry| entry.name).collect();
    let expected = [
        "act", "ping", "slow", "again", "panel", "vote", "staff", "bulletin", "speak", "outside", "forecast",
        "Look at", "Quote",
    ];
    assert_eq!(names, expected);
    for name in expected {
        assert_eq!(Commands::find(name).unwrap().name, name);
        assert_eq!((Commands::find(name).unwrap().definition)().name(), name);
    }
    assert!(Commands::find("gone").is_none());
    for former in ["notice", "board"] {
        assert_eq!(Commands::find(former).unwrap().name, "bulletin");
    }
}

#[test]
fn an_entry_has_the_constants_of_its_command() {
    let staff = Commands::find("staff").unwrap();
    assert_eq!(
        (staff.kind, staff.class, staff.reply),
        (CommandKind::Slash, Class::Heavy, Visibility::Ephemeral)
    );
    assert_eq!(staff.member_permissions, Permissions::MANAGE_GUILD);
    assert_eq!((staff.bot_permissions, staff.contexts), (Permissions::MANAGE_MESSAGES, Contexts::Guilds));
    assert_eq!((staff.previous_names, staff.feature), (&[][..], None));
    assert_eq!((staff.submit, staff.abilities), (None, &[Ability::Run, Ability::Press][..]));
    assert_eq!(Commands::find("forecast").unwrap().feature, Some(Feature::Weather));
    assert_eq!(Commands::find("slow").unwrap().reply, Visibility::Public);
    assert_eq!(Commands::find("Look at").unwrap().kind, CommandKind::User);
    assert_eq!(Commands::find("Quote").unwrap().kind, CommandKind::Message);
}

#[test]
fn an_entry_says_who_may_use_its_components_and_what_that_does() {
    let panel = Commands::find("panel").unwrap();
    let update = ComponentPolicy { on_use: UpdateMode::Update, by: AllowedUser::Invoker };
    assert_eq!((panel.press, panel.submit), (Some(update), Some(update)));
    let vote = Commands::find("vote").unwrap();
    let reply = |seen, by| Some(ComponentPolicy { on_use: UpdateMode::Reply(seen), by });
    assert_eq!(vote.press, reply(Visibility::Ephemeral, AllowedUser::Anyone));
    assert_eq!(vote.submit, reply(Visibility::Public, AllowedUser::Invoker));
}

#[test]
fn definitions_name_kind_permissions_and_contexts() {
    let definition = |name: &str| serde_json::to_value((Commands::find(name).unwrap().definition)()).unwrap();
    let staff = definition("staff");
    assert_eq!((&staff["type"], &staff["default_member_permissions"]), (&1.into(), &"32".into()));
    assert_eq!(staff["contexts"], serde_json::json!([0]));
    assert_eq!((&definition("Look at")["type"], &definition("Quote")["type"]), (&2.into(), &3.into()));
    assert_eq!(definition("act")["contexts"], serde_json::json!([0, 1, 2]));
    let entry = Commands::find("Look at").unwrap();
    assert_eq!((entry.definition)().name_in(Language::German), "Look at");
}

#[test]
fn a_command_without_run_or_work_does_not_compile() {
    assert!(!is_runnable(&[]) && !is_runnable(&[Ability::Complete, Ability::Press, Ability::Choose]));
    assert!(is_runnable(&[Ability::Press, Ability::Run]) && is_runnable(&[Ability::Work]));
}

#[test]
fn a_free_command_that_needs_the_guilds_settings_does_not_compile() {
    let free = |reply, feature| is_free_of_settings(Class::Free, reply, feature);
    assert!(free(Visibility::Ephemeral, None));
    assert!(!free(Visibility::Public, None) && !free(Visibility::Ephemeral, Some(Feature::Weather)));
    assert!(!free(Visibility::Public, Some(Feature::Weather)));
    assert!(is_free_of_settings(Class::Normal, Visibility::Public, Some(Feature::Weather)));
}
