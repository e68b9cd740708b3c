//! Checks that every scenario uses all abilities of its command, and that each act has the result it declares.

use std::collections::BTreeSet;

use discord::{CustomId, custom_id::State};
use engine::{Ability, Entry, Registry as _};
use futures_util::{StreamExt, stream};
use local_discord::{Seen, View};
use serde_json::Value;
use tests::{TestApp, commands::TestCommands};

use crate::{
    play::Player,
    scenarios::{self, Act, Of, Step},
};

/// Concurrent test apps.
const CONCURRENT_APPS: usize = 8;
/// Source: Discord, "Component Types".
const BUTTON: u64 = 2;
const TEXT_INPUT: u64 = 4;
const SELECTS: [u64; 5] = [3, 5, 6, 7, 8];

/// Each command with its scenario.
fn all() -> impl Iterator<Item = (&'static Entry, &'static Of)> {
    TestCommands::commands().zip(scenarios::ALL).inspect(|(entry, of)| assert_eq!(entry.name, of.command))
}

#[test]
fn every_ability_of_every_command_is_used_in_its_scenario() {
    assert_eq!(TestCommands::commands().count(), scenarios::ALL.len());
    let mut wrong = Vec::new();
    for (entry, of) in all() {
        let used: BTreeSet<Ability> = of.scenario.acts.iter().map(|act| act.uses).collect();
        let named: BTreeSet<Ability> = entry.abilities.iter().copied().collect();
        let missing = named.difference(&used);
        wrong.extend(
            missing.map(|it| format!("`{}` can {it:?}: {} has no act that uses it", entry.name, of.file)),
        );
        let more = used.difference(&named);
        wrong.extend(more.map(|it| format!("`{}` cannot {it:?}, which {} uses", entry.name, of.file)));
        let names: BTreeSet<&str> = of.scenario.acts.iter().map(|act| act.name).collect();
        if names.len() < of.scenario.acts.len() {
            wrong.push(format!("{}: two acts have the same name", of.file));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_command_with_buttons_menus_or_forms_has_shapes_of_them() {
    let mut wrong = Vec::new();
    for (entry, of) in all() {
        let shapes = (of.scenario.shapes)();
        for (ability, used) in
            [(Ability::Press, "button"), (Ability::Choose, "menu"), (Ability::Submit, "form")]
        {
            let has_one = shapes.iter().any(|shape| shape.command == entry.name && shape.used == used);
            if entry.abilities.contains(&ability) && !has_one {
                let of_it = format!("`{}` can {ability:?}", entry.name);
                wrong.push(format!("{of_it}: {} has no `Shape::{used}` in its `shapes`", of.file));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The string options of a command that accept any text.
fn free_options(entry: &Entry) -> Vec<String> {
    const TEXT: u64 = 3;
    let definition = serde_json::to_value((entry.definition)()).unwrap();
    let options = definition["options"].as_array().cloned().unwrap_or_default();
    let is_free = |option: &&Value| option["type"] == TEXT && option["choices"].as_array().is_none();
    options.iter().filter(is_free).map(|option| option["name"].as_str().unwrap().to_owned()).collect()
}

/// The placeholders of an act that accept any text, as they are in its step.
fn free_blanks(act: &Act) -> impl Iterator<Item = String> {
    act.blanks.iter().filter(|blank| blank.is_free).map(|blank| format!("{{{}}}", blank.name))
}

fn writes_into_option(act: &Act, option: &str) -> bool {
    let Step::Say(line) = act.does else { return false };
    free_blanks(act).any(|blank| line.contains(&format!(" {option}:{blank}")))
}

fn writes_into_field(act: &Act, field: &str) -> bool {
    let Step::Submit(fields) = act.does else { return false };
    let is_written =
        |values: &[&str]| values.iter().any(|value| free_blanks(act).any(|blank| *value == blank));
    fields.iter().any(|(name, values)| *name == field && is_written(values))
}

#[test]
fn strangers_write_into_every_option_that_takes_their_words() {
    let mut wrong = Vec::new();
    for (entry, of) in all() {
        for option in free_options(entry) {
            if !of.scenario.acts.iter().any(|act| writes_into_option(act, &option)) {
                let act = format!("no act says `{option}:{{...}}` with a `Blank::free`");
                wrong.push(format!("`{}` has the option `{option}`: in {} {act}", entry.name, of.file));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(TestCommands::commands().any(|entry| !free_options(entry).is_empty()));
}

/// The differences between an act's result and what it declares.
async fn complaints((of, act): (&'static Of, &'static Act)) -> Vec<String> {
    let app = TestApp::with_environments(1).await;
    let player = Player::of(&app);
    let mut wrong = Vec::new();
    let at = format!("{}, {:?}", of.file, act.name);
    let before = player.prepares(act).await;
    if let Some(offered) = player.types(act).await {
        return offered.is_empty().then(|| format!("{at}: nothing is offered")).into_iter().collect();
    }
    app.pass_until("all is quiet", || app.queued("jobs") == 0).await;
    let stored = app.state().await;
    let seen = player.does(act, before.as_ref()).await.settled().await;
    app.pass_until("all is quiet", || app.queued("jobs") == 0).await;
    let is_changed = app.state().await != stored;
    if is_changed != act.effect.is_some() {
        let effect = if is_changed { "changes something" } else { "changes nothing" };
        wrong.push(format!("{at}: it {effect}, and the effect is {:?}", act.effect));
    }
    let is_deferred = seen.steps.iter().any(|step| matches!(step.seen, Seen::Thinking { .. }));
    match act.uses {
        Ability::Run if is_deferred => {
            wrong.push(format!("{at}: it uses `Run`, and is not answered at once"))
        }
        Ability::Work if !is_deferred => wrong.push(format!("{at}: it uses `Work`, and is answered at once")),
        _ => {}
    }
    if !is_seen_by_whom_it_says(act, &seen) {
        wrong.push(format!(
            "{at}: `is_public` is {}, `is_refused` is {}: {:?}",
            act.is_public, act.is_refused, seen.steps
        ));
    }
    wrong.extend(unknown_shapes(&seen).into_iter().map(|what| format!("{at}: {what}")));
    wrong.extend(unwritten_fields(&seen).into_iter().map(|what| format!("{at}: {what}")));
    wrong
}

fn is_seen_by_whom_it_says(act: &Act, seen: &View) -> bool {
    let privacy = seen.steps.iter().filter_map(|step| match step.seen {
        Seen::Thinking { private } | Seen::Message { private, .. } | Seen::FollowUp { private, .. } => {
            Some(private)
        }
        _ => None,
    });
    let privacy: Vec<bool> = privacy.collect();
    let is_refused = privacy.last() == Some(&true);
    match (act.is_public, act.is_refused) {
        (true, true) => is_refused,
        (true, false) => privacy.iter().all(|private| !private),
        (false, true) => privacy.iter().all(|private| *private) && is_refused,
        (false, false) => privacy.iter().all(|private| *private),
    }
}

/// Components and modals whose custom id no shape describes. A reply may have those of another command.
fn unknown_shapes(seen: &View) -> Vec<String> {
    let mut found = Vec::new();
    for step in &seen.steps {
        match &step.seen {
            Seen::Message { message, .. }
            | Seen::Updated { message }
            | Seen::Edited { message }
            | Seen::FollowUp { message, .. } => {
                components(&message["components"], &mut found);
            }
            Seen::Modal { modal } => found.push(("form", modal["custom_id"].as_str().unwrap().to_owned())),
            _ => {}
        }
    }
    let missing = found.into_iter().filter(|(used, id)| !is_known(used, id));
    missing
        .map(|(used, id)| format!("the {used} `{id}` means what no `Shape::{used}` of its command does"))
        .collect()
}

/// Collects buttons and selects at any depth.
fn components(all: &Value, found: &mut Vec<(&'static str, String)>) {
    for component in all.as_array().into_iter().flatten() {
        for it in [component, &component["accessory"]] {
            let used = match it["type"].as_u64() {
                Some(BUTTON) => "button",
                Some(kind) if SELECTS.contains(&kind) => "menu",
                _ => continue,
            };
            found.extend(it["custom_id"].as_str().map(|id| (used, id.to_owned())));
        }
        components(&component["components"], found);
    }
}

fn is_known(used: &str, id: &str) -> bool {
    let (id, shapes) = (CustomId::parse(id).unwrap(), scenarios::shapes());
    let mut of_it = shapes.iter().filter(|shape| shape.command == id.command && shape.used == used);
    match id.state {
        State::Stored(_) => of_it.any(|shape| shape.written.stored_state.is_some()),
        State::Inline(_) => {
            let bytes = id.bytes().unwrap();
            of_it.any(|shape| (shape.read)(&bytes).is_some_and(|it| variant(&it) == variant(&shape.meaning)))
        }
    }
}

/// The name of the variant: `Turn` for `Turn(Shown { ... })`.
fn variant(meaning: &str) -> &str {
    meaning.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default()
}

/// Text inputs of a modal that no act fills with free text.
fn unwritten_fields(seen: &View) -> Vec<String> {
    let Some(Seen::Modal { modal }) = seen.steps.last().map(|step| &step.seen) else { return Vec::new() };
    let command = CustomId::parse(modal["custom_id"].as_str().unwrap()).unwrap().command;
    let fields = modal["components"].as_array().unwrap().iter().map(|label| &label["component"]);
    let texts = fields.filter(|field| field["type"] == TEXT_INPUT);
    let names = texts.map(|field| field["custom_id"].as_str().unwrap());
    let is_left_out = |name: &&str| {
        !scenarios::acts().any(|(of, act)| of.command == command && writes_into_field(act, name))
    };
    let unwritten = names.filter(is_left_out);
    unwritten
        .map(|name| format!("no act of `{command}` submits the field `{name}` with a `Blank::free`"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_of_every_act_is_what_its_scenario_says() {
    let found: Vec<Vec<String>> =
        stream::iter(scenarios::acts()).map(complaints).buffered(CONCURRENT_APPS).collect().await;
    let wrong = found.concat();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
