//! What is registered at Discord about a command.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::Language;
use serde_json::{Value, json};
use steward_discord::{
    CommandKind, CreateCommand, Definition, Permissions,
    definition::{Contexts, Metadata},
};

/// Remind you of something
#[derive(CreateCommand)]
#[command(name = "remind")]
#[expect(dead_code, reason = "only its definition is of interest")]
enum Remind {
    #[command(name = "add")]
    Add(Add),
}

/// Add a reminder
#[derive(CreateCommand)]
#[command(name = "add")]
#[expect(dead_code, reason = "only its definition is of interest")]
struct Add {
    /// When to remind you
    when: String,
    /// What to remind you of
    what: String,
}

fn translate(language: Language, path: &str) -> Option<&'static str> {
    Some(match (language, path) {
        (Language::German, "remind") => "Erinnert dich an etwas",
        (Language::German, "remind add") => "Legt eine Erinnerung an",
        (Language::German, "remind add when") => "Wann du erinnert wirst",
        (Language::German, "Bookmark") => "Merken",
        (Language::German, _) => return None,
        (Language::English, _) => "never asked for",
    })
}

const ANYWHERE: Metadata =
    Metadata { member_permissions: Permissions::empty(), contexts: Contexts::Everywhere, translate };

fn json(definition: &Definition) -> Value {
    serde_json::from_str(definition.to_json().unwrap().get()).unwrap()
}

#[test]
fn a_slash_command_is_described_in_every_language_down_to_its_options() {
    let remind = Definition::of::<Remind>(ANYWHERE);
    let found = json(&remind);
    let described =
        |command: &Value| (command["description"].clone(), command["description_localizations"].clone());
    let add = &found["options"][0];
    let expected = (json!("Remind you of something"), json!({ "de": "Erinnert dich an etwas" }));
    assert_eq!(described(&found), expected);
    assert_eq!(described(add), (json!("Add a reminder"), json!({ "de": "Legt eine Erinnerung an" })));
    let expected = (json!("When to remind you"), json!({ "de": "Wann du erinnert wirst" }));
    assert_eq!(described(&add["options"][0]), expected);
    assert_eq!(described(&add["options"][1]), (json!("What to remind you of"), Value::Null));
    assert_eq!(
        (remind.is_slash(), remind.name(), remind.name_in(Language::German)),
        (true, "remind", "remind")
    );
    assert_eq!(remind.description(Language::English), "Remind you of something");
    assert_eq!(remind.description(Language::German), "Erinnert dich an etwas");
}

#[test]
fn the_paths_are_what_has_to_be_translated() {
    let mut paths = Definition::of::<Remind>(ANYWHERE).paths();
    paths.sort();
    assert_eq!(paths, ["remind", "remind add", "remind add what", "remind add when"]);
}

#[test]
fn a_context_menu_command_has_a_name_in_every_language_and_no_description() {
    for (kind, number) in [(CommandKind::User, 2), (CommandKind::Message, 3)] {
        let bookmark = Definition::menu(kind, "Bookmark", ANYWHERE);
        let found = json(&bookmark);
        assert_eq!((&found["type"], &found["description"]), (&json!(number), &json!("")));
        assert_eq!(found["name_localizations"], json!({ "de": "Merken" }));
        assert_eq!((bookmark.is_slash(), bookmark.name()), (false, "Bookmark"));
        let names =
            [Language::English, Language::German].map(|language| bookmark.name_in(language).to_owned());
        assert_eq!(names, ["Bookmark", "Merken"]);
    }
    assert!(Definition::menu(CommandKind::Slash, "bookmark", ANYWHERE).is_slash());
}

#[test]
fn where_and_by_whom_it_can_be_used_is_registered() {
    let registered = |metadata| {
        let found = json(&Definition::of::<Remind>(metadata));
        ["contexts", "integration_types", "default_member_permissions"].map(|field| found[field].clone())
    };
    assert_eq!(registered(ANYWHERE), [json!([0, 1, 2]), json!([0, 1]), Value::Null]);
    let member_permissions = Permissions::MANAGE_GUILD;
    let guilds = Metadata { member_permissions, contexts: Contexts::Guilds, ..ANYWHERE };
    assert_eq!(registered(guilds), [json!([0]), json!([0]), json!("32")]);
}
