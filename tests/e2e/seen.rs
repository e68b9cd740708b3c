//! What a member sees of an act as lines of text, for the snapshots in the scenarios.

use local_discord::{Seen, View};
use serde_json::Value;
use tests::TestApp;

use crate::{play::Player, scenarios::Act};

/// 2040-06-15, noon in UTC: the simulated weather depends on the day and the hour. It must be in the future, because
/// the clock of a stack starts at the present and cannot be set back.
const NOW_SECONDS: u64 = 2_223_374_400;

/// What the member sees of an act, on a new stack, after the acts before it.
pub(crate) async fn seen(act: &Act) -> String {
    seen_of(act, false).await
}

/// The same for a German-speaking member in the German guild.
pub(crate) async fn seen_in_german(act: &Act) -> String {
    seen_of(act, true).await
}

async fn seen_of(act: &Act, is_german: bool) -> String {
    let app = TestApp::with_environments(1).await;
    app.pass(NOW_SECONDS - u64::try_from(app.stack.clock.now().as_second()).unwrap());
    let player = Player { is_german, ..Player::of(&app) };
    let before = player.prepares(act).await;
    let lines = match player.types(act).await {
        Some(choices) => below("choices", choices),
        None => view(&player.does(act, before.as_ref()).await.settled().await),
    };
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    anonymous(&lines.join("\n").replace(engine::VERSION, "#"))
}

/// Replaces ids, times and durations, which differ between runs.
pub(crate) fn anonymous(text: &str) -> String {
    let mut all = String::new();
    let mut rest = text;
    while let Some(part) = rest.split_inclusive(|character: char| !character.is_ascii_digit()).next() {
        let digits = part.chars().take_while(char::is_ascii_digit).count();
        let is_of_this_run = digits > 9 || (digits > 0 && rest[digits..].starts_with(" ms "));
        if is_of_this_run {
            all.extend(["#", &part[digits..]]);
        } else {
            all.push_str(part);
        }
        rest = &rest[part.len()..];
    }
    all
}

/// Every step with its text.
fn view(view: &View) -> Vec<String> {
    view.steps.iter().flat_map(|step| self::step(&step.seen)).collect()
}

fn step(seen: &Seen) -> Vec<String> {
    match seen {
        Seen::Thinking { private } => vec![for_whom("thinking…", *private)],
        Seen::Message { private, message } => below(&for_whom("message", *private), self::message(message)),
        Seen::Updated { message } => below("updated", self::message(message)),
        Seen::Edited { message } => below("edited", self::message(message)),
        Seen::FollowUp { private, message } => {
            below(&for_whom("follow-up", *private), self::message(message))
        }
        Seen::Deleted { .. } => vec!["deleted".to_owned()],
        Seen::Choices { choices } => {
            below("choices", choices.iter().map(|choice| text(&choice["name"])).collect())
        }
        Seen::Modal { modal } => {
            below(&format!("modal: {}", text(&modal["title"])), components(&modal["components"]))
        }
        Seen::DidNotRespond { reason } => below("The application did not respond", vec![reason.clone()]),
    }
}

/// As Discord marks an ephemeral message.
fn for_whom(what: &str, is_private: bool) -> String {
    if is_private { format!("{what} (only you can see this)") } else { what.to_owned() }
}

fn below(head: &str, lines: Vec<String>) -> Vec<String> {
    [head.to_owned()].into_iter().chain(lines.iter().map(|line| format!("  {line}"))).collect()
}

fn message(message: &Value) -> Vec<String> {
    let mut lines = all_lines(&message["content"]);
    for embed in array(&message["embeds"]) {
        lines.extend(
            [&embed["author"]["name"], &embed["title"], &embed["description"]].map(all_lines).concat(),
        );
        for field in array(&embed["fields"]) {
            lines.extend(below(&text(&field["name"]), all_lines(&field["value"])));
        }
        lines.extend(all_lines(&embed["footer"]["text"]));
    }
    lines.extend(components(&message["components"]));
    lines
}

fn components(all: &Value) -> Vec<String> {
    array(all).iter().flat_map(component).collect()
}

/// Source of the types: Discord, "Component Types".
fn component(it: &Value) -> Vec<String> {
    match it["type"].as_u64() {
        // An action row of buttons or one select.
        Some(1) => vec![components(&it["components"]).join(" ")],
        Some(2) => vec![format!("[{}]", label(it))],
        Some(3) if it["placeholder"].is_string() => {
            vec![format!("{}: {}", text(&it["placeholder"]), options(it, ["▸ ", ""]))]
        }
        Some(3) => vec![options(it, ["▸ ", ""])],
        Some(4) => vec![format!("[{}_____]", text(&it["value"]))],
        // A section, with its button at the end of the last line.
        Some(9) => {
            let mut lines = components(&it["components"]);
            let last = lines.pop().unwrap_or_default();
            lines.push(format!("{last} {}", component(&it["accessory"]).concat()));
            lines
        }
        Some(10) => all_lines(&it["content"]),
        Some(14) => vec!["───".to_owned()],
        Some(17) => components(&it["components"]),
        // A label of a modal, with its input.
        Some(18) => {
            let optional = if it["component"]["required"] == false { " (optional)" } else { "" };
            let mut input = all_lines(&it["description"]);
            input.extend(component(&it["component"]));
            below(&format!("{}{optional}", text(&it["label"])), input)
        }
        Some(19) => vec!["[file]".to_owned()],
        Some(21) => vec![options(it, ["(x) ", "( ) "])],
        Some(22) => vec![options(it, ["[x] ", "[ ] "])],
        Some(23) => vec![if it["default"] == true { "[x]" } else { "[ ]" }.to_owned()],
        _ => panic!("no snapshot shows this component yet: {it}"),
    }
}

fn label(button: &Value) -> String {
    let parts = [text(&button["emoji"]["name"]), text(&button["label"])];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// All options, each marked as chosen or not.
fn options(it: &Value, [chosen, not]: [&str; 2]) -> String {
    let marked = array(&it["options"]).iter().map(|option| {
        let mark = if option["default"] == true { chosen } else { not };
        format!("{mark}{}", text(&option["label"]))
    });
    marked.collect::<Vec<_>>().join(" | ")
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn all_lines(value: &Value) -> Vec<String> {
    text(value).lines().map(str::to_owned).collect()
}
