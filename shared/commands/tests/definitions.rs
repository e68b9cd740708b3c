//! Discord's limits for command definitions.
//!
//! Source: Discord's documentation, "Application Command Object" and "Application Command Limits".
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use engine::Ability;
use serde_json::{Value, json};
use steward_commands::COMMANDS;

const SLASH_TYPE: u64 = 1;
/// The length of the name of a slash command, option or subcommand, in characters.
const MAX_SLASH_NAME_LENGTH: usize = 32;
const MAX_MENU_NAME_LENGTH: usize = 32;
const MAX_DESCRIPTION_LENGTH: usize = 100;
const MAX_OPTIONS: usize = 25;
const MAX_CHOICES: usize = 25;
const MAX_CHOICE_LENGTH: usize = 100;
/// The total length of the names, descriptions and values of a command, each in its longest language.
const MAX_TOTAL_LENGTH: usize = 8_000;
/// The option types of subcommands and subcommand groups.
const SUBCOMMAND_TYPES: [u64; 2] = [1, 2];

/// What Discord would reject, each with its path.
fn complaints(command: &Value) -> Vec<String> {
    let name = command["name"].as_str().unwrap_or("?");
    let is_slash = command["type"].as_u64().unwrap_or(SLASH_TYPE) == SLASH_TYPE;
    let at = if is_slash { format!("/{name}") } else { name.to_owned() };
    let mut told = Told { complaints: Vec::new(), length: 0 };
    if is_slash {
        told.named(command, &at);
        told.options(&command["options"], &at);
    } else {
        for name in told.each(command, "name") {
            told.within(&at, "name", name.chars().count(), 1, MAX_MENU_NAME_LENGTH);
        }
        if command["description"].as_str().is_some_and(|text| !text.is_empty())
            || has_some(&command["options"])
        {
            told.say(&at, "a context menu has neither description nor options");
        }
    }
    let length = told.length;
    told.within(&at, "all its text", length, 1, MAX_TOTAL_LENGTH);
    told.complaints
}

struct Told {
    complaints: Vec<String>,
    length: usize,
}

impl Told {
    fn say(&mut self, at: &str, what: &str) {
        self.complaints.push(format!("{at}: {what}"));
    }

    fn within(&mut self, at: &str, what: &str, size: usize, least: usize, most: usize) {
        if !(least..=most).contains(&size) {
            self.say(at, &format!("{what} is {size} long, not {least} to {most}"));
        }
    }

    /// A text in all its languages, of which the longest counts.
    fn each(&mut self, of: &Value, field: &str) -> Vec<String> {
        let others =
            of[format!("{field}_localizations")].as_object().into_iter().flat_map(|all| all.values());
        let all = std::iter::once(&of[field]).chain(others).filter_map(Value::as_str);
        let all: Vec<String> = all.map(str::to_owned).collect();
        self.length += all.iter().map(|text| text.chars().count()).max().unwrap_or_default();
        all
    }

    /// A command, subcommand or option with name and description.
    fn named(&mut self, of: &Value, at: &str) {
        for name in self.each(of, "name") {
            self.within(at, "name", name.chars().count(), 1, MAX_SLASH_NAME_LENGTH);
            let fits = |letter: char| letter.is_alphanumeric() || "-_'".contains(letter);
            if !name.chars().all(fits) || name != name.to_lowercase() {
                self.say(at, "a name has lower-case letters, digits, - and _ only");
            }
        }
        for description in self.each(of, "description") {
            self.within(at, "description", description.chars().count(), 1, MAX_DESCRIPTION_LENGTH);
        }
    }

    fn options(&mut self, options: &Value, at: &str) {
        let options = options.as_array().map_or(&[][..], Vec::as_slice);
        self.within(at, "its list of options", options.len(), 0, MAX_OPTIONS);
        let is_required = |option: &Value| option["required"] == true;
        if !options.is_sorted_by_key(|option| !is_required(option)) {
            self.say(at, "a required option comes after one that is not");
        }
        for (index, option) in options.iter().enumerate() {
            let inner = format!("{at} {}", option["name"].as_str().unwrap_or("?"));
            if options[..index].iter().any(|other| other["name"] == option["name"]) {
                self.say(&inner, "two options have this name");
            }
            self.named(option, &inner);
            self.choices(option, &inner);
            if has_some(&option["options"]) || SUBCOMMAND_TYPES.iter().any(|kind| option["type"] == *kind) {
                self.options(&option["options"], &inner);
            }
        }
    }

    fn choices(&mut self, option: &Value, at: &str) {
        let choices = option["choices"].as_array().map_or(&[][..], Vec::as_slice);
        self.within(at, "its list of choices", choices.len(), 0, MAX_CHOICES);
        if !choices.is_empty() && option["autocomplete"] == true {
            self.say(at, "it has choices and autocomplete");
        }
        for choice in choices {
            let at = format!("{at}, choice {}", choice["name"].as_str().unwrap_or("?"));
            for name in self.each(choice, "name") {
                self.within(&at, "name", name.chars().count(), 1, MAX_CHOICE_LENGTH);
            }
            if let Some(value) = choice["value"].as_str() {
                self.length += value.chars().count();
                self.within(&at, "value", value.chars().count(), 1, MAX_CHOICE_LENGTH);
            }
        }
    }
}

fn has_some(list: &Value) -> bool {
    list.as_array().is_some_and(|list| !list.is_empty())
}

#[test]
fn discord_would_take_every_definition() {
    let told =
        |json: Box<serde_json::value::RawValue>| complaints(&serde_json::from_str(json.get()).unwrap());
    let all = COMMANDS.iter().map(|entry| (entry.definition)().to_json().unwrap());
    let complaints: Vec<String> = all.flat_map(told).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn what_is_over_a_limit_is_named_with_command_and_option() {
    let long = "x".repeat(101);
    let option = |name: &str| json!({ "type": 3, "name": name, "description": "It" });
    let many: Vec<Value> = (0..26).map(|number| option(&format!("o{number}"))).collect();
    let choices: Vec<Value> =
        (0..26).map(|number| json!({ "name": number.to_string(), "value": "v" })).collect();
    for (command, said) in [
        (json!({ "name": "Roll", "description": "Roll" }), "/Roll: a name has lower-case letters"),
        (json!({ "name": "roll", "description": "" }), "/roll: description is 0 long, not 1 to 100"),
        (
            json!({ "name": "roll", "description": "Roll", "description_localizations": { "de": long } }),
            "/roll: description is 101 long",
        ),
        (
            json!({ "name": "roll", "description": "R", "options": [
                { "type": 1, "name": "add", "description": "A", "options": [
                    { "type": 3, "name": "what", "description": long }]}]}),
            "/roll add what: description is 101 long",
        ),
        (json!({ "name": "roll", "description": "R", "options": many }), "/roll: its list of options is 26"),
        (
            json!({ "name": "roll", "description": "R", "options": [
                { "type": 3, "name": "what", "description": "W", "choices": choices }]}),
            "/roll what: its list of choices is 26",
        ),
        (
            json!({ "name": "roll", "description": "R", "options": [
                { "type": 3, "name": "what", "description": "W", "choices": [{ "name": "A", "value": long }]}]}),
            "/roll what, choice A: value is 101 long",
        ),
        (
            json!({ "name": "roll", "description": "R", "options": [option("what"),
                { "type": 3, "name": "must", "description": "M", "required": true }]}),
            "/roll: a required option comes after",
        ),
        (
            json!({ "name": "roll", "description": "R", "options": [option("what"), option("what")]}),
            "/roll what: two options have this name",
        ),
        (json!({ "name": "A menu", "type": 2, "description": "No" }), "A menu: a context menu has neither"),
        (json!({ "name": "x".repeat(33), "type": 3 }), ": name is 33 long, not 1 to 32"),
    ] {
        let complaints = complaints(&command);
        assert!(complaints.iter().any(|complaint| complaint.contains(said)), "{said}: {complaints:?}");
        assert_eq!(complaints.len(), 1, "{complaints:?}");
    }
}

#[test]
fn all_text_of_a_command_together_has_a_limit_of_its_own() {
    let choice =
        |number: usize| json!({ "name": format!("{number:0>100}"), "value": format!("{number:0>100}") });
    let choices: Vec<Value> = (0..25).map(choice).collect();
    let option = |number: usize| json!({ "type": 3, "name": format!("o{number}"), "description": "It", "choices": choices });
    let options = |count: usize| (0..count).map(option).collect::<Vec<_>>();
    let command = |count| json!({ "name": "roll", "description": "Roll", "options": options(count) });
    assert!(complaints(&command(1)).is_empty());
    assert_eq!(complaints(&command(2)), ["/roll: all its text is 10016 long, not 1 to 8000"]);
}

/// The options with autocomplete, each with its path.
fn completed(options: &Value, at: &str) -> Vec<String> {
    let options = options.as_array().into_iter().flatten();
    let each = options.flat_map(|option| {
        let name = format!("{at} {}", option["name"].as_str().unwrap_or("?"));
        let mut found = completed(&option["options"], &name);
        found.extend((option["autocomplete"] == true).then_some(name));
        found
    });
    each.collect()
}

/// Mismatches: options with autocomplete without the ability `Complete`, or the reverse.
fn uncompleted(definition: &Value, abilities: &[Ability]) -> Vec<String> {
    let name = format!("/{}", definition["name"].as_str().unwrap_or("?"));
    let options = completed(&definition["options"], &name);
    match (abilities.contains(&Ability::Complete), options.is_empty()) {
        (true, true) => {
            vec![format!("{name} names Complete, and none of its options has `autocomplete = true`")]
        }
        (true, false) => Vec::new(),
        (false, _) => {
            let line = "and the command's line in shared/bot/src/registry.rs does not name Complete";
            options.iter().map(|option| format!("{option} has `autocomplete = true`, {line}")).collect()
        }
    }
}

#[test]
fn an_option_has_autocomplete_if_and_only_if_its_command_completes() {
    let all = COMMANDS.iter().flat_map(|entry| {
        let definition = (entry.definition)().to_json().unwrap();
        uncompleted(&serde_json::from_str(definition.get()).unwrap(), entry.abilities)
    });
    let wrong: Vec<String> = all.collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_option_that_nothing_completes_is_named_however_deep_it_is() {
    let option = |completes: bool| json!({ "type": 3, "name": "what", "autocomplete": completes });
    let command = |completes| {
        json!({ "name": "roll", "options": [
        { "type": 2, "name": "dice", "options": [{ "type": 1, "name": "add", "options": [option(completes)] }] }] })
    };
    let both = [Ability::Run, Ability::Complete];
    let wrong = uncompleted(&command(true), &[Ability::Run]);
    assert!(
        matches!(&wrong[..], [one] if one.starts_with("/roll dice add what has `autocomplete")),
        "{wrong:?}"
    );
    let wrong = uncompleted(&command(false), &both);
    assert!(matches!(&wrong[..], [one] if one.starts_with("/roll names Complete")), "{wrong:?}");
    assert!(uncompleted(&command(true), &both).is_empty());
    assert!(uncompleted(&command(false), &[Ability::Run]).is_empty());
}
