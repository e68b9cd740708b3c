//! The command palette: the slash commands that the user is offered here, localized and grouped.

use local_discord::{Discord, Refused};
use serde_json::{Value, json};

use super::{
    CommandGroup,
    avatar::avatar,
    picker::{self, SelectEntry},
    window::Window,
};

const SUB_COMMAND: u64 = 1;
const GROUP: u64 = 2;

/// The palette's data as JSON. Each subcommand is an entry.
pub(super) fn palette(discord: &Discord, group: CommandGroup, window: &Window) -> Result<Value, Refused> {
    let (me, channel) = (window.me().id.to_string(), window.channel.id.to_string());
    let commands = discord.offered(&me, &channel, SLASH)?;
    let mut entries = Vec::new();
    for command in &commands {
        let leaf = CommandEntry { command, path: Vec::new(), shown: vec![shown(command, window)] };
        flatten(leaf, command, (group, window), &mut entries);
    }
    let bot = discord.bot();
    Ok(json!({
        "application": bot.name,
        "face": avatar(&bot.name, true).into_string(),
        "commands": entries,
        "people": list(picker::people(window)),
        "roles": list(picker::roles(window)),
        "channels": window.guild().map(|guild| guild.channels.iter().map(|it|
            json!({ "value": it.id, "label": format!("#{}", it.name), "kind": it.kind })).collect::<Vec<_>>()),
    }))
}

const SLASH: u64 = 1;

struct CommandEntry<'a> {
    command: &'a Value,
    path: Vec<&'a str>,
    shown: Vec<String>,
}

fn flatten<'a>(
    leaf: CommandEntry<'a>,
    part: &'a Value,
    (group, window): (CommandGroup, &Window),
    entries: &mut Vec<Value>,
) {
    let options = part["options"].as_array().map_or(&[][..], Vec::as_slice);
    let nested: Vec<&Value> =
        options.iter().filter(|it| matches!(it["type"].as_u64(), Some(SUB_COMMAND | GROUP))).collect();
    if nested.is_empty() {
        entries.push(entry(&leaf, part, options, (group, window)));
        return;
    }
    for inner in nested {
        let mut path = leaf.path.clone();
        path.push(inner["name"].as_str().unwrap_or(""));
        let mut names = leaf.shown.clone();
        names.push(shown(inner, window));
        flatten(CommandEntry { command: leaf.command, path, shown: names }, inner, (group, window), entries);
    }
}

fn entry(
    leaf: &CommandEntry<'_>,
    part: &Value,
    options: &[Value],
    (group, window): (CommandGroup, &Window),
) -> Value {
    let command = leaf.command["name"].as_str().unwrap_or("");
    json!({
        "command": leaf.command["id"],
        "path": leaf.path,
        "name": leaf.shown.join(" "),
        "description": localized(part, "description", window),
        "feature": group(command, &window.me().locale),
        "options": options.iter().map(|it| option(it, window)).collect::<Vec<_>>(),
    })
}

fn option(option: &Value, window: &Window) -> Value {
    let choices = option["choices"].as_array().map_or(&[][..], Vec::as_slice);
    json!({
        "name": option["name"],
        "shown": shown(option, window),
        "description": localized(option, "description", window),
        "type": option["type"],
        "required": option["required"] == true,
        "autocomplete": option["autocomplete"] == true,
        "choices": choices.iter().map(|it| json!({ "label": shown(it, window), "value": text(&it["value"]) }))
            .collect::<Vec<_>>(),
        "least": option["min_value"], "most": option["max_value"],
        "shortest": option["min_length"], "longest": option["max_length"],
        "channels": option["channel_types"],
        "files": option["file_types"],
    })
}

fn list(choices: Vec<SelectEntry>) -> Vec<Value> {
    let one = |choice: SelectEntry| {
        json!({ "value": choice.value, "label": choice.label, "more": choice.description,
            "picture": choice.picture.into_string() })
    };
    choices.into_iter().map(one).collect()
}

/// The text that is typed into an option for this value.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn shown(named: &Value, window: &Window) -> String {
    localized(named, "name", window)
}

/// The localized text, if the application has one for the user's locale.
pub(super) fn localized(named: &Value, key: &str, window: &Window) -> String {
    let own = named[format!("{key}_localizations")][&window.me().locale].as_str();
    own.or(named[key].as_str()).unwrap_or("").to_owned()
}
